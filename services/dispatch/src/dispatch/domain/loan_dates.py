"""When a loan is due back, when that is brought to mind, and when it is overdue (DP-11)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftercare_events.decider import Refused

LOCAL = ZoneInfo("Asia/Shanghai")
REMIND_DAYS_BEFORE = 2
REMIND_AT = time(9)
DAY = timedelta(days=1)


def due_back_after(restored_at: datetime, within_days: int) -> date:
    """The last day, counted from the local day on which the own device worked again."""
    return restored_at.astimezone(LOCAL).date() + within_days * DAY


def require_to_come(due_back: date | None, at: datetime) -> None:
    """A loan that is overdue as soon as it begins would only alarm. Raises Refused."""
    if due_back is not None and overdue_at(due_back) <= at:
        raise Refused("in-the-past", f"{due_back} is over", "due_back")


def remind_at(due_back: date) -> datetime:
    """Nine in the morning, two days before."""
    return datetime.combine(due_back - REMIND_DAYS_BEFORE * DAY, REMIND_AT, LOCAL)


def overdue_at(due_back: date) -> datetime:
    """The end of the day on which it was due."""
    return datetime.combine(due_back + DAY, time(), LOCAL)
