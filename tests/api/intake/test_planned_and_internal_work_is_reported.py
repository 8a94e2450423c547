"""Planned work (IN-17), needs that our own people found (IN-18), letters and visits (IN-01)."""

from datetime import timedelta
from typing import Any

import pytest

from support.intake_desk import START, Desk, fields

OWN = {"channel": "internal", "kind": "inspection", "origin": "inspection", "severity": None}


async def reported(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await desk.request(**changes)
    assert answer.status_code == 202, answer.text
    [event] = await desk.events("case.reported")
    return fields(event)


async def test_installation_has_a_date_and_is_in_the_event(desk: Desk) -> None:
    told = await reported(
        desk,
        kind="service_request",
        work="installation",
        planned_for="2026-11-20T09:00:00+08:00",
        severity=None,
    )
    assert (told["work"], told["planned_for"]) == ("installation", "2026-11-20T09:00:00+08:00")


@pytest.mark.parametrize(
    "planned_for",
    ["9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+08:00", "2201-01-01T00:00:00Z"],
)
async def test_work_is_planned_for_a_day_that_every_service_can_hold(
    desk: Desk, planned_for: str
) -> None:
    """IN-17: what dispatch could not read would be accepted and done by nobody."""
    answer = await desk.request(
        kind="service_request", work="installation", planned_for=planned_for, severity=None
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "planned_for"), answer.text
    assert not await desk.events("case.reported")


async def test_need_of_our_own_says_where_it_came_from_and_is_not_held(desk: Desk) -> None:
    """Whoever reports it is one of us, and no contact of the customer."""
    told = await reported(
        desk, **OWN, arises_from="4F7K-Q2M9", contact={"name": "Engineer 7", "phone": "13900000007"}
    )
    assert (told["origin"], told["arises_from"]) == ("inspection", "4F7K-Q2M9")
    assert "held_for" not in told


@pytest.mark.parametrize("channel", ["letter", "visit"])
async def test_letter_or_visit_is_reported_when_it_was_received(desk: Desk, channel: str) -> None:
    received = START - timedelta(days=2)
    answer = await desk.request(channel=channel, reported_at=received.isoformat())
    case = await desk.case(answer)
    assert case["reported_at"] == "2026-10-31T01:00:00Z"
    assert case["report"]["channel"] == channel


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "fault", "work": "installation"},
        {"planned_for": "2026-11-20T09:00:00+08:00"},
        {"kind": "upgrade", "work": "expansion", "planned_for": "2026-11-20T09:00:00"},
        {"channel": "internal"},
        {"origin": "survey"},
        {"kind": "upgrade", "work": "demolition"},
    ],
)
async def test_what_contradicts_itself_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    answer = await desk.request(**changes)
    assert answer.status_code == 422
    assert not await desk.events("case.reported")
