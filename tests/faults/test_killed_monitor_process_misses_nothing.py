"""R4, SL-05: steps fall due while the monitor's process is killed (-9) at random and started again.

`AFTERCARE_TEST_STEPS` says how many steps; the log alone is the witness.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from aftercare_cli.embedded import free_port
from aftercare_cli.service_process import ServiceProcess
from aftercare_events import catalogue
from aftercare_events.catalogue.case import CustomerContacted
from aftercare_events.clock import SystemClock
from aftercare_events.jetstream import JetStreamLog
from sla_monitor.publishing import publish_shipped
from sla_monitor.shipped import shipped_policies
from support.alarm_truth import Truth, doubled, on_ended_clocks, raised_in
from support.monitors import MASTER_KEY, fault
from support.reading import everything
from support.running import running

pytestmark = pytest.mark.timeout(600)

STEPS = int(os.environ.get("AFTERCARE_TEST_STEPS", "2000"))
# `contact` has four steps; the last of them fires so long after the report.
CASES = STEPS // 4
CALLED = CASES // 3
LAST_STEP = timedelta(minutes=15)
SPREAD = timedelta(seconds=max(10, STEPS / 400))
LONGEST_LIFE_S = 1.0
DEATHS = 2
PATIENCE_SECONDS = 400.0


class Victim:
    """The monitor's process; `deaths` counts how often it was killed."""

    def __init__(self, process: ServiceProcess, log: JetStreamLog, lot: Random) -> None:
        self._process = process
        self._log = log
        self._lot = lot
        self.deaths = 0

    async def die_again_and_again(self) -> None:
        while True:
            said = await last_said(self._log)
            self._process.start(lambda: None)
            try:
                # A process that has not begun to raise anything has nothing to lose.
                while await last_said(self._log) == said:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(self._lot.uniform(0, LONGEST_LIFE_S))
            finally:
                self._kill()
            self.deaths += 1

    def _kill(self) -> None:
        process = self._process.process
        assert process is not None
        process.kill()
        process.wait()


async def last_said(log: JetStreamLog) -> int:
    """Where a monitor spoke last of any case; 0 before that."""
    last = await log.last("ac.sla.case.*")
    return last.position if last else 0


@asynccontextmanager
async def living(process: ServiceProcess) -> AsyncIterator[None]:
    process.start(lambda: None)
    try:
        yield
    finally:
        await asyncio.to_thread(process.stop)


async def things_happen(log: JetStreamLog, lot: Random) -> datetime:
    """Every step falls due by the instant returned; every third customer is called meanwhile."""
    begin = datetime.now(UTC)
    reports = [
        catalogue.record(
            fault(f"CASE-{number:05}"),
            service="intake",
            time=begin - LAST_STEP + SPREAD * lot.random(),
            actor="somebody",
        )
        for number in range(CASES)
    ]
    for report in reports:
        await log.append([report])
    while not await last_said(log):
        await asyncio.sleep(0.01)
    for number in lot.sample(range(CASES), CALLED):
        # Calls come while alerts are raised, and not before.
        await asyncio.sleep(SPREAD.total_seconds() / CALLED)
        said = CustomerContacted(case_id=f"CASE-{number:05}")
        now = datetime.now(UTC)
        await log.append([catalogue.record(said, service="dispatch", time=now, actor="somebody")])
    return begin + SPREAD


async def nothing_is_missed(log: JetStreamLog) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            history, now = await everything(log), datetime.now(UTC)
            if not Truth.of(history, now).missed(raised_in(history)):
                return
            await asyncio.sleep(0.5)


async def test_process_killed_at_random_misses_no_step_and_doubles_none(
    log: JetStreamLog, nats_url: str, database_url: str, tmp_path: Path
) -> None:
    await publish_shipped(log, SystemClock(), shipped_policies())
    environment = {
        "AFTERCARE_NATS_URL": nats_url,
        "AFTERCARE_DATABASE_URL": database_url,
        "AFTERCARE_MASTER_KEY": MASTER_KEY,
        "AFTERCARE_PORT": str(free_port()),
    }
    process = ServiceProcess("monitor", "sla_monitor", environment, tmp_path / "monitor.log")
    victim = Victim(process, log, Random(4))
    async with running(victim.die_again_and_again()):
        all_due_at = await things_happen(log, Random(5))
        while datetime.now(UTC) < all_due_at:
            await asyncio.sleep(0.1)
    async with living(process):
        await nothing_is_missed(log)

    history = await everything(log)
    raised = raised_in(history)
    assert doubled(raised) == []
    assert on_ended_clocks(history) == []
    assert set(raised) <= Truth.of(history, datetime.now(UTC)).due
    assert victim.deaths >= DEATHS
    # some customers were called after an alert, some before
    assert 4 * (CASES - CALLED) < len(raised) < STEPS
