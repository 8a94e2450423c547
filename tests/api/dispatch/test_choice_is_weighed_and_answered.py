"""DP-04, DP-05: what a choice weighs, how it is set aside, and what follows a silence."""

from datetime import timedelta
from typing import Any

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.archive import DeviceRecorded, SiteRecorded
from aftercare_events.catalogue.feedback import CallbackCompleted, Scores
from aftercare_events.catalogue.sla import CasePromised, PromisedTime
from support.dispatch_cases import WRITTEN
from support.dispatch_company import BEIJING, SHANGHAI, WRITER, Company

NIGHT: dict[str, Any] = {"spans": [{"days": [1], "start": "16:30", "end": "24:00"}]}


def is_with(engineer_id: str) -> Any:
    return lambda case: case["holder"] == engineer_id


async def test_weights_are_set_by_name_and_every_choice_says_by_which(company: Company) -> None:
    shipped = await company.get("/v1/weights")
    assert (shipped["version"], shipped["by"]) == (0, None)
    change = {"weights": {"open_case_min": 45, "levels": {"it-integration/2": 2}}}
    answer = await company.http.put("/v1/weights", json=change, headers=WRITER)
    assert answer.json()["changed"] is True
    assert (await company.put("/v1/weights", **change))["changed"] is False
    now = await company.get("/v1/weights")
    assert (now["version"], now["by"], now["weights"]["open_case_min"]) == (1, "writer", 45)
    await company.engineer("E-JUNIOR", level=1)
    await company.report("CASE-1", severity="2")
    assert (await company.case("CASE-1"))["status"] == "waiting"
    await company.engineer("E-SENIOR", level=2)
    why = (await company.until("CASE-1", is_with("E-SENIOR")))["assignment"]["why"]
    assert (why["weights"], why["left_out"]) == (1, {"level": 1})


async def test_senseless_weights_are_refused_by_name(company: Company) -> None:
    for name, value in (
        ("open_case_min", 0),
        ("speed_kmh", -1),
        ("speed", 5),
        ("levels", {"it-integration/1": 10}),
        ("levels", {"it/x/y": 2}),
    ):
        problem = await company.put("/v1/weights", 422, weights={name: value})
        assert name in str(problem), problem


async def test_next_way_begins_at_the_site_where_somebody_arrived(company: Company) -> None:
    here: dict[str, Any] = {"customer_id": "C-1", "name": "机房", "city": "北京"}
    await company.say(
        SiteRecorded(site_id="S-1", latitude=39.9, longitude=116.4, **here),
        SiteRecorded(site_id="S-2", latitude=39.91, longitude=116.4, **here),
    )
    await company.engineer("E-1", home=SHANGHAI)
    await company.report("CASE-1", site_id="S-1", work="routine")
    await company.until("CASE-1", is_with("E-1"))
    for step in ("accept", "depart", "arrive", "restore"):
        await company.post(f"/v1/cases/CASE-1/{step}")
    await company.post("/v1/cases/CASE-1/record", **WRITTEN)
    await company.report("CASE-2", site_id="S-2", work="routine")
    case = await company.until("CASE-2", is_with("E-1"))
    assert case["assignment"]["why"]["journey_min"] == 1


async def test_contract_may_ask_for_a_level(company: Company) -> None:
    await company.engineer("E-1", level=1)
    await company.engineer("E-2", level=2)
    await company.report("CASE-1", policy_options={"engineer_level": "2"})
    await company.until("CASE-1", is_with("E-2"))


