"""DP-02, DP-04, DP-05, DP-16: the to-do list of waiting cases, and what takes them off it."""

from datetime import timedelta
from typing import Any

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.archive import DeviceRecorded, SiteRecorded
from support.dispatch_company import BEIJING, SHANGHAI, Company

NEVER: dict[str, Any] = {"around_the_clock": False}
ALWAYS: dict[str, Any] = {"around_the_clock": True}


def is_with(engineer_id: str) -> Any:
    return lambda case: case["holder"] == engineer_id


async def test_nearest_with_the_skill_is_sent_at_once_and_explained(company: Company) -> None:
    await company.contract()
    await company.say(
        SiteRecorded(site_id="S-1", customer_id="C-1", name="机房", **BEIJING),
        DeviceRecorded(device_id="D-1", customer_id="C-1", category="network"),
    )
    await company.engineer("E-FAR", skills=["network"], home=SHANGHAI)
    await company.engineer("E-NEAR", skills=["network"], home=BEIJING)
    await company.engineer("E-OTHER", skills=["lighting"], home=BEIJING)
    await company.report("CASE-1", severity="1", site_id="S-1", device_id="D-1")
    case = await company.until("CASE-1", is_with("E-NEAR"))
    assert case["assignment"]["mode"] == "onsite"
    assert case["assignment"]["why"] == {
        "score_min": 0,
        "journey_min": 0,
        "open_cases": 0,
        "level": 1,
        "skill": "network",
        "suitable": 2,
        "left_out": {"skill": 1},
        "parts": {},
        "weights": 0,
    }
    assert await company.types("case", "CASE-1") == ["reported", "onsite_required", "assigned"]
    assert await company.types("engineer", "E-NEAR") == ["registered", "booked"]


