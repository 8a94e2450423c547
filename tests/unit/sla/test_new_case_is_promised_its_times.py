"""Which due times a customer may be told when the case begins."""

from typing import Any

from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve, terms_of
from sla_monitor.domain.promising import promised
from support.clock_stories import POLICIES, reported, shown, told


def times(*events: bytes) -> list[tuple[str, str, bool]]:
    state = None
    for event in events:
        state = evolve(state, read_event(event), POLICIES)
    assert state is not None
    said = promised(state, terms_of(state, POLICIES))
    return [(time.clock, shown(time.due_at), time.provisional) for time in said.promised]


def fault(at: str = "2026-11-02 08:00", **changes: Any) -> bytes:
    values = {"severity": "1", "category": "network", "place": "local"} | changes
    return reported("it-integration", at, **values)


def test_promises_stand_in_the_order_in_which_they_fall_due() -> None:
    assert times(fault()) == [
        ("contact", "2026-11-02 08:10", False),
        ("respond", "2026-11-02 09:00", False),
        ("onsite", "2026-11-02 13:00", False),
        ("resolve", "2026-11-04 08:00", False),
    ]


def test_duty_to_report_is_no_promise_to_the_customer() -> None:
    state = evolve(None, read_event(fault()), POLICIES)
    assert state is not None
    assert "report" in {clock.name for clock in state.course.clocks}
    assert "report" not in {clock for clock, _, _ in times(fault())}


def test_what_was_kept_already_is_not_promised_any_more() -> None:
    contacted = told("contacted", "2026-11-02 08:01")
    assert [clock for clock, _, _ in times(fault(), contacted)] == ["respond", "onsite", "resolve"]


def test_time_that_official_days_may_still_move_is_provisional() -> None:
    late = reported("software-maintenance", "2027-02-05 16:30", severity="partial")
    # The respond clock runs around the clock; the onsite clock in an office of a year to come.
    assert [(clock, provisional) for clock, _, provisional in times(late)] == [
        ("respond", False),
        ("onsite", True),
    ]


def test_contract_without_times_promises_none() -> None:
    assert times(reported("it-integration", "2026-11-02 08:00", kind="question")) == []