async def test_silent_engineer_is_followed_by_the_next(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1", work="routine")
    case = await company.until("CASE-1", is_with("E-1"))
    assert case["assignment"]["answer_by"] == "2026-11-02T08:15:00Z"
    await company.engineer("E-2", level=3)
    await company.clock.advance(timedelta(minutes=15))
    case = await company.until("CASE-1", is_with("E-2"))
    assert case["assignment"]["mode"] == "onsite"
    assert case["assignment"]["why"]["left_out"] == {"declined": 1}
    assert await company.types("engineer", "E-1") == ["registered", "booked", "released"]
    types = await company.types("case", "CASE-1")
    declined = (await company.events("case", "CASE-1"))[types.index("declined")]
    assert b'"unanswered":true' in bytes(declined.data)


async def test_contract_says_how_long_an_answer_may_take(company: Company) -> None:
    await company.engineer("E-1")
    await company.report("CASE-1", policy_options={"answer_min": "5"})
    case = await company.until("CASE-1", is_with("E-1"))
    assert case["assignment"]["answer_by"] == "2026-11-02T08:05:00Z"
    await company.post("/v1/cases/CASE-1/accept")
    await company.clock.advance(timedelta(minutes=6))
    assert (await company.case("CASE-1"))["holder"] == "E-1"


async def test_who_repaired_the_device_is_preferred(company: Company) -> None:
    await company.say(DeviceRecorded(device_id="D-1", customer_id="C-1", model="S7706"))
    await company.say(DeviceRecorded(device_id="D-2", customer_id="C-1", model="S7706"))
    await company.engineer("E-9", level=2)
    await company.report("CASE-1", kind="question", device_id="D-1")
    await company.until("CASE-1", is_with("E-9"))
    await company.post("/v1/cases/CASE-1/resolve")
    await company.engineer("E-1", level=2)
    for case_id, device_id, minutes in (("CASE-2", "D-2", -10), ("CASE-3", "D-1", -20)):
        await company.report(case_id, device_id=device_id)
        why = (await company.until(case_id, is_with("E-9")))["assignment"]["why"]
        assert why["parts"]["device"] == minutes
        await company.say(c.CaseWithdrawn(case_id=case_id))


async def test_customers_scores_are_heeded(company: Company) -> None:
    await company.engineer("E-1")
    await company.engineer("E-2")
    said = CallbackCompleted(
        callback_id="CB-1",
        case_id="CASE-0",
        officer_id="O-1",
        outcome="unsatisfied",
        scores=Scores(technical_skill=2, attitude=3),
        engineer_id="E-1",
    )
    await company.say(said, service="feedback")
    await company.report("CASE-1")
    await company.until("CASE-1", is_with("E-2"))


async def test_choice_says_by_how_much_the_visit_misses_its_promise(company: Company) -> None:
    """Shanghai is 1,067 minutes away; the visit is promised within 120."""
    await company.say(SiteRecorded(site_id="S-1", customer_id="C-1", name="机房", **BEIJING))
    await company.report("CASE-1", work="routine", site_id="S-1")
    due = company.clock.now() + timedelta(hours=2)
    promised = PromisedTime(clock="onsite", due_at=due)
    said = CasePromised(
        case_id="CASE-1", policy="it-integration", policy_version=1, promised=(promised,)
    )
    await company.say(said, service="sla-monitor")
    await company.engineer("E-FAR", home=SHANGHAI)
    why = (await company.until("CASE-1", is_with("E-FAR")))["assignment"]["why"]
    assert (why["arrive_by"], why["late_min"]) == (due.isoformat(), 1067 - 120)


async def test_dispatcher_insists_on_somebody_unfit_only_for_a_reason(company: Company) -> None:
    await company.engineer("E-1", level=1)
    await company.put("/v1/rosters/E-1", around_the_clock=False)
    await company.report("CASE-1", policy_options={"engineer_level": 3})
    path = "/v1/cases/CASE-1/assign"
    problem = await company.post(path, 422, engineer_id="E-1")
    assert problem["type"] == "/problems/rule-broken"
    assert "level, off_duty" in problem["detail"]
    await company.post(path, engineer_id="E-1", reason="knows the building")
    held = (await company.case("CASE-1"))["assignment"]
    assert (held["overridden"], held["by_hand"]) == (["level", "off_duty"], True)


async def test_all_that_wait_are_assigned_together(company: Company) -> None:
    """One by one E-B, the nearest, would go to the older case, and E-A travel across the land."""
    near, between = {"latitude": 36.0, "longitude": 118.0}, {"latitude": 33.0, "longitude": 120.0}
    await company.say(SiteRecorded(site_id="S-1", customer_id="C-1", name="一", **between))
    await company.say(SiteRecorded(site_id="S-2", customer_id="C-1", name="二", **SHANGHAI))
    for engineer_id, home in (("E-A", near), ("E-B", SHANGHAI)):
        await company.engineer(engineer_id, home=home)
        await company.put(f"/v1/rosters/{engineer_id}", **NIGHT)
    await company.report("CASE-1", work="routine", site_id="S-1")
    await company.report("CASE-2", work="routine", site_id="S-2")
    assert (await company.case("CASE-2"))["status"] == "waiting"
    await company.clock.advance(timedelta(minutes=31))
    await company.until("CASE-1", is_with("E-A"))
    case = await company.until("CASE-2", is_with("E-B"))
    assert case["assignment"]["why"]["together"] == 2
