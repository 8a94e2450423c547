"""A callback: asked once per cycle of its case, and what the answers lead to."""

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
from .calendar import callback_due
from .case import Case, CaseFact
from .closing import close, close_held
from .independence import Caller, ensure_independent
from .retry import next_attempt

LOW_SCORE = 2
LONGEST_WISH = timedelta(days=30)
# The clock of whoever resolved the case and the officer's may differ.
SKEW = timedelta(minutes=1)

CallbackFact = f.CallbackScheduled | f.CallbackAttempted | f.CallbackCompleted | f.CallbackCancelled
CaseConsequence = c.CaseCalledBack | c.CaseClosed | c.CaseClosingHeld | c.CaseReopened
Consequence = CaseConsequence | f.CorrectiveActionOpened
Decided = CallbackFact | Consequence


class Callback(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`next_attempt_at` is when to call; None when calling is over and the link is what is left."""

    callback_id: str
    case_id: str
    cycle: int
    due_at: datetime
    provisional: bool = False
    status: Literal["open", "completed", "cancelled"] = "open"
    attempts: int = 0
    last_outcome: f.AttemptOutcome | None = None
    next_attempt_at: datetime | None = None
    completed_at: datetime | None = None
    officer_id: str | None = None
    outcome: c.CallbackOutcome | None = None
    scores: f.Scores | None = None
    solved: bool | None = None


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision about a callback looks at.

    `barred_departments` are those whose members may not ask, by the contract or because their
    engineers were on the case.
    """

    case: Case = case_rules.INITIAL
    callback: Callback | None = None
    barred_departments: frozenset[str] = frozenset()


INITIAL = Matter()


def callback_id_of(case_id: str, cycle: int) -> str:
    """One id per case and cycle: whoever schedules twice opens the same callback twice."""
    return f"CB-{case_id}-{cycle}"


def action_id_of(callback_id: str) -> str:
    return f"CA-{callback_id.removeprefix('CB-')}"


def decide(command: cmd.CallbackCommand, matter: Matter) -> Sequence[Decided]:
    """The facts that follow. Raises Refused; with `field` where the command itself is wrong."""
    match command:
        case cmd.Schedule():
            return schedule(command, matter)
        case cmd.Cancel():
            return cancel(matter)
        case cmd.CloseHeld():
            return close_held(command.case_id, matter.case)
        case cmd.Attempt():
            return attempt(command, matter)
        case cmd.Complete():
            return complete(command, matter)
        case _:
            assert_never(command)


def schedule(command: cmd.Schedule, matter: Matter) -> Sequence[Decided]:
    case = matter.case
    if matter.callback is not None or case.status != "resolved" or case.resolved_at is None:
        return []
    due = callback_due(case.resolved_at)
    return [
        f.CallbackScheduled(
            callback_id=callback_id_of(command.case_id, case.cycle),
            case_id=command.case_id,
            cycle=case.cycle,
            due_at=due.at,
            provisional=due.provisional,
        )
    ]


def cancel(matter: Matter) -> Sequence[Decided]:
    callback = matter.callback
    if callback is None or callback.status != "open":
        return []
    reason = why_obsolete(matter.case, callback)
    if reason is None:
        return []
    return [
        f.CallbackCancelled(
            callback_id=callback.callback_id, case_id=callback.case_id, reason=reason
        )
    ]


def why_obsolete(case: Case, callback: Callback) -> f.CancelReason | None:
    """What happened to the case that leaves nothing to ask; None while it waits to be called."""
    if case.status in ("closed", "withdrawn", "merged"):
        return case.status
    return "reopened" if case.status == "open" or case.cycle != callback.cycle else None


def attempt(command: cmd.Attempt, matter: Matter) -> Sequence[Decided]:
    callback = _waiting(matter)
    _may_ask(command.caller, command.at, matter)
    if (command.outcome == "call_later") != (command.call_again_at is not None):
        raise Refused(
            "contradiction", "a time to call again goes with `call_later`", "call_again_at"
        )
    if command.call_again_at is not None:
        _soon(command.call_again_at, command.at)
    number = callback.attempts + 1
    return [
        f.CallbackAttempted(
            callback_id=callback.callback_id,
            case_id=callback.case_id,
            officer_id=command.caller.officer_id,
            attempt=number,
            outcome=command.outcome,
            next_attempt_at=next_attempt(
                command.outcome, number, command.at, command.call_again_at
            ),
            note=command.note,
        )
    ]


def complete(command: cmd.Complete, matter: Matter) -> Sequence[Decided]:
    callback = _waiting(matter)
    _may_ask(command.caller, command.at, matter)
    if command.solved is not None and command.solved != (command.outcome != "unsolved"):
        raise Refused(
            "contradiction", f"`solved` contradicts the outcome {command.outcome}", "solved"
        )
    completed = f.CallbackCompleted(
        callback_id=callback.callback_id,
        case_id=callback.case_id,
        officer_id=command.caller.officer_id,
        outcome=command.outcome,
        scores=command.scores,
        solved=command.outcome != "unsolved",
        suggestions=command.suggestions,
        engineer_id=matter.case.engineer_id,
    )
    return [completed, *consequences(completed, callback, matter.case)]


def consequences(
    completed: f.CallbackCompleted, callback: Callback, case: Case
) -> Sequence[Consequence]:
    """Satisfied closes, unsolved reopens, a complaint or a low score must be put right (FB-03)."""
    case_id = completed.case_id
    facts: list[Consequence] = [
        c.CaseCalledBack(
            case_id=case_id, callback_id=completed.callback_id, outcome=completed.outcome
        )
    ]
    if completed.outcome == "satisfied":
        facts.append(close(case_id, case))
    elif completed.outcome == "unsolved":
        facts.append(c.CaseReopened(case_id=case_id, reason="unsolved"))
    reason = _wrong(completed)
    if reason is not None:
        facts.append(
            f.CorrectiveActionOpened(
                corrective_action_id=action_id_of(completed.callback_id),
                case_id=case_id,
                callback_id=completed.callback_id,
                cycle=callback.cycle,
                reason=reason,
                engineer_id=completed.engineer_id,
            )
        )
    return facts


def _wrong(completed: f.CallbackCompleted) -> f.ActionReason | None:
    if completed.outcome == "unsatisfied":
        return "unsatisfied"
    scores = completed.scores or f.Scores()
    given = (scores.technical_skill, scores.attitude, scores.timeliness)
    return "low_score" if any(s is not None and s <= LOW_SCORE for s in given) else None


def _waiting(matter: Matter) -> Callback:
    """The callback, while it is open and its case still waits for it."""
    callback = matter.callback
    if callback is None:
        raise Refused("callback-not-scheduled", "no callback is due")
    if callback.status == "completed":
        raise Refused("callback-completed", f"{callback.callback_id} was completed before")
    reason = why_obsolete(matter.case, callback)
    if callback.status == "cancelled" or reason is not None:
        raise Refused("callback-cancelled", f"the case was {reason or 'taken further'} meanwhile")
    return callback


def _soon(call_again_at: datetime, at: datetime) -> None:
    if not at < call_again_at < at + LONGEST_WISH:
        raise Refused(
            "not-soon", "the time to call again lies ahead, within 30 days", "call_again_at"
        )


def _may_ask(caller: Caller, at: datetime, matter: Matter) -> None:
    ensure_independent(caller, matter.case, matter.barred_departments)
    resolved_at = matter.case.resolved_at
    if resolved_at is not None and at < resolved_at - SKEW:
        raise Refused(
            "before-resolution", "this happened before the case was resolved", "occurred_at"
        )


def evolve(matter: Matter, fact: CaseFact | CallbackFact, at: datetime) -> Matter:
    if isinstance(fact, CallbackFact):
        return replace(matter, callback=evolve_callback(matter.callback, fact, at))
    return replace(matter, case=case_rules.evolve(matter.case, fact, at))


def evolve_callback(callback: Callback | None, fact: CallbackFact, at: datetime) -> Callback | None:
    """The callback after `fact`; None while it was never scheduled."""
    if isinstance(fact, f.CallbackScheduled):
        return Callback(
            callback_id=fact.callback_id,
            case_id=fact.case_id,
            cycle=fact.cycle,
            due_at=fact.due_at,
            provisional=fact.provisional,
            next_attempt_at=at,
        )
    return None if callback is None else _went_on(callback, fact, at)


def _went_on(
    callback: Callback,
    fact: f.CallbackAttempted | f.CallbackCompleted | f.CallbackCancelled,
    at: datetime,
) -> Callback:
    match fact:
        case f.CallbackAttempted():
            return replace(
                callback,
                attempts=fact.attempt,
                last_outcome=fact.outcome,
                next_attempt_at=fact.next_attempt_at,
            )
        case f.CallbackCompleted():
            return replace(
                callback,
                status="completed",
                completed_at=at,
                officer_id=fact.officer_id,
                outcome=fact.outcome,
                scores=fact.scores,
                solved=fact.solved,
                next_attempt_at=None,
            )
        case f.CallbackCancelled():
            return replace(callback, status="cancelled", next_attempt_at=None)
        case _:
            assert_never(fact)
