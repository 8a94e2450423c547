"""The monitor says what a new case is promised, and says it again when it is owed other times."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from aftercare_events import catalogue
from aftercare_events.catalogue.case import (
    CaseAssigned,
    CasePaused,
    CaseReclassified,
    CaseWithdrawn,
    SeverityChanged,
)
from aftercare_events.catalogue.clerk import CustomerAssigned
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


def due(said: CasePromised) -> list[tuple[str, timedelta]]:
    return [(time.clock, time.due_at - MORNING) for time in said.promised]


async def test_new_case_is_promised_what_its_clocks_count_down_to(company: Company) -> None:
    await company.say(fault(), service="intake")
    await company.replica().work()

    [said] = await promises(company)
    assert (said.case_id, said.policy, said.policy_version) == (CASE, "it-integration", 1)
    assert due(said) == [
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


async def test_case_that_is_owed_other_times_is_promised_anew(company: Company) -> None:
    """IN-07, IN-11: whoever corrects the severity changes what the customer is promised."""
    replica = company.replica()
    await company.say(fault(), service="intake")
    await replica.work()
    await company.clock.advance(timedelta(minutes=5))
    await company.say(SeverityChanged(case_id=CASE, severity="1", previous="2"), service="intake")
    await replica.work()
    await company.replica().work()

    first, second = await promises(company)
    assert dict(due(second)) != dict(due(first))
    assert {clock for clock, _ in due(second)} >= {"respond", "restore", "onsite", "resolve"}


async def test_case_whose_contract_became_known_is_promised_what_that_says(
    company: Company,
) -> None:
    """IN-08, IN-16: a fax of nobody known is under terms of the house until a clerk read it."""
    replica = company.replica()
    fax = fault(policy="portal-operations", severity=None, customer_id="", device_id=None)
    await company.say(fax, service="intake")
    await replica.work()
    found = CustomerAssigned(
        case_id=CASE,
        customer_id="C-INTEGRATION",
        policy="it-integration",
        device_id="IT-SW-01",
        place="local",
    )
    await company.say(found, service="intake")
    await company.say(SeverityChanged(case_id=CASE, severity="2"), service="intake")
    await replica.work()
    await company.say(SeverityChanged(case_id=CASE, severity="1", previous="2"), service="intake")
    await replica.work()

    said = await promises(company)
    assert [one.policy for one in said] == ["portal-operations", *["it-integration"] * 2]
    assert [{clock for clock, _ in due(one)} for one in said[1:]] == [
        {"contact", "respond", "restore", "onsite", "resolve"}
    ] * 2


async def test_correction_that_changes_no_time_is_not_said(company: Company) -> None:
    replica = company.replica()
    await company.say(fault(), service="intake")
    await replica.work()
    await company.say(CaseReclassified(case_id=CASE, category="storage"), service="intake")
    await company.say(CasePaused(case_id=CASE, reason="customer"))
    await replica.work()

    assert len(await promises(company)) == 1
    assert await replica.runner.run_due() == 0


async def test_correction_of_an_old_case_is_promised_nothing(company: Company) -> None:
    late = company.clock.now() - PROMISE_WITHIN - timedelta(seconds=1)
    await company.say(fault(), service="intake", at=late)
    await company.say(SeverityChanged(case_id=CASE, severity="1", previous="2"), service="intake")
    await company.replica().work()

    assert await promises(company) == []


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
