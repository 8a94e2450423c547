"""Given these facts, when this command is given, then these facts follow: feedback's side."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from aftercare_events.decider import Refused
from feedback.domain import callback, commands, corrective_action
from feedback.domain.calendar import SHANGHAI
from feedback.domain.independence import Caller

CASE = "4F7K-Q2M9"
CALLBACK = "CB-4F7K-Q2M9-1"
ACTION = "CA-4F7K-Q2M9-1"
# A Monday, the morning on which everything begins.
START = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
DUE = datetime(2026, 11, 3, 18, 0, tzinfo=SHANGHAI)
OFFICER = Caller("O-LIN", "customer-care")


def at(minutes: int) -> datetime:
    """Minutes after the report."""
    return START + timedelta(minutes=minutes)


def reported(case_id: str = CASE, **changes: Any) -> c.CaseReported:
    fields: dict[str, Any] = {"kind": "fault", "channel": "phone", "policy": "it-integration"}
    return c.CaseReported(case_id=case_id, **(fields | changes))


def assigned(
    engineer_id: str = "E-1", department: str | None = "field-service", case_id: str = CASE
) -> c.CaseAssigned:
    return c.CaseAssigned(case_id=case_id, engineer_id=engineer_id, department=department)


RESOLVED = c.CaseResolved(case_id=CASE)
REOPENED = c.CaseReopened(case_id=CASE)
SCHEDULED = f.CallbackScheduled(callback_id=CALLBACK, case_id=CASE, cycle=1, due_at=DUE)
WAITING = (reported(), assigned(), RESOLVED, SCHEDULED)


def completed(**changes: Any) -> f.CallbackCompleted:
    fields: dict[str, Any] = {
        "officer_id": OFFICER.officer_id,
        "outcome": "satisfied",
        "solved": True,
        "engineer_id": "E-1",
    }
    return f.CallbackCompleted(callback_id=CALLBACK, case_id=CASE, **(fields | changes))


def complete(**changes: Any) -> commands.Complete:
    fields: dict[str, Any] = {"at": at(60), "caller": OFFICER, "outcome": "satisfied"}
    return commands.Complete(**(fields | changes))


class Given:
    """Facts of a case and of its callback or corrective action, ten minutes apart."""

    def __init__(self, *facts: Any, barred: frozenset[str] = frozenset({"field-service"})) -> None:
        self._matter = callback.Matter(barred_departments=barred)
        self._remedy = corrective_action.Remedy(barred_departments=barred)
        for index, fact in enumerate(facts):
            self._follow(fact, at(10 * index))

    def _follow(self, fact: Any, when: datetime) -> None:
        if not isinstance(fact, get_args(corrective_action.ActionFact)):
            self._matter = callback.evolve(self._matter, fact, when)
        if not isinstance(fact, get_args(callback.CallbackFact)):
            self._remedy = corrective_action.evolve(self._remedy, fact, when)

    @property
    def callback(self) -> callback.Callback:
        assert self._matter.callback is not None
        return self._matter.callback

    def when(self, command: commands.CallbackCommand | commands.ActionCommand) -> "Given":
        self._command = command
        return self

    def then(self, *facts: Any) -> None:
        assert list(self._decide()) == list(facts)

    def refused(self, code: str, field: str | None = None) -> None:
        with pytest.raises(Refused) as refusal:
            self._decide()
        assert (refusal.value.code, refusal.value.field) == (code, field)

    def _decide(self) -> Sequence[Any]:
        if isinstance(self._command, commands.ActionCommand):
            return corrective_action.decide(self._command, self._remedy)
        return callback.decide(self._command, self._matter)
