"""Instants that callers name."""

from datetime import UTC, datetime

FIRST_YEAR, LAST_YEAR = 2000, 2200


def within_reason(instant: datetime) -> datetime:
    """In UTC. Raises ValueError for what no roster or visit can mean."""
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError("no duty lies so far away")
    return instant.astimezone(UTC)
