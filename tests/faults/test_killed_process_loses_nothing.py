"""R1: any process may be killed in the middle of a busy day and started again.

Nothing that was acknowledged is lost, nothing is done twice, and the tables of all four services
are what the log says.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from aftercare_cli.addresses import Addresses
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.log import Log
from support.busy_day import BusyDay
from support.effects import doubled
from support.read_models import differences
from support.reading import everything
from support.up import Up

pytestmark = pytest.mark.timeout(420)

CASES = 40
KILLS = 3
# The writes of a day; the first and the last of them are left alone.
EARLIEST, LATEST = 20, 400
BACK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A busy day on a system in which something dies again and again."""

    system: Up
    known: Addresses
    day: BusyDay
    log: Log

    async def by_killing(self, victim: str) -> None:
        """`kill -9`, each time that the day has come as far as was drawn by lot."""
        for moment in sorted(Random(victim).sample(range(EARLIEST, LATEST), KILLS)):
            await asyncio.to_thread(self._kill, victim, moment)
        told = await asyncio.to_thread(self.day.summary)
        await asyncio.to_thread(wait_until_ready, self.known)
        self._nothing_is_lost(told)
        assert doubled(await everything(self.log)) == []
        assert await differences(self.log, self.known.database_url) == []

    def _kill(self, victim: str, moment: int) -> None:
        assert self.day.reached(moment), "the day was over before it could be disturbed"
        killed = self.system.children()[victim]
        killed.kill()

        def replaced() -> bool:
            return self.system.children().get(victim, killed).pid != killed.pid

        self.system.wait_for(replaced, BACK_SECONDS)

    def _nothing_is_lost(self, told: Mapping[str, Any]) -> None:
        assert (told["lost"], told["defects"]) == ([], [])
        assert told["acknowledged"] == told["requests"] == CASES
        assert told["duplicates_recognised"] == told["duplicates_sent"] > 0
        assert told["writes_found"] == told["writes_acknowledged"] == len(self.day.entries())


@pytest.fixture
def day(system: Up, ledger: Path, request: pytest.FixtureRequest) -> Iterator[BusyDay]:
    """A day of its own for each test, the same in every run."""
    seed = sum(request.node.name.encode())
    busy = BusyDay(system.data, ledger, cases=CASES, seed=seed)
    yield busy
    busy.end()


@pytest.fixture
def disturbed(system: Up, known: Addresses, day: BusyDay, history: JetStreamLog) -> Disturbed:
    return Disturbed(system, known, day, history)


async def test_killed_intake(disturbed: Disturbed) -> None:
    await disturbed.by_killing("intake")


async def test_killed_dispatch(disturbed: Disturbed) -> None:
    await disturbed.by_killing("dispatch")


async def test_killed_sla_monitor(disturbed: Disturbed) -> None:
    await disturbed.by_killing("sla_monitor")


async def test_killed_feedback(disturbed: Disturbed) -> None:
    await disturbed.by_killing("feedback")


async def test_killed_nats(disturbed: Disturbed) -> None:
    await disturbed.by_killing("nats-server")


async def test_killed_postgresql(disturbed: Disturbed) -> None:
    await disturbed.by_killing("postgres")


def wait_until_ready(known: Addresses) -> None:
    deadline = time.monotonic() + BACK_SECONDS
    while not all(_is_ready(url) for url in known.services.values()):
        assert time.monotonic() < deadline, "not ready again"
        time.sleep(0.05)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False, timeout=5).is_success
    except httpx.HTTPError:
        return False
