"""Each row of the five contracts: which clocks a report starts, and when they are due."""

from typing import Any

import pytest

from support.clock_stories import called_back, reported, story, told

MONDAY = "2026-11-02 08:00"
S0, S1, S2 = "software-maintenance", "equipment-warranty", "portal-operations"
S3, S4 = "lighting-maintenance", "it-integration"
CITY = {"device_id": "D1", "place": "local"}


def dues(policy: str, at: str = MONDAY, **data: Any) -> dict[str, str]:
    """Clock to due time, the day left out when it is that of the report."""
    seen = story(reported(policy, at, **data), until=at)
    day = at[:10]
    return {name: seen.due(name).removeprefix(f"{day} ") for name in seen.names()}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"severity": "system_down"}, {"respond": "08:05", "onsite": "10:00", "restore": "12:00"}),
        ({"severity": "severe"}, {"respond": "10:00", "onsite": "12:00"}),
        ({"severity": "partial"}, {"respond": "10:00", "onsite": "13:00"}),
        ({}, {}),
        ({"category": "device"}, {"onsite_limit": "2026-11-03 08:00"}),
        (
            {"category": "device", "severity": "severe"},
            {"respond": "10:00", "onsite": "12:00", "onsite_limit": "2026-11-03 08:00"},
        ),
        ({"kind": "question", "severity": "severe", "category": "device"}, {}),
    ],
)
def test_software_maintenance(data: dict[str, Any], expected: dict[str, str]) -> None:
    assert dues(S0, **data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"severity": 3}, {"respond": "08:30"}),
        ({"severity": 3, "channel": "email"}, {"respond": "09:00"}),
        ({"kind": "suggestion"}, {"respond": "08:30"}),
        ({"severity": "1"}, {"respond": "08:30", "onsite_limit": "2026-11-03 08:00"}),
        ({"severity": 2}, {"respond": "08:30", "onsite_limit": "2026-11-03 08:00"}),
        ({"kind": "complaint"}, {"first_reply": "11:00", "close": "2026-11-09 18:00"}),
        ({"kind": "supervision_complaint"}, {"first_reply": "11:00", "close": "2026-11-09 18:00"}),
    ],
)
def test_equipment_warranty(data: dict[str, Any], expected: dict[str, str]) -> None:
    assert dues(S1, **data) == expected


@pytest.mark.parametrize(
    ("data", "due"),
    [
        ({"severity": "1", "place": "local"}, "11:00"),
        ({"severity": "2", "place": "local"}, "11:00"),
        ({"severity": "3", "place": "local"}, "13:00"),
        ({"severity": "4", "place": "local"}, "13:00"),
        ({"severity": "1", "place": "other"}, "15:00"),
        ({"severity": "4", "place": "other", "distance_km": 3000}, "15:00"),
        ({"kind": "service_request", "distance_km": 1000}, "17:00"),
        ({"kind": "service_request", "distance_km": 1000.5}, "21:00"),
        ({"kind": "inspection", "place": "local", "distance_km": 5}, "17:00"),
        ({"kind": "service_request", "place": "local"}, None),
        ({"place": "local"}, None),
        ({"severity": "1"}, None),
    ],
)
def test_equipment_warranty_counts_the_way_from_onsite_required(
    data: dict[str, Any], due: str | None
) -> None:
    seen = story(
        reported(S1, MONDAY, **data),
        told("onsite_required", "2026-11-02 09:00"),
        until="2026-11-02 09:00",
    )
    assert ("onsite" in seen.names()) is (due is not None)
    assert due is None or seen.due("onsite") == f"2026-11-02 {due}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"severity": "catastrophic"}, {"respond": "10:00", "dispatch": "08:30"}),
        ({"severity": "general"}, {"respond": "10:00"}),
        ({}, {}),
        ({"kind": "upgrade", "severity": "general"}, {}),
    ],
)
def test_portal_operations(data: dict[str, Any], expected: dict[str, str]) -> None:
    assert dues(S2, **data) == expected


