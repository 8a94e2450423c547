"""What the contract excludes is marked by a named person, and charged, never refused (IN-10)."""

from typing import Any

import pytest

from support.intake_desk import READER, Desk, fields

REASON = "water in the rack, seen on site"


async def mark(desk: Desk, case_id: str, **body: Any) -> Any:
    return await desk.http.post(f"/v1/cases/{case_id}/entitlement", json=body)


async def entitlement(desk: Desk, case_id: str, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    at = {"min_position": answer.json()["position"]}
    return (await desk.http.get(f"/v1/cases/{case_id}", params=at)).json()["entitlement"]


@pytest.mark.parametrize("cause", ["customer_fault", "force_majeure", "unnotified_change"])
async def test_cause_is_marked_and_taken_back(desk: Desk, cause: str) -> None:
    case = await desk.case(await desk.request())
    before = case["entitlement"]
    assert (before["in_warranty"], before["chargeable"]) == (True, False)
    marked = await mark(desk, case["case_id"], cause=cause, reason=REASON)
    after = await entitlement(desk, case["case_id"], marked)
    assert (after["in_warranty"], after["chargeable"]) == (True, True)
    assert after["reasons"] == [*before["reasons"], cause]
    [event] = await desk.events("case.entitlement_decided")
    assert fields(event)["cause"] == cause
    assert event.actor == "desk"
    undone = await mark(desk, case["case_id"], cause=None, reason="it was the wrong rack")
    assert await entitlement(desk, case["case_id"], undone) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [({"cause": "bad_luck", "reason": REASON}, "cause"), ({"cause": "force_majeure"}, "reason")],
)
async def test_mark_without_a_known_cause_or_a_reason_changes_nothing(
    desk: Desk, body: dict[str, Any], field: str
) -> None:
    case = await desk.case(await desk.request())
    refused = await mark(desk, case["case_id"], **body)
    assert refused.status_code == 422
    assert field in refused.text
    assert await desk.events("case.entitlement_decided") == []


async def test_reader_marks_nothing(desk: Desk) -> None:
    case = await desk.case(await desk.request())
    path = f"/v1/cases/{case['case_id']}/entitlement"
    body = {"cause": "force_majeure", "reason": REASON}
    assert (await desk.http.post(path, json=body, headers=READER)).status_code == 403
