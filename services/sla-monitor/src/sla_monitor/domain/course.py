"""The fold: what each fact does to the clocks of its case, in the order they happened."""

from collections.abc import Callable
from typing import assert_never

from msgspec.structs import replace

from . import clock as clocks
from .facts import (
    Agreed,
    Assigned,
    Called,
    Changed,
    Ended,
    Fact,
    Milestone,
    Moved,
    OnsiteRequired,
    Paused,
    Placed,
    Released,
    Reopened,
    Resumed,
    Unattended,
)
from .milestones import CLEARS, MEETS
from .policy import CYCLING
from .spending import UNPAUSED, Covered, covered
from .state import Clock, Course, Outcome, Pause, Reached
from .team import History, called_together
from .terms import Attributes, Row, Terms
from .unattended import rung_at_once

AGREED = "/agreed"


def begun(reported_at: int, attributes: Attributes, terms: Terms) -> Course:
    """A case as it stands when it has just been reported."""
    course = Course(
        at=reported_at, reported_at=reported_at, cycle_began=reported_at, attributes=attributes
    )
    return _opened(course, terms, reported_at)


def applied(course: Course, fact: Fact, terms: Terms, fired: History) -> Course:
    """The case after `fact`, which happened no earlier than anything applied before."""
    course = replace(course, at=max(course.at, fact.at))
    match fact:
        case Milestone(at, name):
            return _reached(course, at, name, terms)
        case Assigned() | Released():
            return _handed(course, fact, terms)
        case Unattended() | Called():
            return _rung(course, fact, fired)
        case Changed() | Moved() | Placed():
            return _changed(course, fact, terms, fired)
        case OnsiteRequired(at):
            return _onsite_required(course, at, terms)
        case Paused() | Resumed():
            return _halted(course, fact, terms)
        case Reopened(at):
            return _reopened(course, at, terms)
        case Ended(at):
            return _ended(course, at, terms)
        case Agreed():
            return _agreed(course, fact, terms, fired)
        case _:
            assert_never(fact)


def _rung(course: Course, fact: Unattended | Called, fired: History) -> Course:
    if isinstance(fact, Unattended):
        return rung_at_once(course, fact.at)
    return called_together(course, fact, fired)


def _handed(course: Course, fact: Assigned | Released, terms: Terms) -> Course:
    if isinstance(fact, Assigned):
        return _reached(replace(course, engineer=fact.engineer), fact.at, "assigned", terms)
    holds_it = fact.engineer is None or fact.engineer == course.engineer
    return replace(course, engineer=None) if holds_it else course


def _reached(course: Course, at: int, name: str, terms: Terms) -> Course:
    reached = (*course.reached, Reached(at, name, course.cycle))
    stopped = _running(course, terms, lambda c, row: _after(course, c, row, reached[-1]))
    course = replace(stopped, reached=reached)
    return _opened(course, terms, at) if name == "resolved" else course


def _after(course: Course, clock: Clock, row: Row, milestone: Reached) -> Clock:
    """The clock after a milestone: met, cleared away, or as it was."""
    met_by = row.promise.met_by
    if met_by in MEETS[milestone.name]:
        return _stopped(course, clock, row, milestone.at, "met")
    if met_by in CLEARS.get(milestone.name, ()) and milestone.at >= clock.started_at:
        return _stopped(course, clock, row, milestone.at, "cancelled")
    return clock


def _changed(
    course: Course, change: Changed | Moved | Placed, terms: Terms, fired: History
) -> Course:
    """What depends on attributes or terms follows them, from the original starts (SL-08)."""
    if isinstance(change, Moved | Placed):
        course = replace(course, stage=terms.stage_of(change.terms))
    if isinstance(change, Placed):
        course = replace(course, attributes=_placed(course.attributes, change))
    elif isinstance(change, Changed):
        course = replace(course, attributes=_merged(course.attributes, change))
    return _recalculated(course, change.at, terms, fired)


