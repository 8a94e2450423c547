"""Changes of a case that several facts make."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.milestones import MET_BY

from .case_state import CaseState, Former
from .slot import Slot
from .support import first_mode

# Two clocks may differ; so may the one of the report and the one of what follows it.
SKEW = timedelta(minutes=1)
MOST_FORMER = 30


def wanting(state: CaseState, at: datetime) -> CaseState:
    """Back on the list, in the mode that was lost; nobody is looked for once it is over.

    Nor while experts or a vendor have it: whoever gave it up is not missed before it is given back.
    """
    if state.stage != "open":
        return state
    if state.expert is not None:
        return replace(given_up(state, at), assignment=None)
    return replace(
        given_up(state, at),
        assignment=None,
        wanted=mode_sought(state),
        wanted_since=at,
        unattended=False,
    )


def given_up(state: CaseState, at: datetime) -> CaseState:
    """Who had it until now, for what they did and tell later."""
    if state.assignment is None:
        return state
    former = (*state.former, Former(held=state.assignment, until=at))
    return replace(state, former=former[-MOST_FORMER:])


def mode_sought(state: CaseState) -> c.Mode:
    """In which somebody would be looked for, if whoever has the case had it no longer."""
    if state.onsite_required:
        return "onsite"
    if state.assignment is not None:
        return state.assignment.mode
    if state.former:
        return state.former[-1].held.mode
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


def on_assignment_of(
    state: CaseState, engineer_id: str | None, at: datetime, **changes: object
) -> CaseState:
    """What somebody did at `at`, who has it now or had it then; who has it stays."""
    held = state.assignment
    if engineer_id is None or (held is not None and held.engineer_id == engineer_id):
        return on_assignment(state, **changes)
    then = former_at(state, engineer_id, at)
    if then is None:
        return state
    now = Former(held=replace(then.held, **changes), until=then.until)
    return replace(state, former=tuple(now if one is then else one for one in state.former))


def former_at(state: CaseState, engineer_id: str, at: datetime) -> Former | None:
    """The time during which an engineer had the case at `at`, and has it no longer."""
    return next(
        (
            one
            for one in reversed(state.former)
            if one.held.engineer_id == engineer_id and one.held.at - SKEW <= at <= one.until
        ),
        None,
    )


def on_assignment(state: CaseState, **changes: object) -> CaseState:
    if state.assignment is None:
        return state
    return replace(state, assignment=replace(state.assignment, **changes))
