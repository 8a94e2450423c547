"""A reopened case: new cycles of restore, resolve and close, and another callback."""

from support.clock_stories import called_back, reported, shown, story, told

S1, S4 = "equipment-warranty", "it-integration"


def fault() -> bytes:
    return reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local")


def solved(*more: bytes, until: str):
    return story(
        fault(),
        told("arrived", "2026-11-02 08:05"),
        told("restored", "2026-11-02 08:30"),
        told("resolved", "2026-11-02 08:40"),
        *more,
        until=until,
    )


def test_restore_and_resolve_begin_again_and_nothing_else() -> None:
    seen = solved(told("reopened", "2026-11-02 12:00"), until="2026-11-02 12:00")
    cycles = [(c.clock, c.cycle, c.state) for c in seen.outcome.clocks]
    assert cycles == [
        ("callback", 1, "cancelled"),
        ("contact", 1, "met"),
        ("onsite", 1, "met"),
        ("report", 1, "met"),
        ("resolve", 1, "met"),
        ("resolve", 2, "running"),
        ("respond", 1, "met"),
        ("restore", 1, "met"),
        ("restore", 2, "running"),
    ]
    assert seen.due("restore", 2) == "2026-11-02 14:00"
    assert seen.due("resolve", 2) == "2026-11-04 12:00"
    assert shown(seen.clock("restore", 2).started_at) == "2026-11-02 12:00"


def test_new_cycle_climbs_its_own_ladder() -> None:
    seen = solved(told("reopened", "2026-11-02 12:00"), until="2026-11-02 15:00")
    assert seen.alerts("restore", 1) == []
    assert [at[-5:] for _, at in seen.alerts("restore", 2)] == ["13:00", "13:36", "14:00", "15:00"]


def test_next_resolution_starts_a_new_callback() -> None:
    seen = solved(
        told("reopened", "2026-11-02 12:00"),
        told("resolved", "2026-11-03 09:00"),
        called_back("2026-11-03 15:00"),
        until="2026-11-06 00:00",
    )
    assert (seen.state("callback", 1), seen.state("callback", 2)) == ("cancelled", "met")
    assert seen.due("callback", 2) == "2026-11-04 18:00"
    assert seen.state("restore", 2) == "met_late"
    assert seen.state("resolve", 2) == "met"


def test_finished_callback_stays_as_it_was() -> None:
    seen = solved(
        called_back("2026-11-02 11:00"),
        told("reopened", "2026-11-02 12:00"),
        until="2026-11-02 12:00",
    )
    assert seen.state("callback", 1) == "met"


def test_callback_overdue_when_reopened_stays_breached_and_climbs_no_further() -> None:
    seen = solved(told("reopened", "2026-11-04 09:00"), until="2026-11-10 00:00")
    assert seen.state("callback", 1) == "breached"
    assert [step for step, _ in seen.alerts("callback")] == ["engineer", "pm", "leadership"]


def test_second_resolution_without_reopening_starts_nothing() -> None:
    seen = solved(told("resolved", "2026-11-02 12:00"), until="2026-11-02 12:00")
    assert seen.due("callback") == "2026-11-03 18:00"
    assert seen.names().count("callback") == 1


def test_complaint_is_closed_again() -> None:
    seen = story(
        reported(S1, "2026-11-02 09:00", kind="complaint"),
        told("responded", "2026-11-02 10:00"),
        told("resolved", "2026-11-03 10:00"),
        told("closed", "2026-11-03 11:00"),
        told("reopened", "2026-11-04 09:00"),
        told("closed", "2026-11-12 09:00"),
        until="2026-11-12 10:00",
    )
    assert (seen.state("close", 1), seen.state("close", 2)) == ("met", "met_late")
    assert seen.due("close", 2) == "2026-11-11 18:00"
    assert seen.names().count("first_reply") == 1


def test_unfinished_promise_of_the_first_cycle_is_still_held() -> None:
    """Reopening cancels an unfinished callback and nothing else: five working days stay five."""
    seen = story(
        reported(S1, "2026-11-02 09:00", kind="complaint"),
        told("responded", "2026-11-02 10:00"),
        told("resolved", "2026-11-03 10:00"),
        told("reopened", "2026-11-04 09:00"),
        told("closed", "2026-11-10 09:00"),
        until="2026-11-12 10:00",
    )
    assert (seen.state("close", 1), seen.due("close", 1)) == ("met_late", "2026-11-09 18:00")
    assert (seen.state("close", 2), seen.due("close", 2)) == ("met", "2026-11-11 18:00")


def test_visit_that_was_first_required_after_reopening() -> None:
    seen = story(
        reported(S1, "2026-11-02 09:00", severity="3", place="local"),
        told("resolved", "2026-11-02 10:00"),
        told("reopened", "2026-11-02 11:00"),
        told("onsite_required", "2026-11-02 11:30"),
        until="2026-11-02 12:00",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("running", "2026-11-02 15:30")


def test_severity_change_in_the_second_cycle_counts_from_the_reopening() -> None:
    seen = solved(
        told("reopened", "2026-11-02 12:00"),
        told("reclassified", "2026-11-02 12:30", place="other"),
        until="2026-11-02 12:30",
    )
    assert seen.due("restore", 2) == "2026-11-02 16:00"
    assert seen.due("restore", 1) == "2026-11-02 10:00"


def test_three_cycles() -> None:
    seen = solved(
        told("reopened", "2026-11-02 12:00"),
        told("resolved", "2026-11-02 12:30"),
        told("reopened", "2026-11-02 13:00"),
        told("resolved", "2026-11-02 13:30"),
        until="2026-11-02 14:00",
    )
    assert [c.cycle for c in seen.outcome.clocks if c.clock == "callback"] == [1, 2, 3]
    assert [c.cycle for c in seen.outcome.clocks if c.clock == "restore"] == [1, 2, 3]
