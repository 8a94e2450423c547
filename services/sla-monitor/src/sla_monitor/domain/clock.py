"""One clock: opened, recalculated, paused, resumed and ended. Pure arithmetic on `Clock`."""

from collections.abc import Callable, Iterable, Sequence
from itertools import count

from msgspec.structs import replace

from .ladder import share
from .spending import UNPAUSED, Covered, delaying, target_micros
from .state import ArmedStep, Clock, Outcome
from .terms import Row

FiredAt = Callable[[str, int], int | None]
"""When the step of that name had fired, armed that many times, if before what is applied now."""


def opened(row: Row, *, start: int, cycle: int, since: int, pauses: Covered) -> Clock:
    """A clock of that row as it stands at `since`, which is its start unless it came late."""
    steps = tuple(ArmedStep(rung.step, None, 0, False) for rung in row.promise.ladder)
    target = target_micros(row.calendar, start, row.promise.target)
    due, paused_since, steps = _laid_out(row, start, target, since, steps, pauses)
    return Clock(
        name=row.promise.clock,
        cycle=cycle,
        row=row.index,
        started_at=start,
        target=target,
        due_at=due,
        since=since,
        breach_at=max(due, since),
        steps=steps,
        paused_since=paused_since,
    )


def timed(clock: Clock, row: Row, pauses: Covered) -> Clock:
    """The clock with its due time and its steps laid out anew across the pauses."""
    due, paused_since, steps = _laid_out(
        row, clock.started_at, clock.target, clock.since, clock.steps, pauses
    )
    return replace(
        clock,
        due_at=due,
        breach_at=max(due, clock.since),
        paused_since=paused_since,
        steps=steps,
    )


def _laid_out(
    row: Row,
    start: int,
    target: int,
    since: int,
    steps: Sequence[ArmedStep],
    pauses: Covered,
) -> tuple[int, int | None, tuple[ArmedStep, ...]]:
    """When a clock is due, since when it is paused, and its steps with their instants.

    Steps that have fired stay so; those that an open pause holds have no instant.
    """
    due = row.calendar.due_micros(start, target, pauses.closed)
    held = pauses.open_since if pauses.open_since is not None and due > pauses.open_since else None
    counting = delaying(pauses.closed, due)
    laid: list[ArmedStep] = []
    for step, rung in zip(steps, row.promise.ladder, strict=True):
        instant = row.calendar.due_micros(start, max(share(target, rung), 0), counting)
        fire_at = None if held is not None and instant > held else max(instant, since)
        laid.append(ArmedStep(step.step, fire_at, step.arm, step.fired))
    return due, None if held is None else max(held, start), tuple(laid)


def recalculated(clock: Clock, row: Row, at: int, pauses: Covered, fired_at: FiredAt) -> Clock:
    """The clock under another row of its contract, by a change at `at` (SL-08).

    From its original start, with the new target and the pauses replayed. A step whose new
    instant lies ahead is armed again even if it has fired, unless a change that was told late
    finds that it fired at that very instant; one whose instant has passed fires at the change
    unless it has fired. A clock that was breached and stays so keeps its moment.
    """
    fresh = opened(row, start=clock.started_at, cycle=clock.cycle, since=at, pauses=pauses)
    fresh = replace(fresh, steps=_rearmed(fresh.steps, clock.steps, at, fired_at))
    if _is_breached(clock, at) and fresh.paused_since is None and fresh.due_at <= at:
        return replace(fresh, breach_at=clock.breach_at)
    return fresh


def _is_breached(clock: Clock, at: int) -> bool:
    return clock.outcome is None and clock.paused_since is None and clock.breach_at < at


def _rearmed(
    fresh: Iterable[ArmedStep], before: Iterable[ArmedStep], at: int, fired_at: FiredAt
) -> tuple[ArmedStep, ...]:
    arms = {step.step: step.arm for step in before}

    def rearmed(step: ArmedStep) -> ArmedStep:
        arm = arms.get(step.step, 0)
        fired = fired_at(step.step, arm)
        if fired is None:
            return ArmedStep(step.step, step.fire_at, arm, False)
        if step.fire_at is not None and (step.fire_at <= at or step.fire_at == fired):
            return ArmedStep(step.step, step.fire_at, arm, True)
        # a ladder that left the step out for a while has forgotten how often it was armed
        unused = next(again for again in count(arm + 1) if fired_at(step.step, again) is None)
        return ArmedStep(step.step, step.fire_at, unused, False)

    return tuple(rearmed(step) for step in fresh)


def agreed(
    name: str,
    row: Row,
    before: Clock | None,
    *,
    cycle: int,
    at: int,
    due: int,
    fired_at: FiredAt,
) -> Clock:
    """A due time agreed with the customer: it counts wall time and nothing moves it (SL-13).

    It stands in the place of the agreement `before`, whose steps are armed again.
    """
    span = max(due - at, 0)
    steps = [
        ArmedStep(rung.step, max(at + share(span, rung), at), 0, False)
        for rung in row.promise.ladder
    ]
    return Clock(
        name=name,
        cycle=cycle,
        row=row.index,
        started_at=at,
        target=span,
        due_at=due,
        since=at,
        breach_at=max(due, at),
        steps=_rearmed(steps, before.steps if before else (), at, fired_at),
        agreed=True,
    )


def paused(clock: Clock, at: int) -> Clock:
    """The clock held from `at` on; one that is due by then goes on as if nothing had happened."""
    if clock.paused_since is not None or clock.due_at <= at:
        return clock
    steps = tuple(
        replace(step, fire_at=None) if step.fire_at is not None and step.fire_at > at else step
        for step in clock.steps
    )
    return replace(clock, paused_since=at, steps=steps)


def ended(clock: Clock, row: Row, at: int, outcome: Outcome, pauses: Covered = UNPAUSED) -> Clock:
    """The clock stopped for good; an open pause counts up to that moment."""
    if clock.paused_since is not None:
        due = row.calendar.due_micros(clock.started_at, clock.target, pauses.ending(at))
        clock = replace(clock, due_at=due, breach_at=max(due, clock.since), paused_since=None)
    keeps_arms = outcome == "inapplicable"
    steps = clock.steps if keeps_arms else ()
    return replace(clock, ended_at=at, outcome=outcome, steps=steps)
