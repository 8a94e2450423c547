"""FB-01: never the engineer, nor the department, that handled the case."""

import pytest

from aftercare_events.catalogue import case as c
from feedback.barred import Barring
from feedback.domain import commands as cmd
from feedback.domain.case import Case, Handler
from feedback.domain.independence import CUSTOMER, Caller
from support.feedback_cases import (
    CASE,
    OFFICER,
    SCHEDULED,
    WAITING,
    Given,
    assigned,
    at,
    complete,
    completed,
    reported,
)

RESOLVED = c.CaseResolved(case_id=CASE)


def test_engineer_of_the_case_is_refused() -> None:
    Given(*WAITING).when(complete(caller=Caller("E-1"))).refused(
        "officer-handled-the-case", "officer_id"
    )


def test_engineer_who_was_replaced_is_refused_too() -> None:
    given = Given(reported(), assigned("E-1"), assigned("E-2"), RESOLVED, SCHEDULED)
    given.when(complete(caller=Caller("E-1"))).refused("officer-handled-the-case", "officer_id")


def test_colleague_of_the_engineer_is_refused() -> None:
    Given(*WAITING).when(complete(caller=Caller("O-1", "field-service"))).refused(
        "officer-of-a-barred-department", "officer_id"
    )


def test_officer_who_left_is_refused() -> None:
    left = Caller("O-1", "customer-care", active=False)
    Given(*WAITING).when(complete(caller=left)).refused("officer-not-active", "officer_id")


def test_the_same_holds_for_an_attempt() -> None:
    attempt = cmd.Attempt(at=at(60), caller=Caller("E-1"), outcome="busy")
    Given(*WAITING).when(attempt).refused("officer-handled-the-case", "officer_id")


def test_officer_of_another_department_may_ask() -> None:
    closed = c.CaseClosed(case_id=CASE, reason="satisfied")
    called = c.CaseCalledBack(case_id=CASE, callback_id=SCHEDULED.callback_id, outcome="satisfied")
    Given(*WAITING).when(complete(caller=OFFICER)).then(completed(), called, closed)


def test_customer_answers_without_anybody_asking() -> None:
    facts = (
        completed(officer_id="self-service"),
        c.CaseCalledBack(case_id=CASE, callback_id=SCHEDULED.callback_id, outcome="satisfied"),
        c.CaseClosed(case_id=CASE, reason="satisfied"),
    )
    Given(*WAITING).when(complete(caller=CUSTOMER)).then(*facts)


ENGINEERS = {"E-1": "field-service", "E-2": "lighting", "E-3": "software"}


@pytest.mark.parametrize(
    ("version", "barred"),
    [
        (1, {"field-service"}),
        (2, {"field-service", "lighting", "software"}),
        (None, {"field-service", "lighting", "software"}),
    ],
)
def test_contract_may_bar_the_whole_technical_department(
    version: int | None, barred: set[str]
) -> None:
    """S2's two departments supervise each other; the case keeps the version it began with."""
    case = Case(policy="portal-operations", policy_version=version, handlers=(Handler("E-1"),))
    rules = {("portal-operations", 1): False, ("portal-operations", 2): True}
    assert Barring(ENGINEERS, rules).departments(case) == barred


def test_department_named_at_the_assignment_counts_as_well() -> None:
    case = Case(policy="p", handlers=(Handler("E-1", "night-shift"), Handler("E-9", "partner")))
    assert Barring(ENGINEERS, {}).departments(case) == {"field-service", "night-shift", "partner"}
