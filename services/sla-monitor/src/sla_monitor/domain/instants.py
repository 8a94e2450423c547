"""Instants as whole microseconds since 1970 in UTC: exact, and cheap to compare and add."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def to_micros(instant: datetime) -> int:
    """Raises TypeError when `instant` has no time zone."""
    return span_micros(instant - _EPOCH)


def from_micros(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def span_micros(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * SECOND + span.microseconds


def seconds(micros: int) -> int | float:
    """Seconds of a span; whole ones without a fraction."""
    whole, rest = divmod(micros, SECOND)
    return whole if rest == 0 else micros / SECOND