def _recalculated(course: Course, at: int, terms: Terms, fired: History) -> Course:
    if course.ended:
        return course
    chosen = terms.stages[course.stage].applicable(course.attributes)
    followed = tuple(
        _followed(course, clock, chosen.get(clock.name), at, terms, fired)
        for clock in course.clocks
    )
    return _opened(replace(course, clocks=followed), terms, at)


def _merged(attributes: Attributes, change: Changed) -> Attributes:
    named = {
        name: value
        for name in ("severity", "kind", "category", "place", "distance_km", "device_id")
        if (value := getattr(change, name)) is not None
    }
    if change.use_affected is not None:
        named["use_affected"] = change.use_affected
    return replace(attributes, **named)


def _placed(attributes: Attributes, placed: Placed) -> Attributes:
    """Options and warranty are those of the customer's contract, whatever held until then."""
    merged = _merged(attributes, placed.attributes)
    return replace(merged, in_warranty=placed.in_warranty, options=placed.options)


def _followed(
    course: Course, clock: Clock, row: Row | None, at: int, terms: Terms, fired: History
) -> Clock:
    """One clock after a change of attributes. What is met, cleared or reported stays so."""
    if clock.agreed or clock.outcome in ("met", "cancelled"):
        return clock
    old = terms.rows[clock.row]
    if old.promise.duty and clock.outcome is None and clock.breach_at < at:
        return clock
    if row is None or _start(course, row) is None:
        return clock if clock.outcome else _stopped(course, clock, old, at, "inapplicable")
    if clock.outcome is None and row.index == clock.row:
        return clock
    if clock.outcome and clock.cycle != _cycle(course, row):
        return clock
    anew = clocks.recalculated(
        clock,
        row,
        at,
        _covered(course, row),
        lambda step, arm: fired(clock.name, clock.cycle, step, arm),
    )
    return _caught_up(course, anew, row)


def _onsite_required(course: Course, at: int, terms: Terms) -> Course:
    if course.onsite_required_at is not None:
        return course
    return _opened(replace(course, onsite_required_at=at), terms, at)


def _halted(course: Course, fact: Paused | Resumed, terms: Terms) -> Course:
    if isinstance(fact, Paused):
        return _paused(course, fact.at, fact.reason, terms)
    return _resumed(course, fact.at, fact.reason, terms)


def _paused(course: Course, at: int, reason: str, terms: Terms) -> Course:
    if any(pause.end is None and pause.reason == reason for pause in course.pauses):
        return course
    course = replace(course, pauses=(*course.pauses, Pause(at, None, reason)))
    return _running(
        course, terms, lambda c, row: clocks.paused(c, at) if _may_pause(c, row, reason) else c
    )


def _may_pause(clock: Clock, row: Row, reason: str) -> bool:
    return reason in row.promise.pauses and not clock.agreed


def _resumed(course: Course, at: int, reason: str | None, terms: Terms) -> Course:
    """Ends the open pause of that reason; a reason that names none of them ends them all."""
    open_reasons = {pause.reason for pause in course.pauses if pause.end is None}
    ending = {reason} if reason in open_reasons else open_reasons
    pauses = tuple(
        replace(pause, end=at) if pause.end is None and pause.reason in ending else pause
        for pause in course.pauses
    )
    course = replace(course, pauses=pauses)
    return _running(
        course,
        terms,
        lambda c, row: c if c.paused_since is None else clocks.timed(c, row, _covered(course, row)),
    )


def _reopened(course: Course, at: int, terms: Terms) -> Course:
    """A new cycle; a callback that nobody has finished asks about a solution that was none."""
    quiet = _running(
        course,
        terms,
        lambda c, row: (
            _stopped(course, c, row, at, "cancelled") if row.promise.starts == "resolved" else c
        ),
    )
    again = replace(quiet, cycle=course.cycle + 1, cycle_began=at, ended=False)
    return _opened(again, terms, at, first_cycle=again.cycle)


