"""The history as it is read: lines of NDJSON straight from the log (RP-01)."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from aftercare_events.envelope import Recorded
from aftercare_events.log import EVERYTHING, Log, whole
from aftercare_events.ndjson import lines as ndjson

Point = int | datetime


@dataclass(frozen=True, slots=True)
class Query:
    """What part of the history is wanted.

    `start` and `until` are positions, both included, or the instants of *recording*. `type` is a
    pattern with `*`.
    """

    start: Point | None = None
    until: Point | None = None
    case: str | None = None
    type: str | None = None
    limit: int | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """From the event after position `after` to the one at `until`, or to the end."""

    after: int
    until: int | None


async def lines(log: Log, query: Query, bounds: Bounds) -> AsyncIterator[bytes]:
    """The wanted events as NDJSON, oldest first, many lines at a time."""
    after, until, left = bounds.after, bounds.until, query.limit
    if until is not None and until <= after:
        return
    wanted = _filter(query.type)
    subject = whole("case", query.case) if query.case else EVERYTHING
    async for batch in log.read(after, subject=subject, until=until, follow=query.follow):
        chosen = [recorded for recorded in batch if wanted(recorded)][:left]
        if chosen:
            yield ndjson(chosen)
        if left is not None:
            left -= len(chosen)
            if left == 0:
                return


async def bounds_of(log: Log, query: Query) -> Bounds:
    """Where in the log the wanted part lies. Raises LogUnavailable."""
    match query.start:
        case None:
            after = 0
        case int():
            after = max(query.start - 1, 0)
        case datetime():
            after = await log.position_at(query.start)
    match query.until:
        case datetime():
            return Bounds(after, await log.position_at(query.until))
        case until:
            return Bounds(after, until)


def _filter(pattern: str | None) -> Callable[[Recorded], bool]:
    if pattern is None:
        return lambda _: True
    return lambda recorded: fnmatchcase(recorded.event.type, pattern)
