"""How spans, times of day and dates are written in a policy file."""

import re
from datetime import date

from aftercare_events.opening_hours import Span

from .instants import HOUR, MINUTE, SECOND
from .policy import Target

_UNITS = {"s": SECOND, "min": MINUTE, "h": HOUR}
SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(s|min|h)")
WORKING_DAYS = re.compile(r"(\d{1,4}) working days?")
SHARE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?) ?%")
OFFSETS = ("before due", "after due", "after start")
_OFFSET = re.compile(f"(.+) ({'|'.join(OFFSETS)})")
TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?")
_LONGEST = 10 * 366 * 24 * HOUR
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Unclear(ValueError):
    """What was written cannot be read in exactly one way; the message is a sentence."""


def read_target(text: str) -> Target:
    """`4 h`, `30 min`, `90 s` or `5 working days`. Raises Unclear."""
    if days := WORKING_DAYS.fullmatch(text):
        if not 0 < int(days[1]) <= 1000:
            raise Unclear(f"`{text}` is no target: between 1 and 1000 working days are")
        return Target(working_days=int(days[1]))
    return Target(micros=read_span(text))


def read_span(text: str) -> int:
    """A span in microseconds. Raises Unclear."""
    match = SPAN.fullmatch(text)
    if match is None:
        raise Unclear(
            f"`{text}` is not a span: write it as `4 h`, `30 min`, `90 s` or `5 working days`"
        )
    micros = round(float(match[1]) * 1000) * _UNITS[match[2]] // 1000
    if not 0 < micros <= _LONGEST:
        raise Unclear(f"`{text}` must be more than nothing and less than ten years")
    return micros


def write_target(target: Target) -> str:
    """The target as it would be written in a policy file."""
    if target.working_days:
        return f"{target.working_days} working day{'s' if target.working_days > 1 else ''}"
    return write_span(target.micros)


def write_span(micros: int) -> str:
    """`4 h`, `90 min` or `45 s`: the largest unit that needs no fraction."""
    for unit, size in reversed(_UNITS.items()):
        if micros % size == 0:
            return f"{micros // size} {unit}"
    return f"{micros / SECOND} s"


def read_threshold(text: str) -> tuple[int, int]:
    """A step as (basis points of the target, offset in microseconds). Raises Unclear.

    `80 %`, `30 min before due`, `1 h after due` or `10 min after start`.
    """
    if share := SHARE.fullmatch(text):
        return round(float(share[1]) * 100), 0
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        raise Unclear(f"`{text}` is no step: write `80 %`, `30 min before due` or `1 h after due`")
    span = read_span(offset[1])
    match offset[2]:
        case "before due":
            return 10_000, -span
        case "after due":
            return 10_000, span
        case _:
            return 0, span


def read_hours(text: str) -> Span:
    """`09:00-17:30`; `24:00` closes at midnight, a closing before the opening the next day.

    Raises Unclear.
    """
    opening, dash, closing = text.partition("-")
    if not dash:
        raise Unclear(f"`{text}` is no span of a day: write `09:00-17:30`")
    begin, end = _seconds(opening), _seconds(closing)
    if begin == end or begin >= 86_400:
        raise Unclear(f"`{text}` is no span of a day: it never opens")
    return (begin, end) if end > begin else (begin, end + 86_400)


def _seconds(text: str) -> int:
    match = TIME.fullmatch(text.strip())
    if match is None:
        raise Unclear(f"`{text.strip()}` is no time of day: write `09:30`")
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    if seconds > 86_400:
        raise Unclear(f"`{text.strip()}` is later than `24:00`")
    return seconds


def read_weekdays(text: str) -> range:
    """`mon`, or `mon-fri`. Raises Unclear."""
    first, _, last = text.partition("-")
    try:
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    except ValueError:
        raise Unclear(f"`{text}` is no weekday: write `mon`, `sat` or `mon-fri`") from None
    if end < begin:
        raise Unclear(f"`{text}` runs backwards")
    return range(begin, end + 1)


def read_day(text: str) -> str:
    """`2026-10-01`, or `10-01` for every year. Raises Unclear."""
    try:
        date.fromisoformat(f"2028-{text}" if len(text) == len("MM-DD") else text)
    except ValueError:
        raise Unclear(
            f"`{text}` is no date: write `2026-10-01`, or `10-01` for each year"
        ) from None
    return text
