"""What is done to the monitor, one after the other, and what is measured meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from aftercare_events.log import Log

from . import cases
from .monitored import Monitored
from .watching import Seen, Watch

EVENTS_PER_S = 200
TICKS_PER_S = 10
DUE_PER_S = 50
STORM = 10_000
# Everything of a phase must be projected before its first instant comes.
AHEAD = timedelta(seconds=20)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stand:
    """What the phases work with; `count` cases run all the time."""

    log: Log
    monitor: Monitored
    watch: Watch
    count: int


async def fill(stand: Stand) -> float:
    """Events per second that were projected while the cases came in."""
    began = time.monotonic()
    events = cases.answered("OPEN", stand.count, now())
    await stand.monitor.projected(await cases.write(stand.log, events))
    return 2 * stand.count / (time.monotonic() - began)


async def traffic(stand: Stand, seconds: float) -> list[Seen]:
    """Steps fall due all the time while reports and pauses of other cases arrive."""
    first = now() + AHEAD
    count = int(seconds * DUE_PER_S)
    last = first + timedelta(seconds=seconds)
    await cases.write(stand.log, cases.due_between("STEADY", count, first, last))
    await asyncio.sleep((first - now()).total_seconds())
    await _arrive(stand, seconds)
    return await stand.watch.all_of([cases.name("STEADY", n) for n in range(count)])


async def _arrive(stand: Stand, seconds: float) -> None:
    lot, began = Random(1), time.monotonic()  # noqa: S311 - the same in every run
    for tick in range(int(seconds * TICKS_PER_S)):
        for number in range(EVENTS_PER_S // TICKS_PER_S // 2):
            known = cases.name("OPEN", lot.randrange(stand.count))
            new = cases.name("NEW", tick * EVENTS_PER_S + number)
            await stand.log.append([cases.paused(known, now()), cases.reported(new, now())])
        await asyncio.sleep(max(0.0, began + (tick + 1) / TICKS_PER_S - time.monotonic()))


async def storm(stand: Stand) -> tuple[float, list[Seen]]:
    """Seconds from the end of one second in which ten thousand fell due until all were raised."""
    last = now() + AHEAD
    first = last - timedelta(seconds=1)
    await cases.write(stand.log, cases.due_between("STORM", STORM, first, last))
    seen = await stand.watch.all_of([cases.name("STORM", n) for n in range(STORM)])
    return (max(one.at for one in seen) - last).total_seconds(), seen


@dataclass(frozen=True, slots=True)
class Return:
    """After an hour's stop: what had come in, and seconds until all was projected and raised."""

    events: int
    projected_s: float
    alerts: int
    raised_s: float


async def hours_stop(stand: Stand, events: int) -> Return:
    """Every twentieth report of that hour was left unanswered."""
    await stand.monitor.stop()
    end, missed = now(), events // 40
    position = await cases.write(stand.log, cases.answered("HOUR", events // 2, end - HOUR / 2))
    late = cases.due_between("LATE", missed, end - HOUR, end)
    position = await cases.write(stand.log, late)
    began = time.monotonic()
    await stand.monitor.start()
    await stand.monitor.projected(position)
    projected_s = time.monotonic() - began
    await stand.watch.all_of([cases.name("LATE", n) for n in range(missed)])
    return Return(events + missed, projected_s, missed, time.monotonic() - began)


def now() -> datetime:
    return datetime.now(UTC)
