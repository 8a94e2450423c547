"""A case as a picture shows it: what happened, and each clock as a lane from start to end."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal, NamedTuple, Protocol

from aftercare_events.catalogue.case import Step

from .calendar import Interval
from .course import AGREED
from .evolve import courses
from .facts import Agreed, Assigned, Changed, Fact, Moved, Paused, Placed, name_of
from .instants import to_micros
from .standing import ClockState, due_at, pauses_of, state_of
from .state import CaseClocks, Clock
from .terms import Row, Terms

Phase = Literal["spent", "ahead", "overrun"]
Ground = Literal["working", "closed", "paused"]
Notice = Literal["ahead", "fired", "acknowledged"]


class Happening(NamedTuple):
    """Something that happened to the case; `detail` is who, which severity, or what reason."""

    at: int
    name: str
    detail: str = ""


class Piece(NamedTuple):
    """A part of a lane: how far the clock is, and whether its calendar counts that time."""

    begin: int
    end: int
    phase: Phase
    ground: Ground


class Mark(NamedTuple):
    """A step of the ladder at its instant."""

    at: int
    step: Step
    notice: Notice


class Lane(NamedTuple):
    """One clock. `end` is when it stopped counting: met, cancelled, reported, or now.

    One that was cancelled after its due time is not open, and stays breached all the same.
    `former_dues` are the due times that held before a change of the case moved them (SL-08).
    """

    clock: str
    cycle: int
    state: ClockState
    is_open: bool
    start: int
    due: int
    end: int
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    former_dues: tuple[int, ...]

    @property
    def reach(self) -> int:
        """The last instant of an open clock worth seeing: its due time, or the next step."""
        if not self.is_open:
            return self.end
        ahead = [mark.at for mark in self.marks if mark.notice == "ahead"]
        return max(self.due, self.end, min(ahead, default=self.due))


class Timeline(NamedTuple):
    """Everything between the report and the last thing to come; instants in microseconds."""

    now: int
    happenings: tuple[Happening, ...]
    lanes: tuple[Lane, ...]

    @property
    def begin(self) -> int:
        return min([self.happenings[0].at, *(lane.start for lane in self.lanes)])

    @property
    def end(self) -> int:
        return max([self.happenings[-1].at, *(lane.reach for lane in self.lanes)])


class Told(Protocol):
    """An alert that was raised, as far as a picture cares."""

    @property
    def clock(self) -> str: ...
    @property
    def cycle(self) -> int: ...
    @property
    def step(self) -> Step: ...
    @property
    def fire_at(self) -> datetime: ...
    @property
    def acknowledged_by(self) -> str | None: ...


def timeline(state: CaseClocks, terms: Terms, alerts: Sequence[Told], now: datetime) -> Timeline:
    """The case at `now`; lanes in the order in which the clocks started and fall due."""
    at = to_micros(now)
    former = _former_dues(state, terms)
    clocks = sorted(state.course.clocks, key=lambda clock: _order(clock, state.course.clocks))
    lanes = [
        _lane(state, clock, terms.rows[clock.row], at, alerts, former[clock.name, clock.cycle])
        for clock in clocks
    ]
    return Timeline(at, tuple(_happenings(state)), tuple(lanes))


def _order(clock: Clock, others: Sequence[Clock]) -> tuple[int, int, str, int, str]:
    """An agreed due time stands below the contract's, which it is about (SL-13)."""
    promise = clock.name.removesuffix(AGREED)
    base = next((c for c in others if (c.name, c.cycle) == (promise, clock.cycle)), clock)
    return (base.started_at, base.due_at, promise, clock.cycle, clock.name)


def _lane(
    state: CaseClocks,
    clock: Clock,
    row: Row,
    now: int,
    alerts: Sequence[Told],
    former_dues: Iterable[int],
) -> Lane:
    standing = state_of(clock, row, now)
    pauses = pauses_of(state, clock, now, row)
    due = due_at(clock, row, pauses)
    end = _end(clock, standing, now, due)
    stop = end if clock.outcome in ("cancelled", "inapplicable") else max(due, end)
    return Lane(
        clock=clock.name,
        cycle=clock.cycle,
        state=standing,
        is_open=clock.outcome is None and standing != "reported",
        start=clock.started_at,
        due=due,
        end=end,
        pieces=tuple(_pieces(clock, row, pauses, (due, end, stop))),
        marks=tuple(_marks(clock, alerts)),
        former_dues=tuple(former for former in former_dues if former != due),
    )


def _end(clock: Clock, standing: ClockState, now: int, due: int) -> int:
    if standing == "reported":
        return due
    return max(clock.started_at, now if clock.ended_at is None else clock.ended_at)


def _pieces(
    clock: Clock, row: Row, pauses: Sequence[Interval], ends: tuple[int, int, int]
) -> Iterator[Piece]:
    """The lane cut wherever it changes: at due and end, openings, closings and pauses."""
    due, end, stop = ends
    whole = (clock.started_at, stop)
    openings = [whole] if clock.agreed else list(row.calendar.openings(*whole))
    edges = {due, end, *whole, *(edge for part in (*openings, *pauses) for edge in part)}
    within = sorted(edge for edge in edges if whole[0] <= edge <= whole[1])
    for begin, until in pairwise(within):
        phase: Phase = "ahead" if begin >= end else "overrun" if begin >= due else "spent"
        ground: Ground = (
            "paused" if _in(begin, pauses) else "working" if _in(begin, openings) else "closed"
        )
        yield Piece(begin, until, phase, ground)


def _in(instant: int, intervals: Iterable[Interval]) -> bool:
    return any(begin <= instant < end for begin, end in intervals)


def _marks(clock: Clock, alerts: Iterable[Told]) -> Iterator[Mark]:
    for alert in alerts:
        if (alert.clock, alert.cycle) == (clock.name, clock.cycle):
            notice: Notice = "acknowledged" if alert.acknowledged_by else "fired"
            yield Mark(to_micros(alert.fire_at), alert.step, notice)
    for step in clock.steps:
        if not step.fired and step.fire_at is not None and clock.outcome is None:
            yield Mark(step.fire_at, step.step, "ahead")


def _former_dues(state: CaseClocks, terms: Terms) -> dict[tuple[str, int], list[int]]:
    """For each clock the due times that a change of the case, or an agreement, set aside."""
    former: dict[tuple[str, int], list[int]] = {}
    before: dict[tuple[str, int], int] = {}
    for fact, course in courses(state, terms):
        for clock in course.clocks:
            key, due = (clock.name, clock.cycle), clock.due_at
            dues = former.setdefault(key, [])
            if isinstance(fact, Changed | Agreed | Moved | Placed) and before.get(key, due) != due:
                dues.append(before[key])
            before[key] = due
    return former


def _happenings(state: CaseClocks) -> Iterator[Happening]:
    yield Happening(state.reported_at, "reported")
    for fact in sorted(state.facts, key=lambda fact: fact.at):
        yield Happening(fact.at, name_of(fact), _detail(fact))


def _detail(fact: Fact) -> str:
    match fact:
        case Assigned(engineer=engineer):
            return engineer
        case Changed(severity=str(severity)):
            return severity
        case Paused(reason=reason):
            return reason
        case Agreed(clock=clock):
            return clock
        case _:
            return ""
