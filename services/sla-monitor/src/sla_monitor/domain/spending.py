"""When a target is used up across pauses."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .calendar import Calendar, Interval
from .policy import Target
from .state import Pause


def target_micros(calendar: Calendar, start: int, target: Target) -> int:
    """The working time a target allows.

    Working days are turned into the calendar time between the start and the close of business
    of the last of them, the day of receipt left out; percentages are taken of that.
    """
    if not target.working_days:
        return target.micros
    return calendar.spent_micros(start, calendar.working_days_due(start, target.working_days))


def delaying(pauses: Sequence[Interval], due: int) -> Sequence[Interval]:
    """The pauses that count: those that begin before the due time."""
    return [pause for pause in pauses if pause[0] < due]


class Covered(NamedTuple):
    """What pauses cover before the open one, and since when that one is open."""

    closed: Sequence[Interval]
    open_since: int | None

    def ending(self, instant: int) -> Sequence[Interval]:
        """The pauses as if an open one ended at `instant`."""
        if self.open_since is None or instant <= self.open_since:
            return self.closed
        return [*self.closed, (self.open_since, instant)]


UNPAUSED = Covered((), None)


def covered(pauses: Iterable[Pause], reasons: frozenset[str]) -> Covered:
    """The time that pauses of these reasons cover; no moment counts twice."""
    listed = [pause for pause in pauses if pause.reason in reasons]
    if not listed:
        return UNPAUSED
    open_since = min((pause.begin for pause in listed if pause.end is None), default=None)
    closed: list[Interval] = []
    for begin, end in sorted((p.begin, p.end) for p in listed if p.end is not None):
        if open_since is not None:
            end = min(end, open_since)
        if closed and begin <= closed[-1][1]:
            closed[-1] = (closed[-1][0], max(closed[-1][1], end))
        elif begin < end:
            closed.append((begin, end))
    return Covered(closed, open_since)
