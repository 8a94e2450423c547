"""Reading `?due=`."""

from datetime import UTC, date, datetime, time, timedelta

from aftercare_http import unprocessable

from ..domain.calendar import SHANGHAI


def due_by(due: str | None, now: datetime) -> datetime | None:
    """Due by then: an instant with an offset, a day (its end), `today` or `now`."""
    if due is None:
        return None
    if due == "now":
        return now
    try:
        if due == "today":
            return _end_of(now.astimezone(SHANGHAI).date())
        if len(due) == len("2026-01-01"):
            return _end_of(date.fromisoformat(due))
        return _instant(due)
    except (ValueError, OverflowError):
        wanted = "an instant with an offset, a day, today or now"
        raise unprocessable("due", "malformed", wanted) from None


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("without an offset")
    return instant.astimezone(UTC)


def _end_of(day: date) -> datetime:
    """The last instant of a local day."""
    return datetime.combine(day, time.min, SHANGHAI) + timedelta(days=1, microseconds=-1)
