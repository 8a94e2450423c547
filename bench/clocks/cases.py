"""Faults under it-integration, told as intake and dispatch tell them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

import msgspec

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import record
from aftercare_events.envelope import Event
from aftercare_events.log import Log

# A fault that was answered goes on with these: onsite, restore, resolve, report.
CLOCKS_PER_CASE = 4
# The first step of an unanswered fault: half of the ten minutes for `contact`.
FIRST_STEP = timedelta(minutes=5)
BATCH = 500
T = TypeVar("T")


def name(group: str, number: int) -> str:
    return f"{group}-{number:07}"


def number_in(case_id: str) -> int:
    return int(case_id.rpartition("-")[2])


def reported(case_id: str, at: datetime) -> Event:
    """A fault whose customer nobody has called yet; its first later step is two hours away."""
    fact = c.CaseReported(
        case_id=case_id,
        kind="fault",
        channel="phone",
        policy="it-integration",
        severity="4",
        place="other",
        category="network",
        customer_id=f"CU-{number_in(case_id) % 2_000}",
        device_id=f"D-{number_in(case_id) % 50_000}",
        summary="大厅主屏黑屏，指示灯亮，无法开机",
    )
    return record(fact, service="intake", time=at, actor="bench")


def responded(case_id: str, at: datetime) -> Event:
    """Ends `contact` and `respond` in time."""
    return _said(c.CaseResponded(case_id=case_id), at)


def paused(case_id: str, at: datetime) -> Event:
    """Moves every running clock of a case, and raises nothing."""
    return _said(c.CasePaused(case_id=case_id, reason="customer_unavailable"), at)


def _said(fact: msgspec.Struct, at: datetime) -> Event:
    return record(fact, service="dispatch", time=at, actor="bench")


def answered(group: str, count: int, at: datetime) -> Iterator[Event]:
    """Cases that run on undisturbed for two hours."""
    for number in range(count):
        case_id = name(group, number)
        yield reported(case_id, at)
        yield responded(case_id, at + timedelta(seconds=30))


def due_between(group: str, count: int, first: datetime, last: datetime) -> Iterator[Event]:
    """Cases whose first step falls due at instants spread evenly between two."""
    step = (last - first) / max(count, 1)
    for number in range(count):
        yield reported(name(group, number), first + number * step - FIRST_STEP)


async def write(log: Log, events: Iterable[Event]) -> int:
    """Append many events quickly; the position of the last."""
    position = 0
    for batch in chunks(events, BATCH):
        position = await log.append(batch)
    return position


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
