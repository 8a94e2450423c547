"""Which steps of which ladders are due, and when the next one will be."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from aftercare_events.catalogue.case import Step

from .policy import LadderStep
from .standing import due_at, pauses_of
from .state import ArmedStep, CaseClocks, Clock, RaisedAlert
from .terms import Row, Terms

_BASIS_POINTS = 10_000
RANKS: tuple[Step, ...] = ("engineer", "pm", "leadership", "executive")


class DueStep(NamedTuple):
    """A step whose instant has come; instants in microseconds."""

    case_id: str
    clock: str
    cycle: int
    step: Step
    arm: int
    fire_at: int
    due_at: int
    row: int


def share(target: int, rung: LadderStep) -> int:
    """The part of a target after which a step fires, in microseconds, rounded up.

    Negative when an offset before the due time reaches back behind the start.
    """
    return -(-target * rung.basis_points // _BASIS_POINTS) + rung.offset


def due_steps(state: CaseClocks, until: int, terms: Terms) -> list[DueStep]:
    """The steps that have not fired although their instant came by `until`, in order.

    Whoever calls this has told the state everything that happened by then, `until` included: a
    milestone at the very instant of a step wins.
    """
    due = [
        _due_step(state, clock, step, instant, terms.rows[clock.row])
        for clock, step, instant in _armed(state)
        if instant <= until
    ]
    return sorted(due, key=in_order)


def _due_step(state: CaseClocks, clock: Clock, step: ArmedStep, fire_at: int, row: Row) -> DueStep:
    due = clock.due_at
    if clock.paused_since is not None:
        due = due_at(clock, row, pauses_of(state, clock, fire_at, row))
    return DueStep(
        state.case_id, clock.name, clock.cycle, step.step, step.arm, fire_at, due, clock.row
    )


def in_order(step: DueStep) -> tuple[int, str, str, int, int, int]:
    """By instant, then case, clock, rank and cycle."""
    rank = RANKS.index(step.step)
    return (step.fire_at, step.case_id, step.clock, rank, step.cycle, step.arm)


def next_step_at(state: CaseClocks) -> int | None:
    """The instant of the next step that will fire unless something happens before."""
    return min((instant for _, _, instant in _armed(state)), default=None)


def raised(state: CaseClocks, step: DueStep, at: int) -> CaseClocks:
    """The state once an alert has been raised for a step at `at`: the step has fired."""
    return with_fired(replace(state, alerts=(*state.alerts, _alert(state, step, at))))


def fired_by(state: CaseClocks, instant: int, terms: Terms) -> CaseClocks:
    """The state once every step due by `instant` has been raised, each at its own instant."""
    due = due_steps(state, instant, terms)
    if not due:
        return state
    alerts = (_alert(state, step, step.fire_at) for step in due)
    return with_fired(replace(state, alerts=(*state.alerts, *alerts)))


def _alert(state: CaseClocks, step: DueStep, at: int) -> RaisedAlert:
    return RaisedAlert(
        clock=step.clock,
        cycle=step.cycle,
        step=step.step,
        arm=step.arm,
        fire_at=step.fire_at,
        seen=len(state.facts),
        resolved=False,
        rung_at=at,
    )


def with_fired(state: CaseClocks) -> CaseClocks:
    """The state with every step marked for which an alert stands in the history."""
    fired = {(a.clock, a.cycle, a.step, a.arm) for a in state.alerts}
    clocks = tuple(_marked(clock, fired) for clock in state.course.clocks)
    return replace(state, course=replace(state.course, clocks=clocks))


def _marked(clock: Clock, fired: Container[tuple[str, int, str, int]]) -> Clock:
    if not clock.steps:
        return clock
    steps = tuple(
        ArmedStep(s.step, s.fire_at, s.arm, (clock.name, clock.cycle, s.step, s.arm) in fired)
        for s in clock.steps
    )
    return clock if steps == clock.steps else replace(clock, steps=steps)


def _armed(state: CaseClocks) -> Iterator[tuple[Clock, ArmedStep, int]]:
    for clock in state.course.clocks:
        if clock.outcome:
            continue
        for step in clock.steps:
            if not step.fired and step.fire_at is not None:
                yield clock, step, step.fire_at
