"""Changes of a case that several facts make."""

from datetime import datetime

from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.milestones import MET_BY

from .case_state import CaseState
from .slot import Slot
from .support import first_mode


def wanting(state: CaseState, at: datetime) -> CaseState:
    """Back on the list, in the mode that was lost; nobody is looked for once it is over."""
    if state.stage != "open":
        return state
    return replace(
        state, assignment=None, wanted=mode_sought(state), wanted_since=at, unattended=False
    )


def mode_sought(state: CaseState) -> c.Mode:
    """In which somebody would be looked for, if whoever has the case had it no longer."""
    if state.onsite_required:
        return "onsite"
    if state.assignment is not None:
        return state.assignment.mode
    return first_mode(state.report) if state.report else "hotline"


def reached(state: CaseState, milestone: str, at: datetime) -> CaseState:
    """The first report of a milestone stands; a later one never moves it."""
    if milestone in state.milestones:
        return state
    kept = MET_BY.get(milestone, frozenset[str]())
    return replace(
        state,
        milestones={**state.milestones, milestone: at},
        breached=state.breached - kept,
        due={clock: due for clock, due in state.due.items() if clock not in kept},
    )


def slot_of(
    fact: c.CaseAssigned | c.EngineerDeparted | c.EngineerArrived | c.EngineerAttended,
) -> Slot | None:
    """The visit that is booked with it."""
    return Slot(fact.slot_start, fact.slot_end) if fact.slot_start and fact.slot_end else None


def on_assignment(state: CaseState, **changes: object) -> CaseState:
    if state.assignment is None:
        return state
    return replace(state, assignment=replace(state.assignment, **changes))
