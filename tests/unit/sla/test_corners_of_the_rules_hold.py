"""Where two rules of the contracts meet: the same instant, a change told late, an open pause."""

from support.clock_stories import reported, shown, story, told

S0, S1, S3, S4 = (
    "software-maintenance",
    "equipment-warranty",
    "lighting-maintenance",
    "it-integration",
)


def test_alert_during_an_open_pause_shows_the_due_time_that_holds_if_it_ended_now() -> None:
    so_far = story(
        reported(S0, "2026-11-02 08:00", kind="question", severity="severe"),
        told("paused", "2026-11-02 10:30", reason="no_site_access"),
        told("reclassified", "2026-11-02 12:00", kind="fault"),
        until="2026-11-02 12:00",
    )
    [alert] = [alert for alert in so_far.outcome.alerts if alert.clock == "onsite"]
    assert (alert.step, shown(alert.fire_at)) == ("engineer", "2026-11-02 12:00")
    assert shown(alert.due_at) == so_far.due("onsite") == "2026-11-02 13:30"


def test_report_duty_that_applies_only_after_a_late_restoration_was_due_and_is_reported() -> None:
    so_far = story(
        reported(S4, "2026-11-02 08:00"),
        told("restored", "2026-11-02 11:00"),
        told("severity_changed", "2026-11-02 12:00", severity="1"),
        until="2026-11-02 13:00",
    )
    report = so_far.clock("report")
    assert (report.state, report.met_at, so_far.alerts("report")) == ("reported", None, [])


def test_breach_by_a_change_outlives_an_end_at_the_same_instant() -> None:
    """SL-08: the new due time has passed, so it is breached at the change, then withdrawn."""
    so_far = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("severity_changed", "2026-11-02 09:00", severity="system_down"),
        told("withdrawn", "2026-11-02 09:00"),
        until="2026-11-02 10:00",
    )
    assert (so_far.state("respond"), so_far.due("respond")) == ("breached", "2026-11-02 08:05")
    assert so_far.state("onsite") == "cancelled"


def test_end_at_the_new_due_time_undoes_the_breach_of_the_old_one() -> None:
    so_far = story(
        reported(S0, "2026-11-02 08:00", severity="system_down"),
        told("severity_changed", "2026-11-02 10:00", severity="severe"),
        told("withdrawn", "2026-11-02 10:00"),
        until="2026-11-02 11:00",
    )
    respond = so_far.clock("respond")
    assert (respond.state, respond.breached_at) == ("cancelled", None)


def test_change_told_late_rings_no_step_twice_at_one_instant() -> None:
    """SL-05: both severities have the same instants, and each has fired at its own."""
    so_far = story(
        reported(S3, "2026-11-02 13:00", severity="urgent", policy_options={"hours": "5x8"}),
        told("contacted", "2026-11-02 14:10"),
        told("severity_changed", "2026-11-02 13:00:04", severity="normal"),
        until="2026-11-02 14:10",
    )
    assert so_far.alerts("respond") == [
        ("engineer", "2026-11-02 13:15"),
        ("pm", "2026-11-02 13:24"),
        ("leadership", "2026-11-02 13:30"),
        ("executive", "2026-11-02 13:45"),
    ]
    assert so_far.alerts("diagnose") == [("engineer", "2026-11-02 14:00")]


def test_alerts_of_one_instant_stand_by_clock_and_step_before_cycle() -> None:
    so_far = story(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("reopened", "2026-11-02 09:00", reason="again"),
        until="2026-11-02 10:00",
    )
    at_ten = [
        (alert.step, alert.cycle)
        for alert in so_far.outcome.alerts
        if alert.clock == "restore" and shown(alert.fire_at) == "2026-11-02 10:00"
    ]
    assert at_ten == [("engineer", 2), ("leadership", 1)]


def test_reopening_starts_no_answering_clock_that_a_change_made_applicable_meanwhile() -> None:
    so_far = story(
        reported(S1, "2026-11-02 08:00", kind="question"),
        told("withdrawn", "2026-11-02 08:10"),
        told("reclassified", "2026-11-02 09:00", kind="complaint"),
        told("reopened", "2026-11-03 09:00", reason="still wrong"),
        until="2026-11-03 09:00",
    )
    assert "first_reply" not in so_far.names()
    assert so_far.clock("close", 2).state == "running"
