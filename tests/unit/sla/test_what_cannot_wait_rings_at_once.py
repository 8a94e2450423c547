"""IN-13: with nobody to send, what cannot wait rings the duty desk now, not at half the time."""

import pytest

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import AlertRaised
from sla_monitor.domain.decide import decide_due, next_fire_at
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.state import CaseClocks
from support.clock_stories import POLICIES, local, reported, shown, told
from support.random_histories import terms_of

NIGHT, LATER = "2026-11-02 23:00", "2026-11-02 23:01"


def case(*events: bytes) -> CaseClocks:
    state: CaseClocks | None = None
    for event in events:
        state = evolve(state, read_event(event), POLICIES)
    assert state is not None
    return state


def lighting(severity: str) -> bytes:
    options = {"hours": "5x8"}
    return reported("lighting-maintenance", NIGHT, severity=severity, policy_options=options)


def raised(state: CaseClocks, at: str) -> list[tuple[str, str, str]]:
    said = decide_due(state, local(at), terms_of(state))
    return [(one.clock, one.step, one.recipient) for one in said if isinstance(one, AlertRaised)]


def test_urgent_fault_at_night_rings_the_duty_desk_as_soon_as_nobody_was_found() -> None:
    state = case(lighting("urgent"))
    assert raised(state, LATER) == []
    state = case(lighting("urgent"), told("unattended", LATER))
    assert raised(state, LATER) == [("respond", "engineer", "duty-desk")]


def test_clock_that_sleeps_until_morning_rings_all_the_same() -> None:
    """Whoever says that it cannot wait knows the contract; the clock's due time stays."""
    asleep, woken = case(lighting("normal")), case(lighting("normal"), told("unattended", LATER))
    assert raised(woken, LATER) == [("respond", "engineer", "duty-desk")]
    assert [c.due_at for c in woken.course.clocks] == [c.due_at for c in asleep.course.clocks]


def test_it_rings_once_and_the_other_steps_come_in_their_time() -> None:
    state = case(lighting("urgent"), told("unattended", LATER))
    for data in decide_due(state, local(LATER), terms_of(state)):
        event = record(data, service="sla", time=local(LATER), actor="sla")
        state = evolve(state, event, POLICIES) or state
    assert raised(state, LATER) == raised(state, "2026-11-02 23:20") == []
    upcoming = next_fire_at(state, terms_of(state))
    assert upcoming is not None
    assert shown(upcoming) == "2026-11-02 23:24"
    assert raised(state, "2026-11-02 23:24") == [("respond", "pm", "pm")]


@pytest.mark.parametrize("ended", ["responded", "withdrawn"])
def test_clock_that_has_ended_rings_nobody(ended: str) -> None:
    state = case(lighting("urgent"), told(ended, NIGHT), told("unattended", LATER))
    assert "respond" not in {clock for clock, _, _ in raised(state, LATER)}
