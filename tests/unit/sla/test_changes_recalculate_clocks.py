"""Changes of severity, kind, category, place and device: from the original start, openly."""

from support.clock_stories import reported, shown, story, told

S0, S1, S3, S4 = (
    "software-maintenance",
    "equipment-warranty",
    "lighting-maintenance",
    "it-integration",
)


def times(alerts: list[tuple[str, str]]) -> list[str]:
    return [at[-5:] for _, at in alerts]


def level(severity: str, at: str) -> bytes:
    return told("severity_changed", at, severity=severity)


def test_shorter_target_counts_from_the_original_start() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        level("system_down", "2026-11-02 09:00"),
        until="2026-11-02 09:30",
    )
    assert seen.due("onsite") == "2026-11-02 10:00"
    assert seen.clock("onsite").started_at == seen.clock("restore").started_at


def test_passed_steps_fire_at_the_change_in_order() -> None:
    """Respond: 5 min passed long ago. On site 2 h: 25 % and 50 % have passed by 09:00."""
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        level("system_down", "2026-11-02 09:15"),
        until="2026-11-02 09:20",
    )
    assert seen.alerts("onsite") == [
        ("engineer", "2026-11-02 09:15"),
        ("pm", "2026-11-02 09:15"),
    ]
    # the engineer's step fired at 09:00 under the old target and its new instant has passed
    assert seen.alerts("respond") == [
        ("engineer", "2026-11-02 09:00"),
        ("pm", "2026-11-02 09:15"),
        ("leadership", "2026-11-02 09:15"),
        ("executive", "2026-11-02 09:15"),
    ]
    respond = seen.clock("respond")
    assert respond.state == "breached"
    assert shown(respond.due_at) == "2026-11-02 08:05"
    assert respond.breached_at is not None
    assert shown(respond.breached_at) == "2026-11-02 09:15"


def test_steps_that_lie_ahead_are_armed_again_even_if_they_fired() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="system_down"),
        level("severe", "2026-11-02 09:40"),
        until="2026-11-02 15:00",
    )
    # 2 h: 08:30, 09:00, 09:36; then 4 h: 10:00, 11:12, 12:00, 14:00
    assert seen.alerts("onsite") == [
        ("engineer", "2026-11-02 08:30"),
        ("pm", "2026-11-02 09:00"),
        ("leadership", "2026-11-02 09:36"),
        ("engineer", "2026-11-02 10:00"),
        ("pm", "2026-11-02 11:12"),
        ("leadership", "2026-11-02 12:00"),
        ("executive", "2026-11-02 14:00"),
    ]


def test_breach_that_the_change_undoes_is_gone() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        level("2", "2026-11-02 14:00"),
        until="2026-11-02 14:30",
    )
    onsite = seen.clock("onsite")
    assert (onsite.state, shown(onsite.due_at)) == ("running", "2026-11-03 08:00")
    assert onsite.breached_at is None
    assert times(seen.alerts("onsite")) == ["10:30", "12:00", "13:00"]


def test_breach_that_the_change_leaves_keeps_its_moment() -> None:
    """60 min by mail, breached at 09:00, are no longer than the 2 h that follow."""
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        level("2", "2026-11-02 11:00"),
        until="2026-11-02 11:30",
    )
    respond = seen.clock("respond")
    assert respond.state == "breached"
    assert shown(respond.due_at) == "2026-11-02 10:00"
    assert respond.breached_at is not None
    assert shown(respond.breached_at) == "2026-11-02 09:00"


def test_clock_that_the_change_leaves_alone_keeps_its_steps() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        level("2", "2026-11-02 08:07"),
        until="2026-11-02 09:00",
    )
    assert times(seen.alerts("contact")) == ["08:05", "08:08", "08:10", "08:15"]


def test_reported_duty_stays_reported() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        level("2", "2026-11-02 11:00"),
        until="2026-11-04 00:00",
    )
    assert seen.state("report") == "reported"
    assert seen.alerts("report") == [("leadership", "2026-11-02 10:00")]


def test_duty_whose_instant_has_passed_reports_at_the_change() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="3"),
        level("1", "2026-11-02 11:00"),
        until="2026-11-02 12:00",
    )
    assert seen.state("report") == "reported"
    assert seen.alerts("report") == [("leadership", "2026-11-02 11:00")]


def test_clock_that_no_longer_applies_is_cancelled_in_any_case() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="system_down"),
        level("severe", "2026-11-02 13:00"),
        until="2026-11-02 20:00",
    )
    assert seen.state("restore") == "cancelled"
    assert seen.due("restore") == "2026-11-02 12:00"
    assert times(seen.alerts("restore")) == ["09:00", "10:00", "11:12", "12:00"]


def test_clock_that_begins_to_apply_starts_at_its_original_start() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00"),
        level("system_down", "2026-11-02 10:30"),
        until="2026-11-02 10:40",
    )
    assert shown(seen.clock("restore").started_at) == "2026-11-02 08:00"
    assert seen.alerts("restore") == [
        ("engineer", "2026-11-02 10:30"),
        ("pm", "2026-11-02 10:30"),
    ]
    assert seen.state("onsite") == "breached"


