"""Where everything of a timeline stands: across in per cent of the width, down in rem.

Texts keep their size on every screen that way, and only time is stretched.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .axis import Axis, Tick
from .domain.timeline import Happening, Lane, Mark, Piece, Timeline

LABEL_WIDTH = 15.0
"""Per cent of the narrowest drawing (64 rem) that the longest label needs."""
LABEL_HEIGHT = 1.4
AXIS_HEIGHT = 2.8
LANE_HEIGHT = 3.8
FOOT_HEIGHT = 1.3
_THINNEST = 0.15


class Label(NamedTuple):
    """What happened, written at `y` beside a line at `x`; leftwards near the right edge."""

    x: float
    y: float
    leftwards: bool
    happening: Happening


class Bar(NamedTuple):
    x: float
    width: float
    piece: Piece


class Pin(NamedTuple):
    """A step of the ladder."""

    x: float
    mark: Mark


class Row(NamedTuple):
    """A lane at `y`. What lies beyond the edges of the drawing is None, or left out."""

    y: float
    lane: Lane
    bars: tuple[Bar, ...]
    pins: tuple[Pin, ...]
    due_x: float | None
    end_x: float | None
    former_xs: tuple[float, ...]
    goes_on: bool


class Drawing(NamedTuple):
    axis: Axis
    height: float
    axis_y: float
    lanes_y: float
    now_x: float | None
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    rows: tuple[Row, ...]


def draw(timeline: Timeline, axis: Axis) -> Drawing:
    labels = tuple(_labels(timeline.happenings, axis))
    axis_y = max((label.y for label in labels), default=0) + LABEL_HEIGHT
    lanes_y = axis_y + AXIS_HEIGHT
    rows = [_row(lane, axis, lanes_y + n * LANE_HEIGHT) for n, lane in enumerate(timeline.lanes)]
    return Drawing(
        axis=axis,
        height=lanes_y + len(rows) * LANE_HEIGHT + FOOT_HEIGHT,
        axis_y=axis_y,
        lanes_y=lanes_y,
        now_x=_seen(timeline.now, axis),
        ticks=tuple(axis.ticks()),
        labels=labels,
        rows=tuple(rows),
    )


def _labels(happenings: Sequence[Happening], axis: Axis) -> Iterator[Label]:
    """Each in the highest row in which it covers no other."""
    taken: list[list[tuple[float, float]]] = []
    for happening in happenings:
        if not axis.shows(happening.at):
            continue
        x = axis.x(happening.at)
        leftwards = x > 100 - LABEL_WIDTH
        left = x - LABEL_WIDTH if leftwards else x
        number = _free_row(taken, left)
        taken[number].append((left, left + LABEL_WIDTH))
        yield Label(x, number * LABEL_HEIGHT, leftwards, happening)


def _free_row(taken: list[list[tuple[float, float]]], left: float) -> int:
    for number, row in enumerate(taken):
        if all(left >= end or left + LABEL_WIDTH <= begin for begin, end in row):
            return number
    taken.append([])
    return len(taken) - 1


def _row(lane: Lane, axis: Axis, y: float) -> Row:
    return Row(
        y=y,
        lane=lane,
        bars=tuple(_bars(lane.pieces, axis)),
        pins=tuple(Pin(axis.x(mark.at), mark) for mark in lane.marks if axis.shows(mark.at)),
        due_x=None if lane.state == "cancelled" else _seen(lane.due, axis),
        end_x=None if lane.is_open else _seen(lane.end, axis),
        former_xs=tuple(axis.x(due) for due in lane.former_dues if axis.shows(due)),
        goes_on=any(piece.end > axis.end for piece in lane.pieces),
    )


def _bars(pieces: Iterable[Piece], axis: Axis) -> Iterator[Bar]:
    for piece in pieces:
        if piece.begin < axis.end and piece.end > axis.begin:
            left, right = (axis.x(_clipped(at, axis)) for at in (piece.begin, piece.end))
            yield Bar(left, max(round(right - left, 3), _THINNEST), piece)


def _clipped(instant: int, axis: Axis) -> int:
    return min(max(instant, axis.begin), axis.end)


def _seen(instant: int, axis: Axis) -> float | None:
    return axis.x(instant) if axis.shows(instant) else None
