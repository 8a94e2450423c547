"""Facts that are told late, out of order or for another case's time."""

from support.clock_stories import reported, shown, story, told

S0, S4 = "software-maintenance", "it-integration"


def other(at: str) -> bytes:
    """Something elsewhere, by which the log's time advances."""
    return told("reported", at, case="C2", kind="question", channel="web", policy=S4)


def severe() -> bytes:
    return reported(S0, "2026-11-02 08:00", severity="severe")


def test_arrival_told_late_but_in_time_meets_the_clock_and_the_alerts_stay() -> None:
    seen = story(
        severe(),
        other("2026-11-02 15:00"),
        told("arrived", "2026-11-02 11:00"),
        until="2026-11-02 15:00",
    )
    onsite = seen.clock("onsite")
    assert onsite.state == "met"
    assert onsite.met_at is not None
    assert shown(onsite.met_at) == "2026-11-02 11:00"
    assert onsite.breached_at is None
    assert [at[-5:] for _, at in seen.alerts("onsite")] == ["10:00", "11:12", "12:00", "14:00"]


def test_log_time_is_the_latest_seen_and_never_runs_backwards() -> None:
    seen = story(
        severe(),
        other("2026-11-02 11:30"),
        told("contacted", "2026-11-02 09:00"),
        told("arrived", "2026-11-02 11:30"),
        until="2026-11-02 15:00",
    )
    assert [at[-5:] for _, at in seen.alerts("onsite")] == ["10:00", "11:12"]


def test_arrival_told_after_the_end_it_came_before() -> None:
    seen = story(
        severe(),
        told("restored", "2026-11-02 09:30"),
        told("arrived", "2026-11-02 09:00"),
        until="2026-11-02 10:00",
    )
    assert seen.state("onsite") == "met"


def test_milestone_before_a_withdrawal_that_was_told_first() -> None:
    seen = story(
        severe(),
        told("withdrawn", "2026-11-02 09:30"),
        told("responded", "2026-11-02 09:00"),
        until="2026-11-02 10:00",
    )
    assert seen.states() == {"onsite": "cancelled", "respond": "met"}


def test_milestone_before_a_change_is_judged_by_the_target_of_its_time() -> None:
    seen = story(
        severe(),
        told("severity_changed", "2026-11-02 11:30", severity="system_down"),
        told("arrived", "2026-11-02 11:00"),
        until="2026-11-02 12:00",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("met", "2026-11-02 12:00")


def test_pause_told_late_moves_what_it_would_have_moved() -> None:
    seen = story(
        severe(),
        other("2026-11-02 12:30"),
        told("paused", "2026-11-02 11:00", reason="no_site_access"),
        told("resumed", "2026-11-02 11:30", reason="no_site_access"),
        until="2026-11-02 12:30",
    )
    assert seen.due("onsite") == "2026-11-02 12:30"
    # each step fires once: leadership was told at 12:00
    assert [at[-5:] for _, at in seen.alerts("onsite")] == ["10:00", "11:12", "12:00"]


def test_change_told_late_arms_what_lay_ahead_of_it() -> None:
    seen = story(
        severe(),
        other("2026-11-02 11:30"),
        told("severity_changed", "2026-11-02 08:40", severity="system_down"),
        until="2026-11-02 12:30",
    )
    # under 4 h: 10:00 and 11:12. Under 2 h: 08:30 had passed at 08:40; 09:00 on lay ahead
    assert [(step, at[-5:]) for step, at in seen.alerts("onsite")] == [
        ("pm", "09:00"),
        ("leadership", "09:36"),
        ("engineer", "10:00"),
        ("executive", "10:00"),
        ("pm", "11:12"),
    ]


def test_report_told_after_the_log_has_moved_on() -> None:
    seen = story(
        told("reported", "2026-11-02 10:30", case="C2", kind="question", channel="web", policy=S4),
        severe(),
        told("responded", "2026-11-02 08:30"),
        until="2026-11-02 11:00",
    )
    assert seen.alerts("respond") == [
        ("engineer", "2026-11-02 09:00"),
        ("pm", "2026-11-02 09:36"),
        ("leadership", "2026-11-02 10:00"),
    ]
    assert seen.clock("respond", case="C1").state == "met"


def test_milestone_dated_before_the_report_counts_from_its_own_time() -> None:
    seen = story(severe(), told("responded", "2026-11-02 07:59"), until="2026-11-02 12:00")
    respond = seen.clock("respond")
    assert respond.met_at is not None
    assert (respond.state, shown(respond.met_at)) == ("met", "2026-11-02 07:59")


def test_events_after_until_are_left_out() -> None:
    seen = story(
        severe(),
        told("restored", "2026-11-02 12:00"),
        told("responded", "2026-11-02 08:30"),
        until="2026-11-02 11:00",
    )
    assert seen.states() == {"onsite": "running", "respond": "met"}
    assert seen.alerts("onsite") == [("engineer", "2026-11-02 10:00")]
    assert seen.alerts("respond") == []


def test_case_reported_after_until_is_not_shown() -> None:
    seen = story(
        severe(),
        told("contacted", "2026-11-02 08:30"),
        reported(S0, "2026-11-02 09:00", case="C2", severity="severe"),
        told("responded", "2026-11-02 08:30", case="C2"),
        until="2026-11-02 08:40",
    )
    assert {clock.case_id for clock in seen.outcome.clocks} == {"C1"}


def test_until_at_the_instant_of_a_step_fires_it() -> None:
    assert story(severe(), until="2026-11-02 10:00").alerts("onsite") == [
        ("engineer", "2026-11-02 10:00")
    ]
    assert story(severe(), until="2026-11-02 09:59:59.999999").alerts("onsite") == []
