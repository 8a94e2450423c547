"""When a person is rung: not in quiet hours or on leave, and not for each alert of a storm."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.duty import QuietHours
from aftercare_events.duty import on_duty
from aftercare_events.official_days import OfficialDays

from .directory import DUTY_DESK, Directory, is_there, present_deputies
from .staff import is_absent

FIRST_WINDOW = timedelta(minutes=1)
LONGEST_WINDOW = timedelta(minutes=16)
# Whoever was not rung for so long is rung at once again.
CALM = timedelta(minutes=30)
_DAYS_AHEAD = range(-1, 9)


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody is rung before `until`."""

    until: datetime


def ring_at(oldest: datetime, rung: Sequence[datetime]) -> datetime:
    """When what waits since `oldest` is told; `rung` are the last messages, newest first.

    The first rings at once. What comes after it is gathered for a minute, then for two, four, …
    up to sixteen, until it has been calm for half an hour.
    """
    if not rung or oldest - rung[0] >= CALM:
        return oldest
    window = min(FIRST_WINDOW * 2 ** (_streak(rung) - 1), LONGEST_WINDOW)
    return max(oldest, rung[0] + window)


def _streak(rung: Sequence[datetime]) -> int:
    """How many messages followed one another without a calm between them."""
    calm = (i for i in range(1, len(rung)) if rung[i - 1] - rung[i] >= CALM)
    return next(calm, len(rung))


def told(
    directory: Directory, recipient: str, steps: Collection[Step], now: datetime
) -> str | Hold:
    """Who is rung about alerts of these steps: the recipient, or somebody instead, or nobody.

    A deputy is told in quiet hours and while the recipient is absent, then else the duty desk.
    Quiet hours that never end, and an absence, hold nothing back where nobody else can be told.
    """
    entry, days = directory.recipients[recipient], directory.staff.days
    quiet = is_quiet(entry.quiet, steps, now, days)
    absent = is_absent(directory.staff, recipient, now)
    if not quiet and not absent:
        return recipient
    instead = [*present_deputies(directory, recipient, now), *((DUTY_DESK,) if absent else ())]
    found = next((one for one in instead if _can_be_rung(directory, one, steps, now)), None)
    if found is not None:
        return found
    until = quiet_until(entry.quiet, now, days) if entry.quiet and quiet else None
    return recipient if until is None else Hold(until)


def _can_be_rung(
    directory: Directory, someone: str, steps: Collection[Step], now: datetime
) -> bool:
    entry = directory.recipients.get(someone)
    if entry is None or entry.channels == 0:
        return False
    awake = not is_quiet(entry.quiet, steps, now, directory.staff.days)
    return awake and is_there(directory, someone, now)


def is_quiet(
    quiet: QuietHours | None,
    steps: Collection[Step],
    now: datetime,
    days: OfficialDays | None = None,
) -> bool:
    """Whether all of these steps wait for the end of quiet hours."""
    if quiet is None or set(steps) & set(quiet.except_steps):
        return False
    return on_duty(quiet.hours, now, days)


def quiet_until(
    quiet: QuietHours, now: datetime, days: OfficialDays | None = None
) -> datetime | None:
    """The first instant after `now` outside of the hours; None where they never end."""
    if quiet.hours.around_the_clock:
        return None
    zone = ZoneInfo(quiet.hours.zone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = (
        (midnight + timedelta(days=day, minutes=_minutes(span.end))).astimezone(now.tzinfo)
        for day in _DAYS_AHEAD
        for span in quiet.hours.spans
    )
    later = (end for end in ends if end > now and not on_duty(quiet.hours, end, days))
    return min(later, default=None)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
