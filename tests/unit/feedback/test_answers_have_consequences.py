"""FB-02, FB-03: satisfied closes, unsolved reopens, what went wrong is put right."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from support.feedback_cases import (
    ACTION,
    CALLBACK,
    CASE,
    REOPENED,
    RESOLVED,
    WAITING,
    Given,
    at,
    complete,
    completed,
    reported,
)


def called_back(outcome: c.CallbackOutcome) -> c.CaseCalledBack:
    return c.CaseCalledBack(case_id=CASE, callback_id=CALLBACK, outcome=outcome)


def opened(reason: f.ActionReason) -> f.CorrectiveActionOpened:
    return f.CorrectiveActionOpened(
        corrective_action_id=ACTION,
        case_id=CASE,
        callback_id=CALLBACK,
        cycle=1,
        reason=reason,
        engineer_id="E-1",
    )


CLOSED = c.CaseClosed(case_id=CASE, reason="satisfied")
UNSOLVED = c.CaseReopened(case_id=CASE, reason="unsolved")


def test_satisfied_customer_closes_the_case() -> None:
    scores = f.Scores(technical_skill=5, attitude=3, timeliness=4)
    Given(*WAITING).when(complete(scores=scores)).then(
        completed(scores=scores), called_back("satisfied"), CLOSED
    )


def test_unsolved_problem_reopens_the_case() -> None:
    Given(*WAITING).when(complete(outcome="unsolved")).then(
        completed(outcome="unsolved", solved=False), called_back("unsolved"), UNSOLVED
    )


def test_unsatisfied_customer_leaves_the_case_waiting_for_a_corrective_action() -> None:
    Given(*WAITING).when(complete(outcome="unsatisfied")).then(
        completed(outcome="unsatisfied"), called_back("unsatisfied"), opened("unsatisfied")
    )


@pytest.mark.parametrize("question", ["technical_skill", "attitude", "timeliness"])
@pytest.mark.parametrize("score", [1, 2])
def test_one_low_score_opens_a_corrective_action_beside_the_outcome(
    question: str, score: int
) -> None:
    scores = f.Scores(**{question: score})
    Given(*WAITING).when(complete(scores=scores)).then(
        completed(scores=scores), called_back("satisfied"), CLOSED, opened("low_score")
    )


def test_unsolved_with_a_low_score_does_both() -> None:
    scores = f.Scores(attitude=1)
    Given(*WAITING).when(complete(outcome="unsolved", scores=scores)).then(
        completed(outcome="unsolved", solved=False, scores=scores),
        called_back("unsolved"),
        UNSOLVED,
        opened("low_score"),
    )


@pytest.mark.parametrize(
    ("outcome", "solved"), [("unsolved", True), ("satisfied", False), ("unsatisfied", False)]
)
def test_answers_must_not_contradict_each_other(outcome: Any, solved: bool) -> None:
    Given(*WAITING).when(complete(outcome=outcome, solved=solved)).refused(
        "contradiction", "solved"
    )


def test_callback_is_completed_once() -> None:
    Given(*WAITING, completed(), CLOSED).when(complete()).refused("callback-completed")


def test_case_that_was_opened_again_is_not_asked_about() -> None:
    Given(*WAITING, REOPENED).when(complete()).refused("callback-cancelled")
    Given(*WAITING, REOPENED, RESOLVED).when(complete()).refused("callback-cancelled")


def test_nobody_is_asked_before_a_callback_is_due() -> None:
    Given(reported(), RESOLVED).when(complete()).refused("callback-not-scheduled")


def test_call_cannot_come_before_the_solution() -> None:
    Given(*WAITING).when(complete(at=at(18))).refused("before-resolution", "occurred_at")
