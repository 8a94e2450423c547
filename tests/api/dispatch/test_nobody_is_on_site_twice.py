"""DP-06: one engineer is on site at one case at a time, however they came to it."""

from datetime import timedelta
from typing import Any

from aftercare_events.catalogue.case import CaseWithdrawn
from support.dispatch_cases import START, WRITTEN
from support.dispatch_company import Company

NEVER: dict[str, Any] = {"around_the_clock": False}
SENT = {"engineer_id": "E-1", "reason": "called in"}


async def open_cases(company: Company) -> None:
    """One engineer whom the machine leaves alone, and two cases."""
    await company.engineer("E-1")
    await company.put("/v1/rosters/E-1", **NEVER)
    await company.report("CASE-A")
    await company.report("CASE-B")


async def on_site_at_a(company: Company) -> None:
    await open_cases(company)
    await company.post("/v1/cases/CASE-A/assign", **SENT)
    await company.post("/v1/cases/CASE-A/arrive")


async def finish_a(company: Company) -> None:
    await company.post("/v1/cases/CASE-A/restore")
    await company.post("/v1/cases/CASE-A/record", **WRITTEN)


async def test_hotline_engineer_who_goes_is_booked_for_it(company: Company) -> None:
    await open_cases(company)
    await company.post("/v1/cases/CASE-A/assign", mode="hotline", **SENT)
    await company.post("/v1/cases/CASE-A/depart")
    held = (await company.case("CASE-A"))["assignment"]
    assert held["slot"] == {"start": "2026-11-02T08:00:00Z", "end": "2026-11-02T10:00:00Z"}
    await company.post("/v1/cases/CASE-A/arrive")
    await company.refused("/v1/cases/CASE-B/assign", "engineer-busy", **SENT)
    assert await company.types("engineer", "E-1") == ["registered", "rostered", "booked", "booked"]


async def test_work_that_takes_longer_than_booked_keeps_whoever_is_there(company: Company) -> None:
    await on_site_at_a(company)
    await company.clock.advance(timedelta(hours=3))
    await company.refused("/v1/cases/CASE-B/assign", "engineer-busy", **SENT)
    await company.post("/v1/cases/CASE-B/assign", mode="hotline", **SENT)
    for step in ("depart", "arrive"):
        await company.refused(f"/v1/cases/CASE-B/{step}", "engineer-busy")
    await finish_a(company)
    for step in ("depart", "arrive"):
        await company.post(f"/v1/cases/CASE-B/{step}")


async def test_whoever_made_it_work_goes_on_and_writes_the_record_in_the_evening(
    company: Company,
) -> None:
    """DP-08 wants the record before the resolution, not before the next site."""
    await on_site_at_a(company)
    await company.clock.advance(timedelta(hours=3))
    await company.post("/v1/cases/CASE-A/restore")
    await company.post("/v1/cases/CASE-B/assign", mode="hotline", **SENT)
    for step in ("depart", "arrive"):
        await company.post(f"/v1/cases/CASE-B/{step}")
    await company.post("/v1/cases/CASE-A/record", **WRITTEN)
    await company.post("/v1/cases/CASE-A/resolve")
    assert (await company.case("CASE-B"))["status"] == "on_site"


async def test_machine_sends_nobody_who_is_still_on_site(company: Company) -> None:
    await company.contract()
    await company.engineer("E-1")
    await company.report("CASE-A", severity="1")
    await company.until("CASE-A", lambda case: case["holder"] == "E-1")
    await company.post("/v1/cases/CASE-A/arrive")
    await company.clock.advance(timedelta(hours=5))
    await company.report("CASE-B", severity="1")
    await company.said("unattended", "case", "CASE-B")
    (said,) = [one for one in await company.events("case", "CASE-B") if "unattended" in one.type]
    assert b'"booked":1' in bytes(said.data)
    await finish_a(company)
    await company.until("CASE-B", lambda case: case["holder"] == "E-1")


async def test_case_taken_back_from_experts_is_visited_anew(company: Company) -> None:
    await on_site_at_a(company)
    await company.post("/v1/cases/CASE-A/escalate-expert", target="experts")
    await company.post("/v1/cases/CASE-B/assign", **SENT)
    await company.post("/v1/cases/CASE-B/arrive")
    await company.post("/v1/cases/CASE-A/take-back")
    assert (await company.case("CASE-A"))["status"] == "assigned"
    await company.refused("/v1/cases/CASE-A/arrive", "engineer-busy")
    assert (await company.case("CASE-B"))["status"] == "on_site"


async def test_visit_of_the_past_is_refused(company: Company) -> None:
    await open_cases(company)
    start = START - timedelta(days=400)
    slot = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    await company.refused("/v1/cases/CASE-A/assign", "slot-over", 422, slot=slot, **SENT)
    assert await company.types("case", "CASE-A") == ["reported"]


async def test_case_that_another_service_ended_frees_whoever_is_there(company: Company) -> None:
    await on_site_at_a(company)
    await company.say(CaseWithdrawn(case_id="CASE-A", reason="mistaken"))
    await company.said("released", "engineer", "E-1")
    await company.post("/v1/cases/CASE-B/assign", **SENT)
    await company.post("/v1/cases/CASE-B/arrive")
