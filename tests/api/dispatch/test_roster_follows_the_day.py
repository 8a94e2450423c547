"""DP-18: dated shifts, leave, deputies and hand-over, as the dispatcher enters and reads them."""

from datetime import date

from aftercare_events.catalogue.terms import CalendarPublished
from support.dispatch_cases import at
from support.dispatch_company import Company


async def on_duty(company: Company, minute: int) -> dict[str, list[str]]:
    page = await company.get(f"/v1/on-duty?at={at(minute).isoformat().replace('+', '%2B')}")
    return {one["engineer_id"]: one["stands_in_for"] for one in page["items"]}


def time(start: int, end: int) -> dict[str, str]:
    return {"start": at(start).isoformat(), "end": at(end).isoformat()}


async def test_leave_deputy_and_hand_over_change_who_is_on_duty(company: Company) -> None:
    for who in ("E-1", "E-2", "E-3"):
        await company.engineer(who)
        await company.put(f"/v1/rosters/{who}")
    await company.put("/v1/rosters/E-1/shifts/S-1", **time(0, 480))
    again = await company.put("/v1/rosters/E-1/shifts/S-1", **time(0, 480))
    assert again["changed"] is False
    await company.post(
        "/v1/rosters/E-1/hand-over", to="E-2", start=at(240).isoformat(), note="keys in the safe"
    )
    await company.put("/v1/rosters/E-1/absences/A-1", **time(60, 120), deputy="E-3")
    assert await on_duty(company, 0) == {"E-1": []}
    assert await on_duty(company, 90) == {"E-3": ["E-1"]}
    assert await on_duty(company, 300) == {"E-2": []}
    assert await on_duty(company, 480) == {}
    roster = await company.get("/v1/rosters/E-2")
    assert [(one["other"], one["on"]) for one in roster["dated"]] == [("E-1", True)]
    await company.post("/v1/rosters/E-1/absences/A-1/cancel")
    assert await on_duty(company, 90) == {"E-1": []}


async def test_impossible_entries_name_their_field(company: Company) -> None:
    await company.engineer("E-1")
    for path, body, field in [
        ("/v1/rosters/E-1/shifts/S-1", time(5, 5), "end"),
        ("/v1/rosters/E-1/shifts/S-1", {**time(0, 5), "start": "0001-01-01T00:00:00Z"}, "start"),
        ("/v1/rosters/E-1/absences/A-1", {**time(0, 5), "deputy": "E-1"}, "deputy"),
        ("/v1/rosters/E-9/absences/A-1", time(0, 5), "engineer_id"),
    ]:
        assert (await company.put(path, 422, **body))["field"] == field
    refused = await company.post("/v1/rosters/E-1/hand-over", 422, to="E-2")
    assert refused["field"] == "until"
    assert await company.types("engineer", "E-1") == ["registered"]


async def test_published_official_days_move_a_five_by_eight_roster(company: Company) -> None:
    await company.engineer("E-1")
    week = [{"days": [1, 2, 3, 4, 5], "start": "00:00", "end": "24:00"}]
    await company.put("/v1/rosters/E-1", spans=week, official="cn")
    assert await on_duty(company, 0) == {"E-1": []}
    await company.say(
        CalendarPublished(
            name="cn", number=1, edition="notice", years=(2026,), off=(date(2026, 11, 2),)
        ),
        service="sla-monitor",
    )
    assert await on_duty(company, 0) == {}


async def test_case_goes_to_who_is_there_and_not_to_reserve_or_residents(company: Company) -> None:
    await company.engineer("E-AWAY")
    await company.put("/v1/rosters/E-AWAY/absences/A-1", **time(-60, 600))
    await company.engineer("E-RESERVE", reserve=True)
    await company.engineer("E-OTHERS", residence={"customer_id": "CUST-9"})
    await company.engineer("E-HERE", level=9)
    await company.report("CASE-0001")
    case = await company.until("CASE-0001", lambda case: case["assignment"] is not None)
    assert case["assignment"]["engineer_id"] == "E-HERE"
    left_out = case["assignment"]["why"]["left_out"]
    assert left_out == {"reserve": 1, "resident_elsewhere": 1, "off_duty": 1}
