"""Which aggregates feedback keeps a state of, and where."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import tables
from .domain import callback as callback_rules
from .domain import case as case_rules
from .domain import corrective_action as action_rules
from .domain.callback import Callback
from .domain.case import Case, CaseFact
from .domain.corrective_action import CorrectiveAction
from .folding import StateTable


def _evolve_case(case: Case | None, fact: CaseFact, at: datetime) -> Case:
    return case_rules.evolve(case or case_rules.INITIAL, fact, at)


def _of_case(_: Case) -> Mapping[str, Any]:
    return {}


def _of_callback(callback: Callback) -> Mapping[str, Any]:
    return {"case_id": callback.case_id, "status": callback.status, "due_at": callback.due_at}


def _of_action(action: CorrectiveAction) -> Mapping[str, Any]:
    return {"case_id": action.case_id, "status": action.status, "opened_at": action.opened_at}


CASES = StateTable(tables.cases, Case, _evolve_case, _of_case)
CALLBACKS = StateTable(tables.callbacks, Callback, callback_rules.evolve_callback, _of_callback)
ACTIONS = StateTable(
    tables.corrective_actions, CorrectiveAction, action_rules.evolve_action, _of_action
)
