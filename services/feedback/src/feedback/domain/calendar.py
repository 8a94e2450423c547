"""Working days and calling hours, Asia/Shanghai, by the official calendar with make-up days.

The binding `callback` clock is the contract's and is judged by the SLA monitor; what stands here
tells an officer when to call.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftercare_events.official_days import shipped

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENING = time(9)
CLOSING = time(18)


@dataclass(frozen=True, slots=True)
class Due:
    """`provisional`: a day of a year without an official calendar was counted as Monday to Friday
    says (SL-02).
    """

    at: datetime
    provisional: bool


def callback_due(resolved_at: datetime) -> Due:
    """Close of business of the next working day after the local day of `resolved_at`."""
    day, provisional = _next_working_day(resolved_at.astimezone(SHANGHAI).date())
    return Due(datetime.combine(day, CLOSING, SHANGHAI), provisional)


def into_calling_hours(instant: datetime) -> datetime:
    """`instant` itself when customers may be called then, else the next opening."""
    local = instant.astimezone(SHANGHAI)
    working, _ = _is_working_day(local.date())
    if working and local.time() < OPENING:
        return datetime.combine(local.date(), OPENING, SHANGHAI)
    if working and local.time() < CLOSING:
        return local
    day, _ = _next_working_day(local.date())
    return datetime.combine(day, OPENING, SHANGHAI)


def _next_working_day(day: date) -> tuple[date, bool]:
    provisional = False
    while True:
        day += timedelta(days=1)
        working, known = _is_working_day(day)
        provisional = provisional or not known
        if working:
            return day, provisional


def _is_working_day(day: date) -> tuple[bool, bool]:
    """Whether `day` is worked, and whether the official calendar says so."""
    days = shipped()
    return days.is_worked(day), day.year in days.years
