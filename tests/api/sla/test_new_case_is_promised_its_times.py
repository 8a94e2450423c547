"""The monitor says what a new case was promised, once, and of nothing but new cases."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseAssigned, CaseWithdrawn
from aftercare_events.catalogue.sla import CasePromised
from aftercare_events.memory import MemoryLog
from sla_monitor.automation import promise
from sla_monitor.promises import MOST_AT_ONCE, PROMISE_WITHIN
from support.monitors import CASE, MORNING, Company, fault
from support.monitors import company as open_company


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[Company]:
    async with open_company(MemoryLog(), database_url) as opened:
        yield opened


async def promises(company: Company) -> list[CasePromised]:
    return [
        catalogue.decode(recorded.event)
        async for batch in company.log.read()
        for recorded in batch
        if recorded.event.type == "aftercare.case.promised.v1"
    ]


async def test_new_case_is_promised_what_its_clocks_count_down_to(company: Company) -> None:
    await company.say(fault(), service="intake")
    await company.replica().work()

    [said] = await promises(company)
    assert (said.case_id, said.policy, said.policy_version) == (CASE, "it-integration", 1)
    assert [(time.clock, time.due_at - MORNING) for time in said.promised] == [
        ("contact", timedelta(minutes=10)),
        ("respond", timedelta(hours=2)),
        ("restore", timedelta(hours=2)),
        ("onsite", timedelta(hours=24)),
        ("resolve", timedelta(hours=48)),
    ]


async def test_case_is_promised_once_whoever_looks_again(company: Company) -> None:
    replica = company.replica()
    await company.say(fault(), service="intake")
    await replica.work()
    await promise(replica.monitor, CASE)
    await company.replica().work()

    assert len(await promises(company)) == 1


async def test_case_that_moves_meanwhile_is_promised_all_the_same(company: Company) -> None:
    replica = company.replica()
    await company.say(fault(), service="intake")
    await replica.monitor.projector.catch_up()
    await company.say(CaseAssigned(case_id=CASE, engineer_id="E-7"))
    await replica.runner.run_due()
    assert await promises(company) == []

    await company.clock.advance(timedelta(seconds=2))
    await replica.work()
    assert len(await promises(company)) == 1


async def test_case_that_is_entered_late_or_was_taken_back_is_told_nothing(
    company: Company,
) -> None:
    late = company.clock.now() - PROMISE_WITHIN - timedelta(seconds=1)
    await company.say(fault("LATE"), service="intake", at=late)
    await company.say(fault("GONE"), service="intake")
    await company.say(CaseWithdrawn(case_id="GONE"), service="intake")
    await company.replica().work()

    assert await promises(company) == []


async def test_load_of_old_cases_is_not_promised_one_by_one(company: Company) -> None:
    facts = [fault(f"CASE-{number}") for number in range(MOST_AT_ONCE + 1)]
    events = [
        catalogue.record(fact, service="intake", time=company.clock.now(), actor="import")
        for fact in facts
    ]
    await company.log.append(events)
    await company.replica().work()
    assert await promises(company) == []

    await company.say(fault(), service="intake")
    await company.replica().work()
    assert [said.case_id for said in await promises(company)] == [CASE]
