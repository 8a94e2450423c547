"""Given these facts of a case, when this command is given, then these facts follow."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused
from dispatch.domain import case
from dispatch.domain.case_folding import evolve
from dispatch.domain.case_state import INITIAL, CaseState
from dispatch.domain.commands import Command

CASE = "4F7K-Q2M9"
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """Minutes after the report."""
    return START + timedelta(minutes=minutes)


def reported(**changes: Any) -> c.CaseReported:
    fields: dict[str, Any] = {
        "kind": "fault",
        "channel": "phone",
        "policy": "it-integration",
        "severity": "2",
        "customer_id": "C-1",
    }
    return c.CaseReported(case_id=CASE, **(fields | changes))


def assigned(engineer_id: str = "E-1", **changes: Any) -> c.CaseAssigned:
    fields: dict[str, Any] = {"mode": "onsite"} | changes
    return c.CaseAssigned(case_id=CASE, engineer_id=engineer_id, **fields)


WRITTEN = {
    "symptom": "no light",
    "cause": "fuse",
    "action": "fuse replaced",
    "place": "hall 2",
    "reported_by": "caretaker",
    "prevention": "check the load twice a year",
    "technique": "measure before replacing",
}


def recorded(**changes: Any) -> c.MaintenanceRecorded:
    """A complete maintenance record."""
    written = c.MaintenanceRecord(**(WRITTEN | changes))
    return c.MaintenanceRecorded(case_id=CASE, record=written)


def after(*facts: Any) -> CaseState:
    """The case after these facts, each ten minutes after the one before."""
    state = INITIAL
    for index, fact in enumerate(facts):
        state = evolve(state, fact, at(10 * index))
    return state


class Given:
    def __init__(self, *facts: Any) -> None:
        self._state = after(*facts)

    def when(self, command: Command) -> "Given":
        self._command = command
        return self

    def then(self, *facts: Any) -> None:
        assert list(self._decide()) == list(facts)

    def decided(self) -> Sequence[Any]:
        """Whatever follows, as long as it is not refused."""
        return self._decide()

    def refused(self, code: str) -> Refused:
        with pytest.raises(Refused) as refusal:
            self._decide()
        assert refusal.value.code == code
        return refusal.value

    def _decide(self) -> Sequence[Any]:
        return case.decide(self._command, self._state)
