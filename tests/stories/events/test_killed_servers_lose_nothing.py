"""PostgreSQL and NATS are killed in the middle of it: all of it happens, and happens once."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import SystemClock
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.log import Conflict, Expect, LogUnavailable
from aftercare_events.outage import is_outage
from aftercare_events.projector import Projector
from aftercare_events.sql import create_engine
from aftercare_events.testing import diff_tables, fold_into
from aftercare_events.todo import Item, TodoRunner
from support.running import eventually, running
from support.sample_events import noted
from support.servers import Server
from support.toy_tables import DUE, Notes, create_toy_tables, infra, notes

CASES = 300


class SinceDue(SystemClock):
    """Runs on from the hour at which everything is due."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> datetime:
        return DUE + timedelta(seconds=time.monotonic() - self._start)


async def write(log: JetStreamLog, done: set[str]) -> None:
    """Open every case; what is not acknowledged is sent again."""
    for number in range(CASES):
        event = noted(f"C{number}", "todo", event_id=f"open-{number}")
        while True:
            try:
                await log.append([event], [Expect(f"ac.*.case.C{number}", 0)])
            except LogUnavailable:
                continue
            except Conflict:
                pass
            done.add(f"C{number}")
            break
        await asyncio.sleep(0.005)


@pytest.fixture
async def truth(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_engine(database_url, schema="truth")
    await create_toy_tables(made, "truth")
    yield made
    await made.dispose()


@pytest.mark.parametrize("victim", ["postgres", "nats", "both"])
async def test_everything_happens_once(
    victim: str,
    engine: AsyncEngine,
    truth: AsyncEngine,
    log: JetStreamLog,
    nats_server: Server,
    postgres_server: Server,
) -> None:
    async def visit(item: Item) -> None:
        await log.append(
            [noted(item.key, "done")], [Expect(f"ac.*.case.{item.key}", item.position)]
        )

    async def all_done() -> bool:
        count = select(func.count()).select_from(notes).where(notes.c.note == "done")
        try:
            async with engine.connect() as connection:
                return await connection.scalar(count) == CASES
        except Exception as error:
            if is_outage(error):
                return False
            raise

    clock, acknowledged = SinceDue(), set[str]()
    projector = Projector(Notes(), log, engine, infra, clock)
    runner = TodoRunner({"visit": visit}, engine, infra, clock, projector=projector)
    async with running(projector.run(), runner.run()):
        writing = asyncio.create_task(write(log, acknowledged))
        for _ in range(2):
            await asyncio.sleep(0.5)
            for name, server in (("postgres", postgres_server), ("nats", nats_server)):
                if victim in (name, "both"):
                    await asyncio.to_thread(server.kill)
                    await asyncio.sleep(0.2)
                    await asyncio.to_thread(server.restart)
        await writing
        await eventually(all_done, 60)
    assert len(acknowledged) == CASES
    assert await log.end() == 2 * CASES
    await fold_into(truth, Notes(), infra, log)
    assert await diff_tables(engine, truth, (notes, infra.todo, infra.poison)) == []
