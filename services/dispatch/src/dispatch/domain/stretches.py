"""Stretches of time, half-open and exact: joined, taken from one another, found by a question."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple


class Stretch(NamedTuple):
    """From `start` up to `end`, which comes later; instants with a zone."""

    start: datetime
    end: datetime


def joined(stretches: Iterable[Stretch]) -> Sequence[Stretch]:
    """The same time in order; those that overlap or touch are one."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        if found and one.start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def within(stretches: Iterable[Stretch], start: datetime, end: datetime) -> Sequence[Stretch]:
    """What of them lies between two instants."""
    cut = (Stretch(max(one.start, start), min(one.end, end)) for one in stretches)
    return [one for one in cut if one.start < one.end]


def without(these: Iterable[Stretch], those: Iterable[Stretch]) -> Sequence[Stretch]:
    """The time of `these` that is not time of `those`, in order."""
    left = joined(these)
    for taken in joined(those):
        left = [piece for one in left for piece in _around(one, taken)]
    return left


def where(
    holds: Callable[[datetime], bool], edges: Iterable[datetime], start: datetime, end: datetime
) -> Sequence[Stretch]:
    """When something holds between two instants; its answer changes at `edges` only."""
    cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
    return joined(Stretch(since, until) for since, until in pairwise(cuts) if holds(since))


def length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((one.end - one.start for one in stretches), timedelta())


def _around(one: Stretch, taken: Stretch) -> Sequence[Stretch]:
    before = Stretch(one.start, min(one.end, taken.start))
    after = Stretch(max(one.start, taken.end), one.end)
    return [piece for piece in (before, after) if piece.start < piece.end]
