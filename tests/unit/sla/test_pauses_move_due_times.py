"""Pauses: which reasons, which clocks, and by how much."""

import pytest

from support.clock_stories import reported, story, told

S0, S1, S4 = "software-maintenance", "equipment-warranty", "it-integration"


def pause(begin: str, end: str | None = None, reason: str = "no_site_access") -> list[bytes]:
    events = [told("paused", begin, reason=reason)]
    return [*events, told("resumed", end, reason=reason)] if end else events


def severe(at: str = "2026-11-02 10:00") -> bytes:
    return reported(S0, at, severity="severe")


def partial(at: str) -> bytes:
    """On site within 4 h, Monday to Friday 09:00 to 17:00, holidays off."""
    return reported(S0, at, severity="partial")


@pytest.mark.parametrize("reason", ["customer_unavailable", "no_site_access", "force_majeure"])
def test_listed_reasons_pause(reason: str) -> None:
    events = pause("2026-11-02 11:00", "2026-11-02 12:00", reason)
    assert story(severe(), *events, until="2026-11-02 13:00").due("onsite") == "2026-11-02 15:00"


@pytest.mark.parametrize("reason", ["waiting_for_parts", "lunch"])
def test_other_reasons_do_not(reason: str) -> None:
    events = pause("2026-11-02 11:00", "2026-11-02 12:00", reason)
    seen = story(severe(), *events, until="2026-11-02 13:00")
    assert seen.due("onsite") == "2026-11-02 14:00"
    assert seen.state("onsite") == "running"


def test_clocks_of_answering_never_pause() -> None:
    report = reported(S4, "2026-11-02 08:00", severity="1", device_id="D1", place="local")
    seen = story(report, *pause("2026-11-02 08:05"), until="2026-11-02 08:07")
    assert seen.states() == {
        "contact": "running",
        "onsite": "paused",
        "report": "running",
        "resolve": "paused",
        "respond": "running",
        "restore": "paused",
    }


def test_open_pause_shows_the_due_time_as_if_it_ended_now() -> None:
    seen = story(severe(), *pause("2026-11-02 11:00"), until="2026-11-02 12:30")
    clock = seen.clock("onsite")
    assert (clock.state, seen.due("onsite"), clock.paused_s) == (
        "paused",
        "2026-11-02 15:30",
        5400,
    )


def test_no_step_fires_during_a_pause() -> None:
    seen = story(severe(), *pause("2026-11-02 11:00"), until="2026-11-05 00:00")
    assert seen.alerts("onsite") == []
    assert len(seen.alerts("respond")) == 4


def test_steps_move_with_the_due_time_beyond_it_too() -> None:
    events = pause("2026-11-02 12:30", "2026-11-02 13:30")
    seen = story(severe(), *events, until="2026-11-03 00:00")
    assert [at[-5:] for _, at in seen.alerts("onsite")] == ["12:00", "14:12", "15:00", "17:00"]


def test_pause_that_begins_at_the_instant_of_a_step_does_not_hold_that_step() -> None:
    seen = story(severe(), *pause("2026-11-02 12:00"), until="2026-11-02 13:00")
    assert seen.alerts("onsite") == [("engineer", "2026-11-02 12:00")]


@pytest.mark.parametrize("begin", ["2026-11-02 14:00", "2026-11-02 14:30"])
def test_pause_that_begins_at_the_due_time_or_later_changes_nothing(begin: str) -> None:
    seen = story(severe(), *pause(begin, "2026-11-02 15:30"), until="2026-11-02 17:00")
    assert seen.state("onsite") == "breached"
    assert seen.clock("onsite").paused_s == 0
    assert [at[-5:] for _, at in seen.alerts("onsite")] == ["12:00", "13:12", "14:00", "16:00"]


def test_only_working_time_of_a_pause_counts() -> None:
    # paused from one hour before closing on Friday to one hour after opening on Monday
    events = pause("2026-11-06 16:00", "2026-11-09 10:00")
    seen = story(partial("2026-11-06 15:00"), *events, until="2026-11-09 10:00")
    assert seen.due("onsite") == "2026-11-09 13:00"
    assert seen.clock("onsite").paused_s == 7200


