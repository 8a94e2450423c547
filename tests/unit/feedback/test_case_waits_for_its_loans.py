"""DP-11, FB-03: a satisfied customer closes the case, but not while a spare is out for it."""

from typing import Any

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from feedback.domain import commands as cmd
from support.feedback_cases import (
    ACTION,
    CALLBACK,
    CASE,
    OFFICER,
    REOPENED,
    RESOLVED,
    WAITING,
    Given,
    at,
    complete,
    completed,
)

LENT = CaseLoanReserved(case_id=CASE, loan_id="L-1", unit_id="U-1")
BACK = CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="returned")
CALLED_BACK = c.CaseCalledBack(case_id=CASE, callback_id=CALLBACK, outcome="satisfied")
HELD = c.CaseClosingHeld(case_id=CASE, loans=("L-1",), reason="satisfied")
CLOSED = c.CaseClosed(case_id=CASE, reason="satisfied")
SATISFIED = (completed(), CALLED_BACK)
close = cmd.CloseHeld(at=at(120), case_id=CASE)


def given(*facts: Any) -> Given:
    """Facts of the case without those that only its callback's branch of the log holds."""
    return Given(*(fact for fact in facts if fact is not CALLED_BACK))


def test_case_does_not_close_while_its_loan_is_out() -> None:
    given(*WAITING, LENT).when(complete()).then(*SATISFIED, HELD)


def test_case_closes_once_the_loan_came_back() -> None:
    given(*WAITING, LENT, BACK).when(complete()).then(*SATISFIED, CLOSED)
    given(*WAITING, LENT, *SATISFIED, HELD).when(close).then()
    given(*WAITING, LENT, *SATISFIED, HELD, BACK).when(close).then(CLOSED)


def test_case_waits_for_each_of_its_loans() -> None:
    second = CaseLoanReserved(case_id=CASE, loan_id="L-2", unit_id="U-2")
    given(*WAITING, LENT, *SATISFIED, HELD, second, BACK).when(close).then()


def test_case_that_went_another_way_meanwhile_is_left_alone() -> None:
    held = (*WAITING, LENT, *SATISFIED, HELD)
    given(*held, CLOSED, BACK).when(close).then()
    given(*held, REOPENED, BACK).when(close).then()
    given(*held, REOPENED, BACK, RESOLVED).when(close).then()


def test_case_whose_customer_is_not_satisfied_does_not_close_with_its_loan() -> None:
    given(*WAITING, LENT, completed(outcome="unsatisfied"), BACK).when(close).then()


def test_satisfied_customer_after_a_corrective_action_waits_for_the_loan_too() -> None:
    action = (
        f.CorrectiveActionOpened(
            corrective_action_id=ACTION,
            case_id=CASE,
            callback_id=CALLBACK,
            cycle=1,
            reason="unsatisfied",
        ),
        f.CorrectiveActionAssigned(
            corrective_action_id=ACTION, case_id=CASE, owner_id="M-1", due_at=at(500)
        ),
        f.CorrectiveActionDone(corrective_action_id=ACTION, case_id=CASE, measures="trained"),
    )
    verified = f.CorrectiveActionVerified(
        corrective_action_id=ACTION,
        case_id=CASE,
        officer_id=OFFICER.officer_id,
        outcome="satisfied",
    )
    verify = cmd.VerifyAction(at=at(110), caller=OFFICER, outcome="satisfied")
    given(*WAITING, LENT, *action).when(verify).then(verified, HELD)
