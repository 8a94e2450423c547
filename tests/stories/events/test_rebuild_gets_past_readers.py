"""Readers of several tables may be in the way of a rebuild, and it of them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import ExceptionContext, Table, event, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.clock import ManualClock
from aftercare_events.memory import MemoryLog
from aftercare_events.projector import Projector, rebuild
from aftercare_events.projector.projector import DEADLOCK
from support.running import eventually
from support.sample_events import noted
from support.toy_tables import Notes, infra, notes

_WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST(:name AS regclass)"
)


@asynccontextmanager
async def reading(engine: AsyncEngine, table: Table) -> AsyncGenerator[AsyncConnection]:
    """A transaction that has read one table; PostgreSQL finds no fault with it when it waits."""
    async with engine.connect() as connection:
        await connection.execute(text("SET LOCAL deadlock_timeout = '1h'"))
        await read(connection, table)
        yield connection


async def read(connection: AsyncConnection, table: Table) -> int | None:
    return await connection.scalar(select(func.count()).select_from(table))


async def somebody_waits_for(engine: AsyncEngine, table: Table) -> None:
    async def waits() -> bool:
        async with engine.connect() as connection:
            return await connection.scalar(_WAITING, {"name": table.name}) == 1

    await eventually(waits)


async def test_rebuild_that_a_reader_deadlocks_with_is_tried_again(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    """The rebuild takes notes, then to-do items, then poison; the reader poison, then notes.

    Another reader of to-do items keeps the rebuild between the two until the ring is closed.
    """
    refused: list[str] = []

    @event.listens_for(engine.sync_engine, "handle_error")
    def _(failed: ExceptionContext) -> None:
        refused.append(getattr(failed.original_exception, "sqlstate", ""))

    await memory.append([noted("C1", "todo")])
    await Projector(Notes(), memory, engine, infra, clock).catch_up()
    async with reading(engine, infra.poison) as reader:
        async with reading(engine, infra.todo):
            rebuilding = asyncio.create_task(rebuild(Notes(), engine, infra))
            await somebody_waits_for(engine, infra.todo)
            second_look = asyncio.create_task(read(reader, notes))
            await somebody_waits_for(engine, notes)
        # What it reads was there before the rebuild, which gave way.
        assert await second_look == 1
    await rebuilding
    assert refused == [DEADLOCK]
    async with engine.connect() as connection:
        assert [await read(connection, one) for one in (notes, infra.todo)] == [0, 0]