def _ended(course: Course, at: int, terms: Terms) -> Course:
    stopped = _running(course, terms, lambda c, row: _stopped(course, c, row, at, "cancelled"))
    return replace(stopped, ended=True)


def _agreed(course: Course, fact: Agreed, terms: Terms, fired: History) -> Course:
    """A later agreement about the same clock takes the place of the earlier one."""
    row = _row_named(course, fact.clock, terms)
    if row is None or course.ended:
        return course
    name, cycle = named(fact), _cycle(course, row)
    before = next((c for c in course.clocks if (c.name, c.cycle) == (name, cycle)), None)
    if before is not None and before.outcome:
        return course
    clock = clocks.agreed(
        name,
        row,
        before,
        cycle=cycle,
        at=fact.at,
        due=fact.due_at,
        fired_at=lambda step, arm: fired(name, cycle, step, arm),
    )
    others = tuple(c for c in course.clocks if c is not before)
    return replace(course, clocks=(*others, _caught_up(course, clock, row)))


def named(fact: Agreed) -> str:
    """The clock that keeps an agreement, beside the contract's of that name."""
    return fact.clock + AGREED


def _row_named(course: Course, name: str, terms: Terms) -> Row | None:
    now = terms.stages[course.stage]
    applicable = now.applicable(course.attributes).get(name)
    return applicable or next((row for row in now.own if row.promise.clock == name), None)


def _opened(course: Course, terms: Terms, at: int, *, first_cycle: int = 1) -> Course:
    """Every clock that applies and whose start has come, as far as it is not there yet.

    `first_cycle` leaves out what no reopening starts again.
    """
    if course.ended:
        return course
    there = {(clock.name, clock.cycle) for clock in course.clocks}
    added: list[Clock] = []
    for name, row in terms.stages[course.stage].applicable(course.attributes).items():
        cycle, start = _cycle(course, row), _start(course, row)
        if start is None or cycle < first_cycle or (name, cycle) in there:
            continue
        clock = clocks.opened(row, start=start, cycle=cycle, since=at, pauses=_covered(course, row))
        added.append(_caught_up(course, clock, row))
    return replace(course, clocks=(*course.clocks, *added)) if added else course


def _caught_up(course: Course, clock: Clock, row: Row) -> Clock:
    """A clock that came late, after what was reached before has been counted."""
    for milestone in course.reached:
        if row.promise.clock in CYCLING and milestone.cycle != clock.cycle:
            continue
        if row.promise.starts == "resolved" and milestone.at < clock.started_at:
            continue
        clock = _after(course, clock, row, milestone)
        if clock.outcome:
            break
    return clock


def _cycle(course: Course, row: Row) -> int:
    again = row.promise.clock in CYCLING or row.promise.starts == "resolved"
    return course.cycle if again else 1


def _start(course: Course, row: Row) -> int | None:
    """When the clock of that row started, or None as long as it has not."""
    if row.promise.clock in CYCLING and course.cycle > 1:
        return course.cycle_began
    match row.promise.starts:
        case "reported":
            return course.reported_at
        case "onsite_required":
            return course.onsite_required_at
        case "resolved":
            resolved = (r for r in course.reached if r.name == "resolved")
            return next((r.at for r in resolved if r.cycle == course.cycle), None)


def _stopped(course: Course, clock: Clock, row: Row, at: int, outcome: Outcome) -> Clock:
    return clocks.ended(clock, row, at, outcome, _covered(course, row))


def _covered(course: Course, row: Row) -> Covered:
    return covered(course.pauses, row.promise.pauses) if course.pauses else UNPAUSED


def _running(course: Course, terms: Terms, change: Callable[[Clock, Row], Clock]) -> Course:
    """The course with `change` made to every clock that has not ended."""
    return replace(
        course,
        clocks=tuple(
            clock if clock.outcome else change(clock, terms.rows[clock.row])
            for clock in course.clocks
        ),
    )
