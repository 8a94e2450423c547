"""Reading `?due=`."""

from datetime import date, datetime, time, timedelta

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
        instant = datetime.fromisoformat(due)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.tzinfo is None:
        raise unprocessable("due", "malformed", "an instant with an offset, a day, today or now")
    return instant


def _end_of(day: date) -> datetime:
    """The last instant of a local day."""
    return datetime.combine(day, time.min, SHANGHAI) + timedelta(days=1, microseconds=-1)
