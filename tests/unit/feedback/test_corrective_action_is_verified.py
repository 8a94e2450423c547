"""FB-03: a corrective action has an owner and a due date, and ends with another call."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from feedback.domain import commands as cmd
from feedback.domain.independence import Caller
from support.feedback_cases import (
    ACTION,
    CALLBACK,
    CASE,
    OFFICER,
    REOPENED,
    RESOLVED,
    Given,
    assigned,
    at,
    reported,
)

OPENED = f.CorrectiveActionOpened(
    corrective_action_id=ACTION, case_id=CASE, callback_id=CALLBACK, cycle=1, reason="unsatisfied"
)
ASSIGNED = f.CorrectiveActionAssigned(
    corrective_action_id=ACTION, case_id=CASE, owner_id="M-1", due_at=at(500)
)
DONE = f.CorrectiveActionDone(corrective_action_id=ACTION, case_id=CASE, measures="trained")
CLOSED = c.CaseClosed(case_id=CASE, reason="satisfied")
BEFORE = (reported(), assigned(), RESOLVED, OPENED)

assign = cmd.AssignAction(at=at(90), owner_id="M-1", due_at=at(500))
finish = cmd.FinishAction(at=at(100), measures="trained")


def verify(**changes: Any) -> cmd.VerifyAction:
    fields: dict[str, Any] = {"at": at(110), "caller": OFFICER, "outcome": "satisfied"}
    return cmd.VerifyAction(**(fields | changes))


def verified(outcome: c.CallbackOutcome = "satisfied") -> f.CorrectiveActionVerified:
    return f.CorrectiveActionVerified(
        corrective_action_id=ACTION, case_id=CASE, officer_id=OFFICER.officer_id, outcome=outcome
    )


def test_owner_and_due_time_are_named() -> None:
    Given(*BEFORE).when(assign).then(ASSIGNED)


@pytest.mark.parametrize("due_at", [at(90), datetime.max.replace(tzinfo=UTC)])
def test_due_time_lies_ahead_and_not_beyond_reason(due_at: datetime) -> None:
    command = cmd.AssignAction(at=at(90), owner_id="M-1", due_at=due_at)
    Given(*BEFORE).when(command).refused("not-soon", "due_at")


def test_one_step_follows_the_other() -> None:
    Given(*BEFORE).when(finish).refused("corrective-action-not-assigned")
    Given(*BEFORE, ASSIGNED).when(verify()).refused("corrective-action-not-done")
    Given(*BEFORE, ASSIGNED).when(finish).then(DONE)


def test_satisfied_customer_closes_the_waiting_case() -> None:
    Given(*BEFORE, ASSIGNED, DONE).when(verify()).then(verified(), CLOSED)


def test_case_that_is_closed_already_is_left_alone() -> None:
    Given(*BEFORE, CLOSED, ASSIGNED, DONE).when(verify()).then(verified())


def test_case_in_a_new_cycle_is_left_alone() -> None:
    given = Given(*BEFORE, ASSIGNED, DONE, REOPENED, RESOLVED)
    given.when(verify()).then(verified())


def test_customer_who_is_still_not_satisfied_hands_it_back() -> None:
    given = Given(*BEFORE, ASSIGNED, DONE)
    given.when(verify(outcome="unsatisfied")).then(verified("unsatisfied"))
    Given(*BEFORE, ASSIGNED, DONE, verified("unsatisfied")).when(finish).then(DONE)


@pytest.mark.parametrize("ending", [(), (CLOSED,)], ids=["resolved", "closed"])
def test_problem_that_came_back_reopens_the_case(ending: tuple[c.CaseClosed, ...]) -> None:
    unsolved = c.CaseReopened(case_id=CASE, reason="unsolved")
    given = Given(*BEFORE, *ending, ASSIGNED, DONE)
    given.when(verify(outcome="unsolved")).then(verified("unsolved"), unsolved)


def test_nobody_verifies_their_own_work() -> None:
    given = Given(*BEFORE, ASSIGNED, DONE)
    given.when(verify(caller=Caller("M-1"))).refused("owner-verifies", "officer_id")
    given.when(verify(caller=Caller("E-1"))).refused("officer-handled-the-case", "officer_id")


@pytest.mark.parametrize("command", [assign, finish, verify()])
def test_verified_action_is_over(command: cmd.ActionCommand) -> None:
    Given(*BEFORE, ASSIGNED, DONE, verified()).when(command).refused("corrective-action-verified")


def test_nothing_happens_to_what_was_never_opened() -> None:
    Given(reported()).when(assign).refused("corrective-action-not-opened")
