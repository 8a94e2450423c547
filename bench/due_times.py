"""P6: due times across holidays and pauses beside `businesstimedelta` on the same calendar.

Both sides compute the same due times, from aware datetimes to an aware datetime, and must
agree on each; rounds alternate, and the ratio is that of the medians. The calendar is the
complaints desk of `equipment-warranty`: Monday to Friday 09:00 to 18:00, official holidays off.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz
from support.report import compare

from sla_monitor.domain.calendar import Calendar
from sla_monitor.domain.instants import from_micros, span_micros, to_micros
from sla_monitor.shipped import official_days, shipped_policies

AT_LEAST = 100.0
ROUNDS = 5
ZONE = ZoneInfo("Asia/Shanghai")
BEGINNING = datetime(2026, 1, 5, tzinfo=ZONE)


class Promise(NamedTuple):
    """A start, a target of working time, and the pauses that take some of it off."""

    start: datetime
    target: timedelta
    pauses: Sequence[tuple[datetime, datetime]]


Due = Callable[[Promise], datetime]


def promises(count: int) -> list[Promise]:
    """Starts from January to October 2026, targets up to a week of work, up to three pauses."""
    draw = random.Random(6)  # noqa: S311 - the same promises in every run
    return [_promise(draw) for _ in range(count)]


def _promise(draw: random.Random) -> Promise:
    start = BEGINNING + timedelta(minutes=draw.randrange(270 * 24 * 60))
    at, pauses = start, list[tuple[datetime, datetime]]()
    for _ in range(draw.randrange(4)):
        begin = at + timedelta(minutes=draw.randrange(1, 2 * 24 * 60))
        at = begin + timedelta(minutes=draw.randrange(1, 3 * 24 * 60))
        pauses.append((begin, at))
    return Promise(start, timedelta(minutes=draw.randrange(30, 45 * 60)), pauses)


def ours() -> Due:
    policy = next(policy for policy in shipped_policies() if policy.name == "equipment-warranty")
    calendar = Calendar(policy.calendars["complaints_desk"], official_days()["cn"])

    def due(promise: Promise) -> datetime:
        pauses = [(to_micros(begin), to_micros(end)) for begin, end in promise.pauses]
        target = span_micros(promise.target)
        return from_micros(calendar.due_micros(to_micros(promise.start), target, pauses))

    return due


def theirs() -> Due:
    zone = pytz.timezone("Asia/Shanghai")
    desk = businesstimedelta.WorkDayRule(
        start_time=time_of_day(9), end_time=time_of_day(18), working_days=[0, 1, 2, 3, 4], tz=zone
    )
    # it scans day by day for the next holiday and fails when there is none
    holidays = official_days()["cn"].off | {date(2027, 1, 1)}
    rules: Any = businesstimedelta.Rules([desk, businesstimedelta.HolidayRule(holidays, tz=zone)])

    def after(start: datetime, work: timedelta) -> datetime:
        span: Any = businesstimedelta.BusinessTimeDelta(rules, timedelta=work)
        return start + span

    def due(promise: Promise) -> datetime:
        at, left = promise.start, promise.target
        for begin, end in promise.pauses:
            instant = after(at, left)
            if instant <= begin:
                return instant
            left -= rules.difference(at, begin).timedelta
            at = end
        return after(at, left)

    return due


def rate(due: Due, asked: Sequence[Promise]) -> float:
    start = time.perf_counter()
    for promise in asked:
        due(promise)
    return len(asked) / (time.perf_counter() - start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    asked = promises(parser.parse_args().count)
    plain, core = theirs(), ours()
    different = [promise for promise in asked if plain(promise) != core(promise)]
    rounds = [(rate(plain, asked), rate(core, asked * 50)) for _ in range(ROUNDS)]
    sides = (
        ("businesstimedelta", statistics.median(side for side, _ in rounds)),
        ("sla-monitor's calendar", statistics.median(side for _, side in rounds)),
    )
    compare("P6 due times across holidays and pauses", sides, "due times/s", AT_LEAST)
    print(f"   {len(asked) - len(different)} of {len(asked)} due times agree", flush=True)
    return 1 if different or sides[1][1] < AT_LEAST * sides[0][1] else 0


if __name__ == "__main__":
    sys.exit(main())