def test_pause_that_ends_after_closing_goes_on_at_the_next_opening() -> None:
    events = pause("2026-11-06 16:00", "2026-11-06 20:00")
    seen = story(partial("2026-11-06 15:00"), *events, until="2026-11-06 21:00")
    assert seen.due("onsite") == "2026-11-09 12:00"


def test_pause_across_the_national_day_holidays() -> None:
    events = pause("2026-09-30 16:30", "2026-10-08 09:30")
    seen = story(partial("2026-09-30 15:00"), *events, until="2026-10-08 10:00")
    assert seen.due("onsite") == "2026-10-08 12:00"
    assert seen.clock("onsite").paused_s == 3600


def test_pause_outside_working_time_changes_nothing() -> None:
    events = pause("2026-11-06 18:00", "2026-11-09 08:00")
    seen = story(partial("2026-11-06 15:00"), *events, until="2026-11-09 08:30")
    assert seen.due("onsite") == "2026-11-09 11:00"
    assert seen.clock("onsite").paused_s == 0


def test_working_days_move_by_the_paused_working_time() -> None:
    complaint = reported(S1, "2026-11-02 10:00", kind="complaint")
    events = pause("2026-11-03 17:00", "2026-11-04 12:00", "customer_unavailable")
    seen = story(complaint, *events, until="2026-11-04 12:00")
    # one hour on Tuesday and three on Wednesday after Monday 18:00
    assert seen.due("close") == "2026-11-10 13:00"
    assert seen.clock("close").paused_s == 4 * 3600


def test_two_pauses_add_up() -> None:
    events = [
        *pause("2026-11-02 11:00", "2026-11-02 11:10"),
        *pause("2026-11-02 12:00", "2026-11-02 12:20"),
    ]
    assert story(severe(), *events, until="2026-11-02 13:00").due("onsite") == "2026-11-02 14:30"


def test_no_moment_is_taken_off_twice() -> None:
    events = [
        told("paused", "2026-11-02 11:00", reason="no_site_access"),
        told("paused", "2026-11-02 11:10", reason="no_site_access"),
        told("paused", "2026-11-02 11:20", reason="force_majeure"),
        told("resumed", "2026-11-02 11:30", reason="no_site_access"),
        told("resumed", "2026-11-02 11:40", reason="force_majeure"),
        told("resumed", "2026-11-02 11:50", reason="force_majeure"),
    ]
    assert story(severe(), *events, until="2026-11-02 13:00").due("onsite") == "2026-11-02 14:40"


def test_resumption_for_another_reason_ends_every_pause() -> None:
    events = [*pause("2026-11-02 11:00"), told("resumed", "2026-11-02 11:30", reason="key found")]
    assert story(severe(), *events, until="2026-11-02 13:00").due("onsite") == "2026-11-02 14:30"


def test_pause_before_the_clock_starts_counts_from_its_start() -> None:
    seen = story(
        reported(S1, "2026-11-02 08:00", severity="3", place="local"),
        *pause("2026-11-02 08:30"),
        told("onsite_required", "2026-11-02 09:00"),
        told("resumed", "2026-11-02 09:30", reason="no_site_access"),
        until="2026-11-02 10:00",
    )
    assert seen.due("onsite") == "2026-11-02 13:30"
    assert seen.clock("onsite").paused_s == 1800


def test_clock_met_during_a_pause_counts_it_up_to_then() -> None:
    seen = story(
        severe(),
        *pause("2026-11-02 13:00"),
        told("arrived", "2026-11-02 14:30"),
        told("resumed", "2026-11-02 16:00", reason="no_site_access"),
        until="2026-11-02 18:00",
    )
    clock = seen.clock("onsite")
    assert (clock.state, seen.due("onsite"), clock.paused_s) == ("met", "2026-11-02 15:30", 5400)


def test_fraction_of_a_second_is_not_rounded() -> None:
    events = pause("2026-11-02 11:00:00.25", "2026-11-02 11:00:01.5")
    seen = story(severe(), *events, until="2026-11-02 13:00")
    assert seen.due("onsite") == "2026-11-02 14:00:01.250000"
    assert seen.clock("onsite").paused_s == 1.25