ALL_HOURS = {
    "respond": "08:30",
    "diagnose": "10:00",
    "onsite": "11:00",
    "onsite_limit": "2026-11-03 08:00",
}
OFFICE = {**ALL_HOURS, "respond": "10:00", "diagnose": "11:30", "onsite": "12:30"}


@pytest.mark.parametrize(
    ("hours", "severity", "expected"),
    [
        ("24x7", "normal", ALL_HOURS),
        ("24x7", "urgent", ALL_HOURS),
        ("5x8", "urgent", ALL_HOURS),
        ("5x8", "normal", OFFICE),
        ("5x8", None, OFFICE),
        (None, "normal", ALL_HOURS),
    ],
)
def test_lighting_maintenance(
    hours: str | None, severity: str | None, expected: dict[str, str]
) -> None:
    options = {"hours": hours} if hours else {}
    assert dues(S3, policy_options=options, severity=severity) == expected


def test_lighting_desk_keeps_monday_to_friday_on_make_up_days() -> None:
    seen = dues(S3, "2026-10-09 19:00", policy_options={"hours": "5x8"}, severity="normal")
    assert seen["diagnose"] == "2026-10-12 11:00"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"severity": 1, **CITY},
            {"respond": "09:00", "onsite": "13:00", "restore": "10:00", "report": "10:00"},
        ),
        (
            {"severity": 2, "device_id": "D1", "place": "other"},
            {
                "respond": "10:00",
                "onsite": "2026-11-03 08:00",
                "restore": "12:00",
                "report": "2026-11-03 08:00",
            },
        ),
        (
            {"severity": 3, "device_id": "D1"},
            {
                "respond": "10:00",
                "onsite": "2026-11-04 08:00",
                "restore": "12:00",
                "report": "2026-11-04 08:00",
            },
        ),
        (
            {"severity": 4},
            {
                "respond": "10:00",
                "onsite": "2026-11-06 08:00",
                "report": "2026-11-06 08:00",
            },
        ),
        ({}, {}),
    ],
)
def test_it_integration_faults(data: dict[str, Any], expected: dict[str, str]) -> None:
    every = {"contact": "08:10", "resolve": "2026-11-04 08:00"}
    assert dues(S4, **data) == {**every, **expected}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("supervision_complaint", {"first_reply": "08:20"}),
        ("complaint", {"first_reply": "10:00"}),
        ("question", {}),
    ],
)
def test_it_integration_other_kinds(kind: str, expected: dict[str, str]) -> None:
    assert dues(S4, kind=kind, **CITY) == expected


@pytest.mark.parametrize("policy", [S0, S1, S2, S3, S4])
@pytest.mark.parametrize("kind", ["fault", "question", "complaint", "inspection"])
def test_every_resolved_case_is_called_back_by_the_next_working_day(policy: str, kind: str) -> None:
    seen = story(
        reported(policy, "2026-09-30 08:00", kind=kind),
        told("resolved", "2026-09-30 17:00"),
        called_back("2026-10-08 18:00"),
        until="2026-10-09 00:00",
    )
    assert seen.due("callback") == "2026-10-08 18:00"
    assert seen.state("callback") == "met"
    # one hour of the 30th and nine of the 8th: half of it at 13:00, 80 % at 16:00
    assert seen.alerts("callback") == [
        ("engineer", "2026-10-08 13:00"),
        ("pm", "2026-10-08 16:00"),
    ]


def test_system_down_climbs_faster() -> None:
    seen = story(
        reported(S0, MONDAY, severity="system_down", category="device"), until="2026-11-03 09:00"
    )
    assert [at[-5:] for _, at in seen.alerts("restore")] == ["09:00", "10:00", "11:12", "12:00"]
    assert seen.alerts("onsite_limit") == [
        ("engineer", "2026-11-02 14:00"),
        ("pm", "2026-11-02 20:00"),
        ("leadership", "2026-11-03 03:12"),
        ("executive", "2026-11-03 08:00"),
    ]


def test_year_whose_holidays_are_unknown_is_provisional() -> None:
    seen = story(reported(S1, "2026-12-30 17:30", kind="complaint"), until="2026-12-30 17:30")
    assert seen.clock("close").provisional
    assert not seen.clock("first_reply").provisional
