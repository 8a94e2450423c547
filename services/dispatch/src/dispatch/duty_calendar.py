"""Duty shifts and leave out of an iCalendar file, with their recurrences and time zones.

Everything is bounded before anything is unrolled: size, rules, how often a rule may repeat.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

LOCAL = ZoneInfo("Asia/Shanghai")
MOST_EVENTS, MOST_RULES, MOST_OCCURRENCES = 500, 100, 800
BEHIND, AHEAD = timedelta(days=31), timedelta(days=400)
FIRST_YEAR, LAST_YEAR = 2000, 2200
SLOW_ENOUGH = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
TOO_FINE = ("BYHOUR", "BYMINUTE", "BYSECOND")
LEAVE = frozenset({"LEAVE", "VACATION", "HOLIDAY", "OUT OF OFFICE", "休假", "请假"})


class NotACalendar(ValueError):
    """The file as a whole cannot be taken."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`key` is the same whenever the same occurrence is read again."""

    key: str
    start: datetime
    end: datetime
    is_leave: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with all its exceptions; `component` counts the events of the file from 1."""

    component: int
    uid: str
    occurrences: Sequence[Occurrence] = ()
    wrong: str | None = None


def read_calendar(body: bytes, now: datetime) -> Sequence[Entry]:
    """From a month ago to thirteen months ahead. Raises NotACalendar."""
    try:
        calendar = Calendar.from_ical(body)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise NotACalendar(f"no iCalendar file: {error}") from error
    events = calendar.events
    if len(events) > MOST_EVENTS:
        raise NotACalendar(f"at most {MOST_EVENTS} events")
    if body.upper().count(b"RRULE") > MOST_RULES:
        raise NotACalendar(f"at most {MOST_RULES} recurrence rules")
    entries = [_entry(calendar, number, uid, group, now) for number, uid, group in _groups(events)]
    if sum(len(entry.occurrences) for entry in entries) > MOST_OCCURRENCES:
        raise NotACalendar(f"at most {MOST_OCCURRENCES} occurrences")
    return entries


def _groups(events: Sequence[Event]) -> Sequence[tuple[int, str, Sequence[Event]]]:
    """Exceptions of a series have its UID."""
    groups: dict[str, tuple[int, list[Event]]] = {}
    for number, event in enumerate(events, start=1):
        uid = str(event.get("UID", f"component-{number}"))
        groups.setdefault(uid, (number, []))[1].append(event)
    return [(number, uid, group) for uid, (number, group) in groups.items()]


def _entry(
    calendar: Calendar, number: int, uid: str, group: Sequence[Event], now: datetime
) -> Entry:
    try:
        for event in group:
            _bounded(event)
        alone = Calendar()
        for zone in calendar.walk("VTIMEZONE"):
            alone.add_component(zone)
        for event in group:
            alone.add_component(event)
        found = recurring_ical_events.of(alone).between(now - BEHIND, now + AHEAD)
        return Entry(
            number,
            uid,
            [_occurrence(uid, one) for one in found if isinstance(one, Event) and _is_on(one)],
        )
    # A stranger's file may fail anywhere in two libraries; it fails for this event alone.
    except Exception as error:  # noqa: BLE001
        return Entry(number, uid, wrong=str(error)[:200] or type(error).__name__)


def _bounded(event: Event) -> None:
    """Raises ValueError."""
    start = event.get("DTSTART")
    if start is None:
        raise ValueError("DTSTART is missing")
    if not FIRST_YEAR <= start.dt.year <= LAST_YEAR:
        raise ValueError("DTSTART lies too far away")
    end = event.get("DTEND")
    if end is not None and _instant(end.dt) < _instant(start.dt):
        raise ValueError("DTEND lies before DTSTART")
    for rule in _several(event.get("RRULE", [])):
        if not SLOW_ENOUGH.issuperset(map(str, rule.get("FREQ", ()))) or any(
            part in rule for part in TOO_FINE
        ):
            raise ValueError("RRULE repeats more often than daily")


def _is_on(event: Event) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED"


def _occurrence(uid: str, event: Event) -> Occurrence:
    start, end = _instant(event.start), _instant(event.end)
    digest = hashlib.sha256(f"{uid}\n{start.isoformat()}".encode()).hexdigest()
    return Occurrence(f"IC-{digest[:24].upper()}", start, end, _is_leave(event))


def _instant(value: date | datetime) -> datetime:
    """Whole days and times without a zone are those of the company."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=LOCAL)).astimezone(UTC)


def _several(value: Any) -> list[Any]:
    """A property that stands once comes alone, one that stands twice in a list."""
    return cast("list[Any]", value) if isinstance(value, list) else [value]


def _is_leave(event: Event) -> bool:
    named = _several(event.get("CATEGORIES", []))
    words = {str(word).upper() for one in named for word in getattr(one, "cats", [one])}
    return bool(words & LEAVE) or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")) == "OOF"
