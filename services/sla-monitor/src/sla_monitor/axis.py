"""The time axis of a drawing: which stretch of time it shows, and where its ticks stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from .domain.instants import DAY, HOUR, MINUTE, from_micros, to_micros
from .domain.timeline import Timeline

View = Literal["all", "first", "now"]
_FIRST = 6 * HOUR
_AROUND_NOW = 12 * HOUR
_SHORTEST = 10 * MINUTE
_MARGIN = 0.02
_MOST_TICKS = 10
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_STEPS_D = (1, 2, 7, 14, 28, 91, 364)


class Tick(NamedTuple):
    """`is_midnight`: a new day begins, in the zone of the axis."""

    x: float
    at: datetime
    is_midnight: bool


class Axis(NamedTuple):
    """From `begin` to `end` (microseconds), drawn from 0 to 100 per cent of the width."""

    begin: int
    end: int
    zone: ZoneInfo

    def x(self, instant: int) -> float:
        """Where an instant stands, in per cent; beyond the edges below 0 or above 100."""
        return round(100 * (instant - self.begin) / (self.end - self.begin), 3)

    def shows(self, instant: int) -> bool:
        return self.begin <= instant <= self.end

    def ticks(self) -> list[Tick]:
        """At round local times, as many as can be read beside one another."""
        span = self.end - self.begin
        minutes = next((m for m in _STEPS_MIN if span / (m * MINUTE) <= _MOST_TICKS), None)
        instants = self._days(span) if minutes is None else self._within_days(minutes)
        return [self._tick(at) for at in instants if self.shows(to_micros(at))]

    def _tick(self, at: datetime) -> Tick:
        local = at.astimezone(self.zone)
        return Tick(self.x(to_micros(at)), at, (local.hour, local.minute) == (0, 0))

    def _days(self, span: int) -> Iterator[datetime]:
        days = next((d for d in _STEPS_D if span / (d * DAY) <= _MOST_TICKS), _STEPS_D[-1])
        for number, midnight in enumerate(self._midnights()):
            if number % days == 0:
                yield midnight

    def _within_days(self, minutes: int) -> Iterator[datetime]:
        """Wall times that come once a day each, also on days that are not 24 hours long."""
        for midnight in self._midnights():
            for minute in range(0, 24 * 60, minutes):
                yield midnight.replace(hour=minute // 60, minute=minute % 60)

    def _midnights(self) -> Iterator[datetime]:
        first = from_micros(self.begin).astimezone(self.zone)
        midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
        while to_micros(midnight) <= self.end:
            yield midnight
            midnight += timedelta(days=1)


def axis_of(timeline: Timeline, view: View, zone: ZoneInfo) -> Axis:
    """The whole case, its first hours, or as much of it as lies around now."""
    begin, end = timeline.begin, timeline.end
    if view == "first":
        end = min(end, begin + _FIRST)
    elif view == "now":
        begin = max(begin, timeline.now - _AROUND_NOW)
        end = min(max(end, timeline.now), timeline.now + _AROUND_NOW)
    span = max(end - begin, _SHORTEST)
    margin = int(span * _MARGIN)
    return Axis(begin - margin, begin + span + margin, zone)
