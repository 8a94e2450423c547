"""Duty calendars: who is at work at a given instant."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .catalogue.dispatch import Duty, DutySpan

ALWAYS = Duty(around_the_clock=True)
MIDNIGHT = 24 * 60
_zone = lru_cache(maxsize=64)(ZoneInfo)


def on_duty(duty: Duty, at: datetime) -> bool:
    """Whether `at` (any zone) lies in one of the weekly spans, read on the wall clock there."""
    if duty.around_the_clock:
        return True
    local = at.astimezone(_zone(duty.zone))
    today, minute = local.isoweekday(), local.hour * 60 + local.minute
    yesterday = (local - timedelta(days=1)).isoweekday()
    return any(_covers(span, today, yesterday, minute) for span in duty.spans)


def next_start(duty: Duty, after: datetime) -> datetime | None:
    """When somebody with this duty next comes to work; None where that never changes."""
    if duty.around_the_clock:
        return None
    here = after.astimezone(_zone(duty.zone))
    starts = (
        here.replace(hour=0, minute=0, second=0, microsecond=0)
        + timedelta(days=ahead, minutes=_minutes(span.start))
        for ahead in range(8)
        for span in duty.spans
        if (here + timedelta(days=ahead)).isoweekday() in span.days
    )
    return min((start for start in starts if start > here), default=None)


def _covers(span: DutySpan, today: int, yesterday: int, minute: int) -> bool:
    start, end = _minutes(span.start), _minutes(span.end)
    if start < end:
        return today in span.days and start <= minute < end
    return (today in span.days and minute >= start) or (yesterday in span.days and minute < end)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return min(int(hours) * 60 + int(minutes), MIDNIGHT)
