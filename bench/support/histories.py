"""A long history of ordinary cases under all five contracts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import record
from aftercare_events.envelope import Event

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BETWEEN_CASES = timedelta(seconds=20)
SEVERITY = {
    "software-maintenance": "severe",
    "equipment-warranty": "2",
    "portal-operations": "general",
    "lighting-maintenance": "urgent",
    "it-integration": "2",
}
# Cases are open at the same time: the next step of one follows steps of many others.
OPEN_AT_ONCE = 500


def history(events: int) -> Iterator[Event]:
    """That many events, oldest first as far as their cases are concerned."""
    return islice(_interleaved(), events)


def _interleaved() -> Iterator[Event]:
    number, lives = 0, list[Iterator[Event]]()
    while True:
        while len(lives) < OPEN_AT_ONCE:
            lives.append(_life(number))
            number += 1
        going_on = list[Iterator[Event]]()
        for life in lives:
            event = next(life, None)
            if event is not None:
                yield event
                going_on.append(life)
        lives = going_on


def _life(number: int) -> Iterator[Event]:
    case_id = f"C{number:07}"
    policy = tuple(SEVERITY)[number % len(SEVERITY)]
    begin = START + number * BETWEEN_CASES
    facts: tuple[tuple[int, msgspec.Struct], ...] = (
        (0, _reported(case_id, policy, number)),
        (3, c.CaseAssigned(case_id=case_id, engineer_id=f"E-{number % 50}")),
        (5, c.CustomerContacted(case_id=case_id)),
        (12, c.CaseResponded(case_id=case_id)),
        (55, c.EngineerArrived(case_id=case_id)),
        (80, c.ServiceRestored(case_id=case_id)),
        (95, c.CaseResolved(case_id=case_id)),
        (100, c.CaseSignedOff(case_id=case_id, rating=5)),
    )
    for minutes, fact in facts:
        service = "dispatch" if minutes else "intake"
        time = begin + timedelta(minutes=minutes)
        yield record(fact, service=service, time=time, actor="bench")


def _reported(case_id: str, policy: str, number: int) -> c.CaseReported:
    return c.CaseReported(
        case_id=case_id,
        kind="fault",
        channel="phone",
        policy=policy,
        severity=SEVERITY[policy],
        place="local",
        category="network",
        customer_id=f"CU-{number % 200}",
        device_id=f"D-{number % 5000}",
        summary="大厅主屏黑屏，指示灯亮，无法开机",
    )
