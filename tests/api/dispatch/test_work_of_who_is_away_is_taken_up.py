"""DP-04: leave and departure of an engineer are followed by the cases they have not begun."""

from datetime import timedelta
from typing import Any

from support.dispatch_cases import at
from support.dispatch_company import Company

SENT = {"engineer_id": "E-1", "reason": "knows the site"}


async def visit_is_planned(company: Company) -> dict[str, Any]:
    await company.engineer("E-1")
    await company.put("/v1/rosters/E-1", around_the_clock=False)
    await company.report("CASE-1")
    slot = {"start": at(600).isoformat(), "end": at(720).isoformat()}
    await company.post("/v1/cases/CASE-1/assign", slot=slot, **SENT)
    await company.post("/v1/cases/CASE-1/accept")
    return slot


async def test_visit_of_somebody_on_leave_is_looked_for_anew(company: Company) -> None:
    slot = await visit_is_planned(company)
    await company.clock.advance(timedelta(minutes=1))
    leave = {"start": at(60).isoformat(), "end": at(1440).isoformat()}
    await company.put("/v1/rosters/E-1/absences/A-1", **leave)
    await company.said("declined", "case", "CASE-1")
    case = await company.case("CASE-1")
    assert (case["holder"], case["status"]) == (None, "waiting")
    assert (await company.get("/v1/engineers/E-1"))["bookings"] == {}
    await company.clock.advance(timedelta(minutes=1))
    await company.post("/v1/cases/CASE-1/assign", slot=slot, **SENT)
    assert (await company.case("CASE-1"))["holder"] == "E-1"


async def test_work_of_somebody_who_left_is_given_to_somebody_else(company: Company) -> None:
    await visit_is_planned(company)
    await company.engineer("E-2")
    await company.engineer("E-1", active=False)
    await company.until("CASE-1", lambda case: case["holder"] == "E-2")
