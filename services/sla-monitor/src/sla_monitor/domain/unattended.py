"""A request that cannot wait and finds nobody: the first step is not waited for (IN-13)."""

from msgspec.structs import replace

from .state import Clock, Course


def rung_at_once(course: Course, at: int) -> Course:
    """The engineer's step of the clock that is due first fires now, whatever its calendar says.

    With no engineer on the case the duty desk is told. The other clocks keep their steps, for
    whoever has the case by then.
    """
    ahead = [clock for clock in course.clocks if _is_ahead(clock, at)]
    if not ahead:
        return course
    first = min(ahead, key=lambda clock: (clock.due_at, clock.name, clock.cycle))
    clocks = (_forward(clock, at) if clock is first else clock for clock in course.clocks)
    return replace(course, clocks=tuple(clocks))


def _is_ahead(clock: Clock, at: int) -> bool:
    """Its engineer's step is still to come; a pause holds it, and so does the end of the clock."""
    return clock.outcome is None and any(
        step.step == "engineer" and step.fire_at is not None and step.fire_at > at
        for step in clock.steps
    )


def _forward(clock: Clock, at: int) -> Clock:
    steps = (replace(step, fire_at=at) if step.step == "engineer" else step for step in clock.steps)
    return replace(clock, steps=tuple(steps))
