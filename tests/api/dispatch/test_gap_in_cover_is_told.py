"""DP-18: a resident on leave without a deputy, an installation without anybody senior."""

from datetime import date, timedelta
from typing import Any

from aftercare_events.catalogue.archive import ContractRecorded
from support.dispatch_company import Company

LEAVE = {"start": "2026-11-04T00:00:00+08:00", "end": "2026-11-06T00:00:00+08:00"}


async def said(company: Company, cover_id: str) -> list[Any]:
    return [one.type.split(".")[2] for one in await company.events("cover", cover_id)]


async def test_leave_of_the_resident_is_told_until_a_deputy_stands_in(company: Company) -> None:
    await company.engineer("E-1")
    await company.engineer("E-2")
    contract = ContractRecorded(
        contract_id="CT-1",
        customer_id="C-1",
        policy="it-integration",
        starts_on=date(2026, 1, 1),
        resident_engineer_id="E-1",
    )
    await company.say(contract)
    await company.put("/v1/rosters/E-1/absences/A-1", kind="leave", **LEAVE)
    await company.said("gap_found", "cover", "resident-CT-1")
    await company.put("/v1/rosters/E-1/absences/A-1", kind="leave", deputy="E-2", **LEAVE)
    await company.said("restored", "cover", "resident-CT-1")
    assert await said(company, "resident-CT-1") == ["gap_found", "restored"]


async def test_installation_without_anybody_senior_is_told_until_it_is_over(
    company: Company,
) -> None:
    await company.engineer("E-1", level=1)
    await company.report("CASE-1", work="installation")
    await company.said("gap_found", "cover", "senior-CASE-1")
    await company.engineer("E-3", level=3, residence={"customer_id": "C-1"})
    await company.said("restored", "cover", "senior-CASE-1")
    await company.clock.advance(timedelta(days=1))
    assert await said(company, "senior-CASE-1") == ["gap_found", "restored"]
