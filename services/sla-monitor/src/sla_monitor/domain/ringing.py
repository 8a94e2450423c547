"""When a person is rung: not in quiet hours, and not once for each of a storm of alerts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.duty import QuietHours, RecipientRegistered
from aftercare_events.duty import on_duty

from .directory import Directory, is_there

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
    """Who is rung about alerts of these steps: the recipient, a deputy in quiet hours, or nobody.

    Quiet hours that never end hold nothing back where no deputy can be told.
    """
    entry = directory.recipients[recipient]
    if not is_quiet(entry.quiet, steps, now):
        return recipient
    deputy = directory.recipients.get(entry.deputy or "")
    if deputy is not None and _can_be_rung(directory, deputy, steps, now):
        return deputy.recipient_id
    until = quiet_until(entry.quiet, now) if entry.quiet else None
    return recipient if until is None else Hold(until)


def _can_be_rung(
    directory: Directory, deputy: RecipientRegistered, steps: Collection[Step], now: datetime
) -> bool:
    awake = not is_quiet(deputy.quiet, steps, now)
    return awake and deputy.channels > 0 and is_there(directory, deputy.recipient_id, now)


def is_quiet(quiet: QuietHours | None, steps: Collection[Step], now: datetime) -> bool:
    """Whether all of these steps wait for the end of quiet hours."""
    if quiet is None or set(steps) & set(quiet.except_steps):
        return False
    return on_duty(quiet.hours, now)


def quiet_until(quiet: QuietHours, now: datetime) -> datetime | None:
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
    return min((end for end in ends if end > now and not on_duty(quiet.hours, end)), default=None)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