def test_milestone_reached_before_it_applied_counts_and_raises_nothing() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00"),
        told("responded", "2026-11-02 08:30"),
        told("arrived", "2026-11-02 11:00"),
        level("severe", "2026-11-02 11:30"),
        until="2026-11-02 18:00",
    )
    assert seen.states() == {"onsite": "met", "respond": "met"}
    assert seen.outcome.alerts == []


def test_clock_met_is_not_recalculated() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("arrived", "2026-11-02 11:00"),
        level("system_down", "2026-11-02 11:30"),
        until="2026-11-02 11:40",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("met", "2026-11-02 12:00")


def test_pauses_are_replayed_under_the_new_target() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("paused", "2026-11-02 09:00", reason="no_site_access"),
        told("resumed", "2026-11-02 09:30", reason="no_site_access"),
        told("paused", "2026-11-02 10:45", reason="no_site_access"),
        told("resumed", "2026-11-02 11:00", reason="no_site_access"),
        level("system_down", "2026-11-02 11:30"),
        until="2026-11-02 11:30",
    )
    # 2 h + 30 min are used up at 10:30: the second pause comes too late
    assert seen.due("onsite") == "2026-11-02 10:30"
    assert seen.clock("onsite").paused_s == 1800
    # 4 h + 30 min + 15 min
    assert seen.due("restore") == "2026-11-02 12:45"


def test_change_during_a_pause() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("paused", "2026-11-02 09:30", reason="no_site_access"),
        level("system_down", "2026-11-02 10:00"),
        told("resumed", "2026-11-02 11:00", reason="no_site_access"),
        until="2026-11-02 12:00",
    )
    assert seen.due("onsite") == "2026-11-02 11:30"
    # 25 % (08:30) and 50 % (09:00) had passed before the pause; 80 % moves by it
    assert times(seen.alerts("onsite")) == ["10:00", "10:00", "11:06", "11:30"]


def test_change_to_another_calendar() -> None:
    seen = story(
        reported(S3, "2026-11-06 19:00", severity="normal", policy_options={"hours": "5x8"}),
        level("urgent", "2026-11-06 19:10"),
        until="2026-11-06 19:10",
    )
    assert seen.due("onsite") == "2026-11-06 22:00"
    later = story(
        reported(S3, "2026-11-06 19:00", severity="urgent", policy_options={"hours": "5x8"}),
        level("normal", "2026-11-06 19:10"),
        until="2026-11-06 19:10",
    )
    assert later.due("onsite") == "2026-11-09 12:00"


def test_change_of_place_and_device() -> None:
    report = reported(S4, "2026-11-02 08:00", severity="2", place="other")
    seen = story(
        report,
        told("reclassified", "2026-11-02 08:30", device_id="D1"),
        told("reclassified", "2026-11-02 08:40", place="local"),
        until="2026-11-02 08:45",
    )
    assert seen.due("restore") == "2026-11-02 10:00"


def test_change_of_category() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("reclassified", "2026-11-02 09:00", category="device"),
        told("reclassified", "2026-11-02 10:00", category="software"),
        until="2026-11-02 10:00",
    )
    assert seen.state("onsite_limit") == "cancelled"


def test_change_of_kind_and_back() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2"),
        told("reclassified", "2026-11-02 08:30", kind="complaint"),
        told("reclassified", "2026-11-02 09:00", kind="fault"),
        until="2026-11-02 09:00",
    )
    assert seen.state("first_reply") == "cancelled"
    assert seen.due("first_reply") == "2026-11-02 10:00"
    assert (seen.state("respond"), seen.due("respond")) == ("running", "2026-11-02 10:00")
    # breached at 08:10, undone at 08:30, and again from 09:00 on
    contact = seen.clock("contact")
    assert contact.state == "breached"
    assert contact.breached_at is not None
    assert shown(contact.breached_at) == "2026-11-02 09:00"


def test_use_affected_changes_no_clock() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2"),
        told("reclassified", "2026-11-02 08:07", use_affected=True),
        until="2026-11-02 08:09",
    )
    assert times(seen.alerts("contact")) == ["08:05", "08:08"]


def test_clock_cancelled_without_a_visit_is_not_recalculated() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("restored", "2026-11-02 08:30"),
        level("system_down", "2026-11-02 12:00"),
        until="2026-11-02 13:00",
    )
    assert seen.state("onsite") == "cancelled"
    # restore begins to apply, and had been met by then
    assert seen.state("restore") == "met"
    assert seen.outcome.alerts == []


def test_severity_may_be_a_number() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity=2),
        told("severity_changed", "2026-11-02 08:30", severity=1),
        until="2026-11-02 08:30",
    )
    assert seen.due("respond") == "2026-11-02 09:00"
