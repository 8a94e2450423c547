"""Instants as whole microseconds since 1970 in UTC: exact, and cheap to compare and add."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def to_micros(instant: datetime) -> int:
    """Raises TypeError when `instant` has no time zone."""
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND


def span_micros(span: timedelta) -> int:
    return span // _MICROSECOND


def seconds(micros: int) -> int | float:
    """Seconds of a span; whole ones without a fraction."""
    whole, rest = divmod(micros, SECOND)
    return whole if rest == 0 else micros / SECOND
