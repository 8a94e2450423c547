"""How a clock stands at an instant, and the record that is shown of it."""

from datetime import datetime
from typing import Literal

import msgspec

from .calendar import Interval
from .instants import from_micros, seconds
from .spending import covered, delaying
from .state import CaseClocks, Clock
from .terms import Row, Terms

ClockState = Literal["running", "paused", "met", "breached", "met_late", "cancelled", "reported"]


class ClockRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of one case as it stands at an instant; times in UTC."""

    case_id: str
    clock: str
    cycle: int
    state: ClockState
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    paused_s: int | float
    policy: str
    policy_version: int
    breached_at: datetime | None
    provisional: bool


def clocks_at(state: CaseClocks, until: int, terms: Terms) -> list[ClockRecord]:
    """The clocks of a case at `until` (microseconds), by clock and cycle.

    The state must hold nothing that happened later.
    """
    ordered = sorted(state.course.clocks, key=lambda clock: (clock.name, clock.cycle))
    return [record_of(state, clock, until, terms.rows[clock.row]) for clock in ordered]


def record_of(state: CaseClocks, clock: Clock, until: int, row: Row) -> ClockRecord:
    standing = state_of(clock, row, until)
    pauses = pauses_of(state, clock, until, row)
    due = due_at(clock, row, pauses)
    breached = breach_stands(clock, row, until)
    return ClockRecord(
        case_id=state.case_id,
        clock=clock.name,
        cycle=clock.cycle,
        state=standing,
        started_at=from_micros(clock.started_at),
        due_at=from_micros(due),
        met_at=_met_at(clock, standing),
        paused_s=seconds(sum(row.calendar.spent_micros(begin, end) for begin, end in pauses)),
        policy=row.policy,
        policy_version=row.version,
        breached_at=from_micros(clock.breach_at) if breached else None,
        provisional=not clock.agreed and row.calendar.is_provisional(clock.started_at, due),
    )


def state_of(clock: Clock, row: Row, until: int) -> ClockState:
    if row.promise.duty and not clock.agreed:
        return _duty_state(clock, until)
    ended = clock.ended_at if clock.ended_at is not None else until
    match clock.outcome:
        case "met":
            return "met" if ended <= clock.due_at else "met_late"
        case "cancelled":
            never_broke = ended <= clock.due_at or ended < clock.since
            return "cancelled" if never_broke else "breached"
        case "inapplicable":
            return "cancelled"
        case None:
            if clock.paused_since is not None:
                return "paused"
            return "breached" if clock.breach_at <= until else "running"


def _duty_state(clock: Clock, until: int) -> ClockState:
    """A reporting duty is done when it has been reported, and cannot breach."""
    if clock.outcome == "inapplicable":
        return "cancelled"
    if clock.outcome is None or clock.ended_at is None:
        return "reported" if clock.breach_at <= until else "running"
    if clock.ended_at > clock.due_at:
        return "reported"
    return "met" if clock.outcome == "met" else "cancelled"


def breach_stands(clock: Clock, row: Row, until: int) -> bool:
    """Whether a promise was broken; not when it was met before it began to apply."""
    if row.promise.duty and not clock.agreed:
        return False
    met_before = clock.ended_at is not None and clock.ended_at < clock.since
    return not met_before and state_of(clock, row, until) in ("breached", "met_late")


def pauses_of(state: CaseClocks, clock: Clock, until: int, row: Row) -> list[Interval]:
    """The pauses that moved the due time, an open one as if it ended at `until`, and no
    further than to the end of the clock."""
    if clock.agreed:
        return []
    end = clock.ended_at if clock.ended_at is not None else until
    intervals = covered(state.course.pauses, row.promise.pauses).ending(end)
    cut = [(max(b, clock.started_at), min(e, end)) for b, e in intervals]
    cut = [(begin, stop) for begin, stop in cut if begin < stop]
    due = row.calendar.due_micros(clock.started_at, clock.target, cut)
    return list(delaying(cut, due))


def due_at(clock: Clock, row: Row, pauses: list[Interval]) -> int:
    if clock.agreed:
        return clock.due_at
    return row.calendar.due_micros(clock.started_at, clock.target, pauses)


def _met_at(clock: Clock, standing: ClockState) -> datetime | None:
    if standing not in ("met", "met_late") or clock.ended_at is None:
        return None
    return from_micros(clock.ended_at)
