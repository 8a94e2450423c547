"""A span of time in which an engineer is at one customer's site."""

from datetime import datetime, timedelta

import msgspec

VISIT = timedelta(hours=2)


class Slot(msgspec.Struct, frozen=True):
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Slot") -> bool:
        return self.start < other.end and other.start < self.end


def visit_from(start: datetime) -> Slot:
    """The usual visit, for whoever names no slot."""
    return Slot(start, start + VISIT)
