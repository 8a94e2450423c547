"""National Day 2026 under each contract: 1 to 7 October off, Saturday the 10th worked (SL-02)."""

import pytest

from support.clock_stories import reported, story, told

S0, S1, S2 = "software-maintenance", "equipment-warranty", "portal-operations"
S3, S4 = "lighting-maintenance", "it-integration"
OFFICE = {"policy_options": {"hours": "5x8"}, "severity": "normal"}
EVENTUALLY = "2026-10-31 00:00"


def paused(begin: str, end: str, reason: str = "no_site_access") -> list[bytes]:
    return [told("paused", begin, reason=reason), told("resumed", end, reason=reason)]


def test_partial_fault_of_software_climbs_across_the_holidays() -> None:
    """One hour on Wednesday, the rest of 4 h from Thursday the 8th, 09:00."""
    seen = story(reported(S0, "2026-09-30 16:00", severity="partial"), until=EVENTUALLY)
    assert seen.due("onsite") == "2026-10-08 12:00"
    assert [at for _, at in seen.alerts("onsite")] == [
        "2026-10-08 10:00",
        "2026-10-08 11:12",
        "2026-10-08 12:00",
        "2026-10-08 14:00",
    ]


def test_pause_from_before_closing_until_after_the_holidays() -> None:
    """Half an hour was spent; half an hour before closing and 90 min after opening are paused."""
    seen = story(
        reported(S0, "2026-09-30 16:00", severity="partial"),
        *paused("2026-09-30 16:30", "2026-10-08 10:30"),
        until=EVENTUALLY,
    )
    assert seen.clock("onsite").paused_s == 2 * 3600
    assert [at for _, at in seen.alerts("onsite")] == [
        "2026-10-08 12:00",
        "2026-10-08 13:12",
        "2026-10-08 14:00",
        "2026-10-08 16:00",
    ]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-10-09 15:00", "2026-10-10 11:00"),  # on into the make-up Saturday
        ("2026-10-10 15:00", "2026-10-12 11:00"),  # from it over the Sunday
        ("2026-09-19 10:00", "2026-09-20 13:00"),  # a plain Saturday, then a make-up Sunday
        ("2026-10-04 10:00", "2026-10-08 13:00"),  # in the middle of the holidays
    ],
)
def test_partial_fault_of_software_uses_make_up_days(at: str, due: str) -> None:
    assert story(reported(S0, at, severity="partial"), until=at).due("onsite") == due


def test_complaint_about_equipment_counts_five_working_days_with_the_make_up_saturday() -> None:
    """8, 9, 10, 12 and 13 October; percentages are of 1 h on the 30th and five days of 9 h."""
    seen = story(reported(S1, "2026-09-30 17:00", kind="complaint"), until=EVENTUALLY)
    assert (seen.due("first_reply"), seen.due("close")) == ("2026-10-08 10:00", "2026-10-13 18:00")
    assert [at for _, at in seen.alerts("close")] == [
        "2026-10-10 13:00",
        "2026-10-12 17:48",
        "2026-10-13 18:00",
        "2026-10-16 14:00",
    ]


def test_complaint_paused_from_before_closing_until_after_the_holidays() -> None:
    seen = story(
        reported(S1, "2026-09-30 17:00", kind="complaint"),
        *paused("2026-09-30 17:30", "2026-10-08 09:30", "customer_unavailable"),
        until="2026-10-08 09:45",
    )
    assert seen.due("close") == "2026-10-14 10:00"
    assert seen.due("first_reply") == "2026-10-08 10:00"


def test_complaint_desk_is_closed_on_the_make_up_saturday() -> None:
    seen = story(reported(S1, "2026-10-09 17:30", kind="complaint"), until=EVENTUALLY)
    assert [at for _, at in seen.alerts("first_reply")] == [
        "2026-10-12 09:30",
        "2026-10-12 10:06",
        "2026-10-12 10:30",
        "2026-10-12 11:30",
    ]
    # 45 h 30 min from 30 min on the 9th
    assert [at for _, at in seen.alerts("close")] == [
        "2026-10-13 13:15",
        "2026-10-14 17:54",
        "2026-10-15 18:00",
        "2026-10-20 13:45",
    ]


