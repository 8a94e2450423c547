"""DP-18: a resident on leave without a deputy, an installation or trial without anybody senior."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.archive import ContractRecorded
from aftercare_events.catalogue.case import CaseResolved
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.log import whole
from support.dispatch_company import Company

ZONE = ZoneInfo("Asia/Shanghai")
LEAVE = {"start": "2026-11-04T00:00:00+08:00", "end": "2026-11-06T00:00:00+08:00"}
AT_C_1 = {"residence": {"customer_id": "C-1"}}


async def said(company: Company, cover_id: str) -> list[Any]:
    return [one.type.split(".")[2] for one in await company.events("cover", cover_id)]


async def gaps(company: Company, cover_id: str) -> list[str]:
    """What was told last, in Asia/Shanghai."""
    found = decode((await company.events("cover", cover_id))[-1])
    return [_worded(gap.start, gap.end) for gap in found.gaps]


def _worded(start: datetime, end: datetime) -> str:
    return f"{start.astimezone(ZONE):%m-%d %H:%M} {end.astimezone(ZONE):%m-%d %H:%M}"


async def told(company: Company, cover_id: str, *types: str) -> None:
    """Wait until so much has been told of a cover: this, and nothing else."""
    async with asyncio.timeout(20):
        async for _ in company.log.read(subject=whole("cover", cover_id), follow=True):
            if len(found := await said(company, cover_id)) >= len(types):
                assert found == list(types)
                return


def contract(**changes: Any) -> ContractRecorded:
    agreed: dict[str, Any] = {
        "contract_id": "CT-1",
        "customer_id": "C-1",
        "policy": "it-integration",
        "starts_on": date(2026, 1, 1),
    }
    return ContractRecorded(**(agreed | changes))


async def test_leave_of_the_resident_is_told_until_a_deputy_stands_in(company: Company) -> None:
    await company.engineer("E-1")
    await company.engineer("E-2")
    await company.say(contract(resident_engineer_id="E-1"))
    await company.put("/v1/rosters/E-1/absences/A-1", kind="leave", **LEAVE)
    await company.said("gap_found", "cover", "resident-CT-1")
    assert await gaps(company, "resident-CT-1") == [
        "11-04 09:00 11-04 17:00",
        "11-05 09:00 11-05 17:00",
    ]
    await company.put("/v1/rosters/E-1/absences/A-1", kind="leave", deputy="E-2", **LEAVE)
    await company.said("restored", "cover", "resident-CT-1")
    assert await said(company, "resident-CT-1") == ["gap_found", "restored"]


async def test_installation_without_anybody_senior_is_told_until_it_is_over(
    company: Company,
) -> None:
    await company.engineer("E-1", level=1)
    await company.report("CASE-1", work="installation")
    await company.said("gap_found", "cover", "senior-CASE-1")
    assert (await gaps(company, "senior-CASE-1"))[0] == "11-02 16:00 11-02 17:00"
    await company.engineer("E-3", level=3, **AT_C_1)
    await company.said("restored", "cover", "senior-CASE-1")
    await company.clock.advance(timedelta(days=1))
    assert await said(company, "senior-CASE-1") == ["gap_found", "restored"]


async def test_installation_is_looked_at_ahead_once_somebody_has_it(company: Company) -> None:
    """Until then somebody is sent on the day itself, within a quarter of an hour."""
    await company.engineer("E-3", level=3)
    planned = datetime(2026, 11, 4, 10, tzinfo=ZONE)
    await company.report("CASE-1", work="installation", planned_for=planned)
    assert await said(company, "senior-CASE-1") == []
    await company.put(
        "/v1/rosters/E-3/absences/A-1",
        kind="leave",
        start="2026-11-05T13:00:00+08:00",
        end="2026-11-05T13:45:00+08:00",
    )
    await company.post("/v1/cases/CASE-1/assign", engineer_id="E-3", mode="onsite")
    await told(company, "senior-CASE-1", "gap_found")
    assert await gaps(company, "senior-CASE-1") == ["11-05 13:00 11-05 13:45"]


async def test_installation_for_which_nobody_is_found_is_told(company: Company) -> None:
    await company.report("CASE-1", work="commissioning")
    await company.get("/v1/cases/CASE-1")
    assert await said(company, "senior-CASE-1") == []
    await company.clock.advance(timedelta(minutes=15))
    await told(company, "senior-CASE-1", "gap_found")


async def test_trial_operation_is_covered_from_the_installation_to_its_end(
    company: Company,
) -> None:
    trial = {"trial_starts_on": date(2026, 11, 9), "trial_ends_on": date(2026, 11, 11)}
    await company.engineer("E-3", level=3)
    await company.report("CASE-1", work="installation", contract_id="CT-1")
    await company.until("CASE-1", lambda case: case["status"] == "assigned")
    await company.say(contract(**trial))
    await company.clock.advance(timedelta(days=2))
    assert await said(company, "senior-CASE-1") == []
    await company.say(CaseResolved(case_id="CASE-1"), service="dispatch")
    await told(company, "trial-CT-1", "gap_found")
    assert await gaps(company, "trial-CT-1") == [
        "11-04 16:00 11-04 17:00",
        "11-05 09:00 11-05 17:00",
        "11-06 09:00 11-06 17:00",
        "11-09 09:00 11-09 17:00",
        "11-10 09:00 11-10 17:00",
        "11-11 09:00 11-11 17:00",
    ]
    await company.clock.advance(timedelta(days=1))
    await company.engineer("E-4", level=2, **AT_C_1)
    await company.put("/v1/rosters/E-3/absences/A-1", kind="leave", deputy="E-4", **LEAVE)
    await company.engineer("E-3", level=3, **AT_C_1)
    await told(company, "trial-CT-1", "gap_found", "gap_found")
    assert await gaps(company, "trial-CT-1") == ["11-05 09:00 11-05 17:00"]
    await company.engineer("E-5", level=3)
    await company.put("/v1/rosters/E-3/absences/A-1", kind="leave", deputy="E-5", **LEAVE)
    await told(company, "trial-CT-1", "gap_found", "gap_found", "restored")


async def test_trial_operation_that_is_taken_back_asks_for_nobody(company: Company) -> None:
    begun = contract(trial_starts_on=date(2026, 11, 1))
    await company.say(begun)
    await told(company, "trial-CT-1", "gap_found")
    await company.say(contract())
    await told(company, "trial-CT-1", "gap_found", "restored")


async def test_gap_that_goes_on_is_told_once_as_the_days_pass(company: Company) -> None:
    await company.say(contract(trial_starts_on=date(2026, 11, 1)))
    await told(company, "trial-CT-1", "gap_found")
    for _ in range(3):
        await company.clock.advance(timedelta(days=1))
    await company.engineer("E-3", level=3, **AT_C_1)
    await told(company, "trial-CT-1", "gap_found", "restored")


async def test_hours_of_the_night_in_which_nobody_is_on_duty_are_told(company: Company) -> None:
    """Major faults are served 7×24; a resident and the reserve are nobody to send elsewhere."""
    office = [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "08:00", "end": "20:00"}]
    night = [{"days": [1, 2, 3, 4, 5, 6, 7], "start": "19:00", "end": "08:00"}]
    await company.engineer("E-1")
    await company.engineer("E-2", **AT_C_1)
    await company.engineer("E-3", reserve=True)
    await company.put("/v1/rosters/E-1", spans=office)
    await company.say(contract())
    await told(company, "duty-company", "gap_found")
    assert (await gaps(company, "duty-company"))[:2] == [
        "11-02 00:00 11-02 08:00",
        "11-02 20:00 11-03 08:00",
    ]
    await company.put("/v1/rosters/E-3", spans=night)
    await company.engineer("E-3")
    await told(company, "duty-company", "gap_found", "restored")


async def test_company_that_has_entered_no_engineers_is_told_of_no_duty(company: Company) -> None:
    await company.say(contract(trial_starts_on=date(2026, 11, 1)))
    await told(company, "trial-CT-1", "gap_found")
    assert await said(company, "duty-company") == []


async def test_hours_are_those_of_the_policy_or_around_the_clock_by_the_contract(
    company: Company,
) -> None:
    """S0 has residents in its office hours; a contract may agree 7×24."""
    week = [[[30600, 61200]], *[[] for _ in range(6)]]
    policy = {
        "calendars": {"office": {"time_zone": "Asia/Shanghai", "week": week}},
        "terms": {"presence": {"calendar": "office"}},
    }
    await company.say(
        PolicyPublished(name="it-integration", version=1, policy=policy), service="sla"
    )
    await company.say(contract(resident_engineer_id="E-1", ends_on=date(2026, 11, 9)))
    await told(company, "resident-CT-1", "gap_found")
    assert await gaps(company, "resident-CT-1") == [
        "11-02 08:30 11-02 17:00",
        "11-09 08:30 11-09 17:00",
    ]
    all_round = contract(
        resident_engineer_id="E-1",
        ends_on=date(2026, 11, 9),
        policy_options={"presence_hours": "24x7"},
    )
    await company.say(all_round)
    await told(company, "resident-CT-1", "gap_found", "gap_found")
    assert await gaps(company, "resident-CT-1") == ["11-02 00:00 11-10 00:00"]
