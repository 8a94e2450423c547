"""A day drawn as a line: what lies where between its two ends, in per cent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from .domain.slot import Slot

BEFORE = timedelta(hours=1)
LENGTH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Window:
    start: datetime
    end: datetime

    def place(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def bar(self, slot: Slot) -> Bar | None:
        """None for what lies outside."""
        if slot.end <= self.start or self.end <= slot.start:
            return None
        left, right = self.place(slot.start), self.place(slot.end)
        return Bar(left, round(right - left, 2))

    @property
    def hours(self) -> Sequence[tuple[datetime, float]]:
        """Every second one, with its place."""
        steps = int((self.end - self.start) / timedelta(hours=2))
        marks = [self.start + timedelta(hours=2 * step) for step in range(steps)]
        return [(mark, self.place(mark)) for mark in marks]


def window_at(now: datetime) -> Window:
    """It moves on once an hour, so that what is drawn stands still meanwhile."""
    start = now.replace(minute=0, second=0, microsecond=0) - BEFORE
    return Window(start, start + LENGTH)


def spans_when(is_so: Callable[[datetime], bool], instants: Sequence[datetime]) -> Sequence[Slot]:
    """When something is so that can change at these instants alone, the last being the end."""
    spans: list[Slot] = []
    for start, end in pairwise(instants):
        if not is_so(start):
            continue
        if spans and spans[-1].end == start:
            spans[-1] = Slot(spans[-1].start, end)
        else:
            spans.append(Slot(start, end))
    return spans
