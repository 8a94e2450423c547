"""A corrective action (整改): owner and due date, measures, and another call to the customer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from aftercare_events.decider import Refused

from . import case as case_rules
from . import commands as cmd
from .case import Case, CaseFact
from .closing import close
from .independence import ensure_independent

LONGEST = timedelta(days=366)

ActionFact = (
    f.CorrectiveActionOpened
    | f.CorrectiveActionAssigned
    | f.CorrectiveActionDone
    | f.CorrectiveActionVerified
)
CaseConsequence = c.CaseClosed | c.CaseClosingHeld | c.CaseReopened
Decided = ActionFact | CaseConsequence


class CorrectiveAction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    corrective_action_id: str
    case_id: str
    callback_id: str
    cycle: int
    reason: f.ActionReason
    opened_at: datetime
    engineer_id: str | None = None
    status: Literal["open", "assigned", "done", "verified"] = "open"
    owner_id: str | None = None
    due_at: datetime | None = None
    measures: str | None = None
    verified_by: str | None = None
    verdict: c.CallbackOutcome | None = None


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision about a corrective action looks at."""

    case: Case = case_rules.INITIAL
    action: CorrectiveAction | None = None
    barred_departments: frozenset[str] = frozenset()


INITIAL = Remedy()


def decide(command: cmd.ActionCommand, remedy: Remedy) -> Sequence[Decided]:
    """The facts that follow. Raises Refused; with `field` where the command itself is wrong."""
    action = remedy.action
    if action is None:
        raise Refused("corrective-action-not-opened", "there is no such corrective action")
    if action.status == "verified":
        raise Refused("corrective-action-verified", "the customer is satisfied: nothing is left")
    match command:
        case cmd.AssignAction():
            return [assign(command, action)]
        case cmd.FinishAction():
            return [finish(command, action)]
        case cmd.VerifyAction():
            return verify(command, remedy, action)
        case _:
            assert_never(command)


def assign(command: cmd.AssignAction, action: CorrectiveAction) -> f.CorrectiveActionAssigned:
    if not command.at < command.due_at < command.at + LONGEST:
        raise Refused("not-soon", "the due time lies ahead, within a year", "due_at")
    return f.CorrectiveActionAssigned(
        corrective_action_id=action.corrective_action_id,
        case_id=action.case_id,
        owner_id=command.owner_id,
        due_at=command.due_at,
    )


def finish(command: cmd.FinishAction, action: CorrectiveAction) -> f.CorrectiveActionDone:
    if action.status != "assigned":
        raise Refused("corrective-action-not-assigned", f"the action is {action.status}")
    return f.CorrectiveActionDone(
        corrective_action_id=action.corrective_action_id,
        case_id=action.case_id,
        measures=command.measures,
    )


def verify(
    command: cmd.VerifyAction, remedy: Remedy, action: CorrectiveAction
) -> Sequence[Decided]:
    """Another call decides; the case follows only while it still stands where that action began."""
    if action.status != "done":
        raise Refused("corrective-action-not-done", f"the action is {action.status}")
    if command.caller.officer_id == action.owner_id:
        raise Refused("owner-verifies", "somebody else must ask the customer", "officer_id")
    ensure_independent(command.caller, remedy.case, remedy.barred_departments)
    verified = f.CorrectiveActionVerified(
        corrective_action_id=action.corrective_action_id,
        case_id=action.case_id,
        officer_id=command.caller.officer_id,
        outcome=command.outcome,
        note=command.note,
    )
    return [verified, *_of_the_case(command.outcome, remedy.case, action)]


def _of_the_case(
    outcome: c.CallbackOutcome, case: Case, action: CorrectiveAction
) -> Sequence[CaseConsequence]:
    if case.cycle != action.cycle:
        return []
    if outcome == "satisfied" and case.status == "resolved":
        return [close(action.case_id, case)]
    if outcome == "unsolved" and case.status in ("resolved", "closed"):
        return [c.CaseReopened(case_id=action.case_id, reason="unsolved")]
    return []


def evolve(remedy: Remedy, fact: CaseFact | ActionFact, at: datetime) -> Remedy:
    if isinstance(fact, ActionFact):
        return replace(remedy, action=evolve_action(remedy.action, fact, at))
    return replace(remedy, case=case_rules.evolve(remedy.case, fact, at))


def evolve_action(
    action: CorrectiveAction | None, fact: ActionFact, at: datetime
) -> CorrectiveAction | None:
    """The action after `fact`; None while it was never opened."""
    if isinstance(fact, f.CorrectiveActionOpened):
        return CorrectiveAction(
            corrective_action_id=fact.corrective_action_id,
            case_id=fact.case_id,
            callback_id=fact.callback_id,
            cycle=fact.cycle,
            reason=fact.reason,
            opened_at=at,
            engineer_id=fact.engineer_id,
        )
    return None if action is None else _went_on(action, fact)


def _went_on(
    action: CorrectiveAction,
    fact: f.CorrectiveActionAssigned | f.CorrectiveActionDone | f.CorrectiveActionVerified,
) -> CorrectiveAction:
    match fact:
        case f.CorrectiveActionAssigned():
            return replace(action, status="assigned", owner_id=fact.owner_id, due_at=fact.due_at)
        case f.CorrectiveActionDone():
            return replace(action, status="done", measures=fact.measures)
        case f.CorrectiveActionVerified():
            return replace(
                action,
                status="verified" if fact.outcome == "satisfied" else "assigned",
                verified_by=fact.officer_id,
                verdict=fact.outcome,
            )
        case _:
            assert_never(fact)
