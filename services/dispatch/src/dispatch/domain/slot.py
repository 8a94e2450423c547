"""A span of time in which an engineer is at one customer's site."""

from datetime import datetime, timedelta

import msgspec

VISIT = timedelta(hours=2)
# Who is on site does not leave this very minute, even when the time booked for it is over.
STILL_THERE = timedelta(minutes=15)


class Slot(msgspec.Struct, frozen=True):
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Slot") -> bool:
        return self.start < other.end and other.start < self.end

    def with_somebody_there(self, at: datetime) -> "Slot":
        """What it takes of a day while somebody is on site at `at`, early, in time or too long."""
        until = at + STILL_THERE
        if self.start <= at and until <= self.end:
            return self
        return Slot(min(self.start, at), max(self.end, until))


def visit_from(start: datetime, until: datetime | None = None) -> Slot:
    """The usual visit, for whoever names no slot; shorter where the next one begins before."""
    end = start + VISIT
    return Slot(start, min(end, until) if until else end)
