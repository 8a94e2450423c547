"""The oracle of the fault tests: it must see what was done twice, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from aftercare_events.envelope import Event, Recorded
from support.effects import doubled

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TODAY = {"start": NOON.isoformat(), "end": (NOON + timedelta(hours=2)).isoformat()}
LATER = {
    "start": (NOON + timedelta(hours=1)).isoformat(),
    "end": (NOON + timedelta(hours=3)).isoformat(),
}


def history(*told: tuple[str, dict[str, Any]]) -> list[Recorded]:
    return [
        Recorded(
            position,
            Event(
                id=f"e-{position}",
                source="/aftercare/test",
                type=f"aftercare.{name}.v1",
                subject=f"{name.partition('.')[0]}/{data.get('id', 'A')}",
                time=NOON,
                data=msgspec.Raw(msgspec.json.encode(data)),
            ),
        )
        for position, (name, data) in enumerate(told, start=1)
    ]


def booked(case_id: str, slot: dict[str, str]) -> tuple[str, dict[str, Any]]:
    return "engineer.booked", {"engineer_id": "E-1", "case_id": case_id, **slot}


RELEASED = ("engineer.released", {"engineer_id": "E-1", "case_id": "A"})
RESERVED = ("unit.reserved", {"unit_id": "U-1", "loan_id": "L"})
RETURNED = ("unit.returned", {"unit_id": "U-1", "loan_id": "L"})
ALERT = ("case.alert_raised", {"case_id": "A", "alert_id": "A-respond-1-pm-0"})
RESOLVED = ("case.resolved", {"case_id": "A"})
REOPENED = ("case.reopened", {"case_id": "A"})
SCHEDULED = ("callback.scheduled", {"case_id": "A", "cycle": 1})
BREACHED = ("case.clock_breached", {"case_id": "A", "clock": "respond", "cycle": 1})
WITHDRAWN = ("case.breach_withdrawn", {"case_id": "A", "clock": "respond", "cycle": 1})
REPORTED = ("case.reported", {"case_id": "A", "identity": "k"})
SAME_KEY = ("case.reported", {"case_id": "B", "identity": "k", "id": "B"})


@pytest.mark.parametrize(
    "told",
    [
        (booked("A", TODAY), booked("B", LATER)),
        (RESERVED, RESERVED),
        (ALERT, ALERT),
        (RESOLVED, RESOLVED),
        (SCHEDULED, SCHEDULED),
        (BREACHED, BREACHED),
        (REPORTED, REPORTED),
        (REPORTED, SAME_KEY),
    ],
)
def test_what_was_done_twice_is_found(told: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    assert doubled(history(*told))


@pytest.mark.parametrize(
    "told",
    [
        (booked("A", TODAY), RELEASED, booked("B", LATER)),
        (RESERVED, RETURNED, RESERVED),
        (RESOLVED, REOPENED, RESOLVED),
        (BREACHED, WITHDRAWN, BREACHED),
        (REPORTED, ALERT, RESOLVED, SCHEDULED),
    ],
)
def test_what_was_undone_before_is_no_double(
    told: tuple[tuple[str, dict[str, Any]], ...],
) -> None:
    assert doubled(history(*told)) == []