async def test_ordinary_fault_goes_to_the_hotline_first(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    case = await company.until("CASE-1", is_with("E-1"))
    assert (case["assignment"]["mode"], case["assignment"]["slot"]) == ("hotline", None)


async def test_load_is_spread(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-1"))
    await company.engineer("E-2")
    await company.report("CASE-2")
    await company.until("CASE-2", is_with("E-2"))


async def test_case_waits_until_somebody_is_registered(company: Company) -> None:
    await company.report("CASE-1")
    assert (await company.case("CASE-1"))["status"] == "waiting"
    await company.engineer("E-1")
    await company.until("CASE-1", is_with("E-1"))


async def test_case_waits_until_somebody_comes_on_duty(company: Company) -> None:
    await company.engineer("E-1")
    await company.put("/v1/rosters/E-1", **NEVER)
    await company.report("CASE-1")
    assert (await company.case("CASE-1"))["status"] == "waiting"
    span = {"days": [1], "start": "16:30", "end": "24:00"}
    await company.put("/v1/rosters/E-1", spans=[span])
    assert (await company.case("CASE-1"))["status"] == "waiting"
    await company.clock.advance(timedelta(minutes=31))
    await company.until("CASE-1", is_with("E-1"))


async def test_case_waits_until_somebody_is_free(company: Company) -> None:
    await company.contract()
    await company.engineer("E-1")
    await company.report("CASE-1", severity="1")
    await company.until("CASE-1", is_with("E-1"))
    await company.report("CASE-2", severity="1")
    assert (await company.case("CASE-2"))["status"] == "waiting"
    await company.say(c.CaseWithdrawn(case_id="CASE-1"))
    await company.until("CASE-2", is_with("E-1"))
    released = (await company.events("engineer", "E-1"))[2]
    assert b"case_ended" in bytes(released.data)


async def test_declined_case_goes_to_the_next_one(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-1"))
    await company.engineer("E-2", level=3)
    await company.post("/v1/cases/CASE-1/decline")
    await company.until("CASE-1", is_with("E-2"))


async def test_rejected_engineer_is_not_sent_to_that_customer_again(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-1"))
    await company.post("/v1/cases/CASE-1/reject-engineer", reason="rude")
    await company.engineer("E-2", level=9)
    await company.until("CASE-1", is_with("E-2"))
    await company.report("CASE-2")
    await company.until("CASE-2", is_with("E-2"))
    await company.report("CASE-3", customer_id="C-9")
    await company.until("CASE-3", is_with("E-1"))


async def test_failed_remote_work_brings_a_visit(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-1"))
    await company.post("/v1/cases/CASE-1/remote-end", outcome="refused")
    case = await company.until("CASE-1", lambda case: case["assignment"]["mode"] == "onsite")
    assert case["assignment"]["slot"] is not None
    assert case["wanted"] is None


async def test_reopened_case_is_on_the_list_again(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1", kind="question")
    await company.until("CASE-1", is_with("E-1"))
    await company.post("/v1/cases/CASE-1/resolve")
    await company.say(c.CaseReopened(case_id="CASE-1"), service="feedback")
    case = await company.until("CASE-1", is_with("E-1"))
    assert (case["cycle"], case["status"]) == (2, "assigned")


async def test_held_case_is_assigned_too(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1", held_for="verification")
    await company.until("CASE-1", is_with("E-1"))


async def test_dispatcher_overrides_the_machine_and_then_a_person(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-1"))
    await company.engineer("E-2")
    await company.engineer("E-3")
    path = "/v1/cases/CASE-1/assign"
    await company.post(path, engineer_id="E-2", reason="knows the site")
    await company.refused(path, "already-assigned", engineer_id="E-3")
    await company.refused(path, "reason-required", 422, engineer_id="E-3", replaces="E-2")
    await company.post(path, engineer_id="E-3", replaces="E-2", reason="E-2 is ill")
    assert await company.types("engineer", "E-2") == ["registered", "booked", "released"]
    assert (await company.case("CASE-1"))["assignment"]["override_reason"] == "E-2 is ill"


async def test_engineer_is_not_booked_twice_at_a_time(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1")
    await company.report("CASE-2")
    await company.post("/v1/cases/CASE-1/assign", engineer_id="E-1")
    await company.refused("/v1/cases/CASE-2/assign", "engineer-busy", engineer_id="E-1")
    await company.post("/v1/cases/CASE-2/assign", engineer_id="E-1", mode="remote")
    later = {"start": "2026-11-02T10:00:00Z", "end": "2026-11-02T11:00:00Z"}
    await company.report("CASE-3")
    await company.post("/v1/cases/CASE-3/assign", engineer_id="E-1", slot=later)
    engineer = await company.get("/v1/engineers/E-1")
    assert sorted(engineer["bookings"]) == ["CASE-1", "CASE-3"]


async def test_complaint_about_staff_never_goes_to_the_one_it_is_about(company: Company) -> None:
    await company.engineer("E-RUDE", level=3)
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-RUDE"))
    await company.report("CASE-2", kind="supervision_complaint", arises_from="CASE-1")
    assert (await company.case("CASE-2"))["status"] == "waiting"
    await company.engineer("E-JUNIOR", level=2)
    assert (await company.case("CASE-2"))["status"] == "waiting"
    await company.engineer("E-OTHER", level=3)
    await company.until("CASE-2", is_with("E-OTHER"))


async def test_request_at_night_goes_to_the_engineer_on_duty(company: Company) -> None:
    """IN-13."""
    shift = {"days": [1, 2, 3, 4, 5, 6, 7]}
    await company.engineer("E-DAY", level=2)
    await company.put("/v1/rosters/E-DAY", spans=[shift | {"start": "08:00", "end": "20:00"}])
    await company.engineer("E-NIGHT")
    await company.put("/v1/rosters/E-NIGHT", spans=[shift | {"start": "20:00", "end": "08:00"}])
    await company.clock.move_to(company.clock.now().replace(hour=18, minute=30))
    await company.report("CASE-1")
    case = await company.until("CASE-1", is_with("E-NIGHT"))
    assert case["assignment"]["why"]["left_out"] == {"off_duty": 1}


async def test_what_cannot_wait_is_said_to_find_nobody_once_however_often_it_looks(
    company: Company,
) -> None:
    """IN-13."""
    await company.contract()
    await company.engineer("E-DAY")
    await company.put("/v1/rosters/E-DAY", **NEVER)
    await company.report("CASE-1", severity="1")
    await company.report("CASE-2", severity="3")
    await company.until("CASE-1", lambda case: case["unattended"])
    await company.engineer("E-LEFT", active=False)
    await company.engineer("E-1")
    await company.until("CASE-1", is_with("E-1"))
    said = await company.types("case", "CASE-1")
    assert said == ["reported", "onsite_required", "unattended", "assigned"]
    assert "unattended" not in await company.types("case", "CASE-2")


async def test_case_that_grows_worse_brings_somebody_at_once(company: Company) -> None:
    """DP-02: whoever helps on the phone is no answer to a severity that sends somebody."""
    await company.contract()
    await company.engineer("E-1")
    await company.report("CASE-1", severity="2")
    await company.until("CASE-1", is_with("E-1"))
    await company.say(c.SeverityChanged(case_id="CASE-1", severity="1"))
    case = await company.until("CASE-1", lambda case: case["onsite_required"])
    case = await company.until("CASE-1", lambda case: case["assignment"]["mode"] == "onsite")
    assert case["wanted"] is None


async def test_customer_who_complains_again_about_staff_gets_a_leader_on_site(
    company: Company,
) -> None:
    """DP-16."""
    await company.contract(staff_complaint_levels=[3, 5])
    for name, level in (("E-1", 1), ("E-3", 3), ("E-5", 5)):
        await company.engineer(name, level=level)
    await company.report("CASE-1", kind="supervision_complaint", severity=None)
    first = await company.until("CASE-1", is_with("E-3"))
    assert first["assignment"]["mode"] == "hotline"
    await company.clock.advance(timedelta(days=3))
    await company.report("CASE-2", kind="supervision_complaint", severity=None)
    second = await company.until("CASE-2", is_with("E-5"))
    assert second["assignment"]["mode"] == "onsite"
