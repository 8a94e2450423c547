"""A monitor that dies: where a crash hurts most, and anywhere else, by lot."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from aftercare_events.clock import Clock
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import EVERYTHING, Expect, Log
from aftercare_events.sql import create_engine
from aftercare_events.vault import Vault
from sla_monitor.main import assemble
from sla_monitor.tables import SCHEMA

# How likely a process dies at each of its dealings with the log.
RATE = 0.08
# So many turns of the event loop at most does a process live that dies nowhere in particular.
TURNS = 4_000


class MortalLog:
    """The log of one process. Before or after an append, or between two batches, it may be the
    end: `doomed` is set, and whoever was about to go on never does."""

    def __init__(self, log: Log, lot: Random) -> None:
        self._log = log
        self._lot = lot
        self.doomed = asyncio.Event()

    @property
    def connected(self) -> bool:
        return self._log.connected

    async def append(self, events: Sequence[Event], expect: Sequence[Expect] = ()) -> int:
        await self._live_on()
        position = await self._log.append(events, expect)
        await self._live_on()
        return position

    async def read(
        self,
        after: int = 0,
        *,
        subject: str = EVERYTHING,
        until: int | None = None,
        follow: bool = False,
    ) -> AsyncGenerator[Sequence[Recorded]]:
        async for batch in self._log.read(after, subject=subject, until=until, follow=follow):
            await self._live_on()
            yield batch

    async def last(self, subject: str) -> Recorded | None:
        return await self._log.last(subject)

    async def end(self) -> int:
        return await self._log.end()

    async def position_at(self, instant: datetime) -> int:
        return await self._log.position_at(instant)

    async def close(self) -> None:
        await self._log.close()

    async def _live_on(self) -> None:
        if self._lot.random() < RATE:
            self.doomed.set()
        if self.doomed.is_set():
            await asyncio.Event().wait()


async def dying_again_and_again(
    log: Log, database_url: str, clock: Clock, lot: Random, deaths: list[str]
) -> None:
    """Run a monitor for ever, a new one after each death; `deaths` tells how they came about."""
    while True:
        mortal = MortalLog(log, lot)
        engine = create_engine(database_url, schema=SCHEMA)
        monitor, runner = assemble(mortal, engine, Vault(engine, bytes(32)), clock)
        work = [asyncio.create_task(part) for part in (monitor.projector.run(), runner.run())]
        try:
            deaths.append(await _end_of(mortal, lot))
        finally:
            await _bury(work)
            await engine.dispose()


async def _end_of(mortal: MortalLog, lot: Random) -> str:
    if lot.random() < 0.5:
        await mortal.doomed.wait()
        return "at the log"
    for _ in range(lot.randrange(TURNS)):
        await asyncio.sleep(0)
    return "anywhere"


async def _bury(work: Sequence[asyncio.Task[Any]]) -> None:
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
