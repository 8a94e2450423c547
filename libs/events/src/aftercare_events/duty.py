"""Duty calendars: who is at work at a given instant."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .catalogue.engineer import Duty, DutySpan
from .official_days import OfficialDays, shipped

ALWAYS = Duty(around_the_clock=True)
MIDNIGHT = 24 * 60
# Longer than any run of holidays and the weekends beside it.
AHEAD = 20
_zone = lru_cache(maxsize=64)(ZoneInfo)


def on_duty(duty: Duty, at: datetime, days: OfficialDays | None = None) -> bool:
    """Whether `at` (any zone) lies in one of the weekly spans, read on the wall clock there.

    `days` are the official ones, for a duty that follows them; without it those shipped.
    """
    if duty.around_the_clock:
        return True
    local = at.astimezone(_zone(duty.zone))
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    return any(_begins(span, minute) for span in spans_of(duty, today, days)) or any(
        _goes_on(span, minute) for span in spans_of(duty, yesterday, days)
    )


def next_start(duty: Duty, after: datetime, days: OfficialDays | None = None) -> datetime | None:
    """When somebody with this duty next comes to work; None where that never changes."""
    if duty.around_the_clock:
        return None
    here = after.astimezone(_zone(duty.zone))
    starts = (
        here.replace(hour=0, minute=0, second=0, microsecond=0)
        + timedelta(days=ahead, minutes=_minutes(span.start))
        for ahead in range(AHEAD if duty.official else 8)
        for span in spans_of(duty, here.date() + timedelta(days=ahead), days)
    )
    return min((start for start in starts if start > here), default=None)


def edges_of(
    duty: Duty, start: datetime, end: datetime, days: OfficialDays | None = None
) -> Iterator[datetime]:
    """Where spans begin and end that touch the days from `start` to `end`."""
    if duty.around_the_clock:
        return
    zone = _zone(duty.zone)
    day, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
    while day <= last:
        midnight = datetime.combine(day, time(), zone)
        for span in spans_of(duty, day, days):
            opens, closes = _minutes(span.start), _minutes(span.end)
            yield midnight + timedelta(minutes=opens)
            yield midnight + timedelta(minutes=closes if closes > opens else closes + MIDNIGHT)
        day += timedelta(days=1)


def spans_of(duty: Duty, day: date, days: OfficialDays | None = None) -> Sequence[DutySpan]:
    """The spans that begin on a day there.

    A make-up working day without spans of its own has those of the first day of the week with any.
    """
    own = [span for span in duty.spans if day.isoweekday() in span.days]
    if duty.official is None:
        return own
    official = days or shipped()
    if day in official.off:
        return []
    if own or day not in official.on:
        return own
    first = min((first for span in duty.spans for first in span.days), default=0)
    return [span for span in duty.spans if first in span.days]


def _begins(span: DutySpan, minute: int) -> bool:
    start, end = _minutes(span.start), _minutes(span.end)
    return start <= minute and (minute < end or end <= start)


def _goes_on(span: DutySpan, minute: int) -> bool:
    start, end = _minutes(span.start), _minutes(span.end)
    return end <= start and minute < end


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return min(int(hours) * 60 + int(minutes), MIDNIGHT)