def test_normal_fault_of_lights_waits_for_the_first_weekday() -> None:
    seen = story(reported(S3, "2026-09-30 18:30", **OFFICE), until="2026-09-30 18:30")
    assert {name: seen.due(name) for name in seen.names()} == {
        "respond": "2026-09-30 19:00",
        "diagnose": "2026-10-08 10:30",
        "onsite": "2026-10-08 11:30",
        "onsite_limit": "2026-10-01 18:30",
    }


def test_pause_of_lights_counts_in_the_calendar_of_each_clock() -> None:
    """One working hour of the desk is 183 h of the day and night of the 24 h limit."""
    seen = story(
        reported(S3, "2026-09-30 18:30", **OFFICE),
        *paused("2026-09-30 19:00", "2026-10-08 10:00", "force_majeure"),
        until="2026-10-08 10:00",
    )
    assert seen.due("diagnose") == "2026-10-08 11:30"
    assert seen.due("onsite") == "2026-10-08 12:30"
    assert seen.due("onsite_limit") == "2026-10-09 09:30"
    assert seen.clock("onsite_limit").paused_s == 183 * 3600


@pytest.mark.parametrize(
    ("policy", "data", "expected"),
    [
        (S2, {"severity": "catastrophic"}, {"dispatch": "02:30", "respond": "04:00"}),
        (S3, {"severity": "urgent", "policy_options": {"hours": "5x8"}}, {"onsite": "05:00"}),
        (S4, {"severity": "1"}, {"contact": "02:10", "respond": "03:00", "onsite": "07:00"}),
    ],
)
def test_clocks_of_day_and_night_know_no_holiday(
    policy: str, data: dict[str, object], expected: dict[str, str]
) -> None:
    seen = story(reported(policy, "2026-10-01 02:00", **data), until="2026-10-01 02:00")
    assert {name: seen.due(name)[-5:] for name in expected} == expected


@pytest.mark.parametrize("policy", [S0, S1, S2, S3, S4])
@pytest.mark.parametrize(
    ("resolved", "due"),
    [
        ("2026-10-03 12:00", "2026-10-08 18:00"),
        ("2026-10-09 20:00", "2026-10-10 18:00"),
        ("2026-10-10 10:00", "2026-10-12 18:00"),
    ],
)
def test_callback_is_due_at_the_close_of_the_next_working_day(
    policy: str, resolved: str, due: str
) -> None:
    seen = story(
        reported(policy, "2026-09-30 08:00"), told("resolved", resolved), until="2026-10-10 10:00"
    )
    assert seen.due("callback") == due


def test_ladder_of_a_callback_lies_in_working_time() -> None:
    """Resolved in the holidays: 9 h of Thursday the 8th, and half as much again on Friday."""
    seen = story(
        reported(S2, "2026-10-03 08:00"), told("resolved", "2026-10-03 12:00"), until=EVENTUALLY
    )
    assert [at for _, at in seen.alerts("callback")] == [
        "2026-10-08 13:30",
        "2026-10-08 16:12",
        "2026-10-08 18:00",
        "2026-10-09 13:30",
    ]


def test_severity_change_across_the_holidays_undoes_the_breach() -> None:
    """Severe: due at 18:00 on the 30th. Partial: 3 h until closing, the fourth on the 8th."""
    seen = story(
        reported(S0, "2026-09-30 14:00", severity="severe"),
        told("severity_changed", "2026-09-30 19:00", severity="partial"),
        until=EVENTUALLY,
    )
    assert seen.due("onsite") == "2026-10-08 10:00"
    # 50 % and 80 % of it had passed by 19:00 but for 12 min, and both had fired
    assert seen.alerts("onsite") == [
        ("engineer", "2026-09-30 16:00"),
        ("pm", "2026-09-30 17:12"),
        ("leadership", "2026-09-30 18:00"),
        ("pm", "2026-10-08 09:12"),
        ("leadership", "2026-10-08 10:00"),
        ("executive", "2026-10-08 12:00"),
    ]
