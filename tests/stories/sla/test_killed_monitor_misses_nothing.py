"""R4: steps fall due while the monitor dies and is started again, and the clock jumps.

What the pure core says of the same events is the truth: none missed, none twice, none about a
clock that was met before it could be raised.
"""

import asyncio
from datetime import datetime, timedelta
from random import Random

import msgspec
import pytest

from aftercare_events.catalogue.case import (
    CaseResponded,
    CustomerContacted,
    EngineerArrived,
    ServiceRestored,
)
from aftercare_events.log import Log
from support.alarm_truth import Step, Truth, on_ended_clocks, raised_in
from support.monitors import MORNING, Company, fault
from support.mortal import dying_again_and_again
from support.reading import everything
from support.running import running

pytestmark = pytest.mark.timeout(240)

CASES = 56
STEPS = 300
SEED = 4
DEATHS = 30
END = MORNING + timedelta(hours=5)
JUMPS_S = (5, 60, 300, 1800)
# Time has to pass for what a dead monitor had claimed to come up again.
LOOK = timedelta(seconds=2)
PATIENCE_SECONDS = 60
MILESTONES = (CustomerContacted, CaseResponded, EngineerArrived, ServiceRestored)

Fact = tuple[datetime, str, msgspec.Struct]


def planned(lot: Random) -> list[Fact]:
    """Reports all morning; every second case is attended to, sooner or later."""
    facts: list[Fact] = []
    for number in range(CASES):
        case_id = f"CASE-{number:04}"
        at = MORNING + timedelta(seconds=lot.randrange(2 * 3600))
        facts.append((at, "intake", fault(case_id)))
        for milestone in MILESTONES if number % 2 else ():
            at += timedelta(seconds=lot.randrange(1, 3600))
            facts.append((at, "dispatch", milestone(case_id=case_id)))
    return sorted(facts, key=lambda fact: fact[0])


async def all_is_raised(company: Company) -> None:
    """Wait, while time goes on slowly, until nothing more is due."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _missed(company):
            await company.clock.advance(LOOK)
            await asyncio.sleep(0.05)


async def _missed(company: Company) -> list[Step]:
    history = await everything(company.log)
    return Truth.of(history, company.clock.now()).missed(raised_in(history))


async def test_steps_fire_once_however_often_the_monitor_dies(
    company: Company, log: Log, database_url: str
) -> None:
    lot, deaths = Random(SEED), list[str]()
    left = planned(lot)
    dying = dying_again_and_again(log, database_url, company.clock, Random(-SEED), deaths)
    async with running(dying):
        while left or company.clock.now() < END:
            jump = timedelta(seconds=lot.choice(JUMPS_S) * lot.random())
            await company.clock.advance(jump)
            while left and left[0][0] <= company.clock.now():
                _, service, data = left.pop(0)
                await company.say(data, service=service)
            if lot.random() < 0.3:
                await all_is_raised(company)
        await all_is_raised(company)

    history = await everything(log)
    raised = raised_in(history)
    assert len(raised) >= STEPS
    assert len(set(raised)) == len(raised)
    assert set(raised) <= Truth.of(history, company.clock.now()).due
    assert on_ended_clocks(history) == []
    assert len(deaths) >= DEATHS
    assert set(deaths) == {"at the log", "anywhere"}
