"""A calendar counted instant by instant, by the words of the contract and nothing computed ahead.

A time of day that the clock shows twice means the first time; one that it leaves out means the
moment after. So a span is open while the latest time shown so far lies in it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec, Span

_LONGEST_FOLD = timedelta(hours=3)


def open_instants(
    spec: CalendarSpec,
    official: OfficialDays | None,
    start: datetime,
    step: timedelta,
) -> Iterator[bool]:
    """For `start` and each instant `step` later, without end, whether the calendar is open."""
    zone = ZoneInfo(spec.time_zone)

    @cache
    def hours(day: date) -> tuple[Span, ...]:
        return spans_of(spec, official, day)

    at = start.astimezone(UTC) - _LONGEST_FOLD
    latest = at.replace(tzinfo=None) - timedelta(days=1)
    while True:
        latest = max(latest, at.astimezone(zone).replace(tzinfo=None))
        if at >= start:
            yield _is_within(hours, latest)
        at += step


def spent_by_counting(
    spec: CalendarSpec, official: OfficialDays | None, start: datetime, end: datetime, by: timedelta
) -> timedelta:
    """The working time between two instants that lie a whole number of steps apart."""
    instants = open_instants(spec, official, start, by)
    return by * sum(next(instants) for _ in range((end - start) // by))


def due_by_counting(
    spec: CalendarSpec,
    official: OfficialDays | None,
    start: datetime,
    target: timedelta,
    pauses: list[tuple[datetime, datetime]],
    by: timedelta,
) -> datetime:
    """The instant at which the target has been counted, no moment within a pause included."""
    at, left = start, target
    for is_open in open_instants(spec, official, start, by):
        if not left:
            return at
        if is_open and not any(begin <= at < end for begin, end in pauses):
            left -= by
        at += by
    raise AssertionError("time does not end")


def _is_within(hours: Callable[[date], tuple[Span, ...]], wall: datetime) -> bool:
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        since = (wall - datetime.combine(day, time())).total_seconds()
        if any(opening <= since < closing for opening, closing in hours(day)):
            return True
    return False


def spans_of(spec: CalendarSpec, official: OfficialDays | None, day: date) -> tuple[Span, ...]:
    """Hours of the day's own, else the calendar's days on and off, else the official ones."""
    iso = day.isoformat()
    yearly = iso[5:]
    if iso in spec.days or yearly in spec.days:
        return spec.days.get(iso, spec.days.get(yearly, ()))
    ordinary = spec.week[day.weekday()]
    made_up = ordinary or spec.make_up_hours or next((s for s in spec.week if s), ())
    if {iso, yearly} & spec.on:
        return made_up
    if {iso, yearly} & spec.off:
        return ()
    if official and spec.make_up_days and day in official.on:
        return made_up
    return () if official and day in official.off else ordinary
