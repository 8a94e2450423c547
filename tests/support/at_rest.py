"""Tables of a running service, once everything that is due was worked off."""

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import ManualClock
from aftercare_events.log import Log
from aftercare_events.sql import InfraTables
from aftercare_events.testing import WORKING
from aftercare_events.todo.runner import LEASE
from support.running import eventually

PATIENCE = 5


class Running(Protocol):
    @property
    def log(self) -> Log: ...

    @property
    def clock(self) -> ManualClock: ...


async def rows(engine: AsyncEngine, tables: Iterable[Table]) -> dict[str, list[Any]]:
    """What is to follow from the log alone."""
    async with engine.connect() as connection:
        return {
            table.name: sorted(
                map(tuple, await connection.execute(select(*_told_by_the_log(table)))), key=repr
            )
            for table in tables
        }


def _told_by_the_log(table: Table) -> list[Any]:
    return [column for column in table.columns if column.name not in WORKING]


async def until_idle(service: Running, engine: AsyncEngine, infra: InfraTables) -> None:
    """The tables show the whole log, and whatever is due was worked off."""

    async def idle() -> bool:
        todo, checkpoint = infra.todo, infra.checkpoint
        soon = service.clock.now() + LEASE
        waiting = select(func.count()).where(todo.c.not_before <= soon).scalar_subquery()
        async with engine.connect() as connection:
            query = select(waiting, select(checkpoint.c.position).scalar_subquery())
            left, position = (await connection.execute(query)).one()
        return (left, position) == (0, await service.log.end())

    for _ in range(PATIENCE):
        try:
            return await eventually(idle)
        except TimeoutError:
            # What a busy machine was too slow for is due again later, by a clock that stands.
            await service.clock.advance(LEASE)
    raise AssertionError("it never rests")
