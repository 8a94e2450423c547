"""Why a clock is due when it is: clause, start, working time, pauses, and what moved it (SL-11)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from aftercare_events.catalogue.case import Step
from aftercare_events.sealing import Sealed

from .calendar import Interval
from .course import named
from .evolve import courses
from .facts import Agreed, Fact, name_of, reason_of
from .instants import from_micros, seconds, to_micros
from .standing import ClockRecord, pauses_of, record_of
from .state import CaseClocks, Clock, Course
from .terms import Row, Terms
from .units import write_target

_MOST_STRETCHES = 60
AGREED_WITH_CUSTOMER = "agreed with the customer"


class Stretch(msgspec.Struct, frozen=True):
    """From one instant to another, with the working time in between."""

    begin: datetime
    end: datetime
    seconds: int | float


class Moved(msgspec.Struct, frozen=True):
    """What an event did to a clock: a new due time, or how it ended; `reason` where it has one."""

    at: datetime
    cause: str
    due_at: datetime
    outcome: str | None
    reason: str | None


class Agreement(msgspec.Struct, frozen=True):
    """Who agreed to a due time of its own for this case, when and why (SL-13)."""

    at: datetime
    agreed_with: Sealed | str
    reason: str


class StepAt(msgspec.Struct, frozen=True):
    """A step of the ladder; without `fire_at` a pause holds it."""

    step: Step
    fire_at: datetime | None
    fired: bool


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One clock with everything its due time rests on.

    Times are in UTC; `time_zone` is where the calendar lives. `stretches` are the working time
    that was counted, `left_out` how many more there were. `chosen` says which values the
    contract did not give.
    """

    record: ClockRecord
    clause: str
    chosen: dict[str, str]
    starts: str
    met_by: str
    target: str
    calendar: str
    time_zone: str
    stretches: tuple[Stretch, ...]
    left_out: int
    pauses: tuple[Stretch, ...]
    moved_by: tuple[Moved, ...]
    steps: tuple[StepAt, ...]
    agreement: Agreement | None = None


def explain(state: CaseClocks, until: datetime, terms: Terms) -> list[Explanation]:
    """Every clock of a case as it stands at `until`, by clock and cycle."""
    moves = _moves(state, terms)
    ordered = sorted(state.course.clocks, key=lambda clock: (clock.name, clock.cycle))
    return [
        _explained(state, clock, to_micros(until), terms, moves[clock.name, clock.cycle])
        for clock in ordered
    ]


def _explained(
    state: CaseClocks, clock: Clock, until: int, terms: Terms, moves: Iterable[Moved]
) -> Explanation:
    row = terms.rows[clock.row]
    record = record_of(state, clock, until, row)
    pauses = pauses_of(state, clock, until, row)
    stretches = list(_stretches(row, clock.started_at, to_micros(record.due_at), pauses))
    return Explanation(
        record=record,
        clause=row.promise.clause,
        chosen=row.promise.chosen,
        starts="deadline_agreed" if clock.agreed else row.promise.starts,
        met_by=row.promise.met_by,
        target=AGREED_WITH_CUSTOMER if clock.agreed else write_target(row.promise.target),
        calendar=row.promise.calendar,
        time_zone=row.calendar.spec.time_zone,
        stretches=tuple(stretches[:_MOST_STRETCHES]),
        left_out=max(len(stretches) - _MOST_STRETCHES, 0),
        pauses=tuple(_stretch(row, pause) for pause in pauses),
        moved_by=tuple(moves),
        steps=tuple(
            StepAt(s.step, None if s.fire_at is None else from_micros(s.fire_at), s.fired)
            for s in clock.steps
        ),
        agreement=_agreement(state, clock),
    )


def _agreement(state: CaseClocks, clock: Clock) -> Agreement | None:
    """The agreement that holds: the latest about that clock, by when it was made."""
    made = [fact for fact in state.facts if isinstance(fact, Agreed) and named(fact) == clock.name]
    if not made:
        return None
    fact = max(made, key=lambda fact: fact.at)
    return Agreement(from_micros(fact.at), fact.agreed_with, fact.reason)


def _stretches(row: Row, start: int, due: int, pauses: Iterable[Interval]) -> Iterator[Stretch]:
    """The working time between start and due that no pause took away."""
    at = start
    for begin, end in (*pauses, (due, due)):
        if at < begin:
            for opening in row.calendar.openings(at, begin):
                yield _stretch(row, opening)
        at = max(at, end)


def _stretch(row: Row, interval: Interval) -> Stretch:
    begin, end = interval
    spent = row.calendar.spent_micros(begin, end)
    return Stretch(from_micros(begin), from_micros(end), seconds(spent))


def _moves(state: CaseClocks, terms: Terms) -> dict[tuple[str, int], list[Moved]]:
    """For each clock, the facts that changed its due time or ended it, as they happened."""
    moves: dict[tuple[str, int], list[Moved]] = {}
    before: dict[tuple[str, int], Clock] = {}
    for fact, course in courses(state, terms):
        for clock in course.clocks:
            key = (clock.name, clock.cycle)
            if key not in before:
                moves[key] = []
            elif _differs(before[key], clock):
                moves[key].append(_moved(fact, clock, course))
            before[key] = clock
    return moves


def _differs(before: Clock, after: Clock) -> bool:
    return (before.due_at, before.outcome, before.paused_since) != (
        after.due_at,
        after.outcome,
        after.paused_since,
    )


def _moved(fact: Fact | None, clock: Clock, course: Course) -> Moved:
    at = course.reported_at if fact is None else fact.at
    cause, reason = (name_of(fact), reason_of(fact)) if fact else ("reported", None)
    return Moved(from_micros(at), cause, from_micros(clock.due_at), clock.outcome, reason)
