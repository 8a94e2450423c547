"""An emergency team that is called together is told at once (DP-27)."""

from collections.abc import Callable
from itertools import count

from msgspec.structs import replace

from .facts import Called
from .state import ArmedStep, Clock, Course

History = Callable[[str, int, str, int], int | None]
"""When (clock, cycle, step, arm) had fired, if before the fact that is applied became known."""


def called_together(course: Course, fact: Called, fired: History) -> Course:
    """The engineer's step of the clock that is due first fires now, and tells the team as well.

    One that fired before is armed again: whoever is called together has not heard of it.
    """
    team = tuple(dict.fromkeys((*course.team, *fact.engineers)))
    running = [clock for clock in course.clocks if _is_running(clock)]
    first = min(running, key=lambda one: (one.due_at, one.name, one.cycle), default=None)
    clocks = (
        _forward(clock, fact.at, fired) if clock is first else clock for clock in course.clocks
    )
    return replace(course, team=team, clocks=tuple(clocks))


def _is_running(clock: Clock) -> bool:
    return clock.outcome is None and any(
        step.step == "engineer" and step.fire_at is not None for step in clock.steps
    )


def _forward(clock: Clock, at: int, fired: History) -> Clock:
    steps = tuple(
        _armed(clock, step, at, fired) if step.step == "engineer" else step for step in clock.steps
    )
    return replace(clock, steps=steps)


def _armed(clock: Clock, step: ArmedStep, at: int, fired: History) -> ArmedStep:
    arms = count(step.arm)
    unused = next(one for one in arms if fired(clock.name, clock.cycle, step.step, one) is None)
    return ArmedStep(step.step, at, unused, False)
