"""DP-27: a case is handled by an emergency plan; a critical one calls the team together."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.emergency import (
    PlanActivated,
    PlanEntered,
    PlanStepDone,
    TeamCalled,
    TeamRole,
)
from dispatch.domain import commands as cmd
from dispatch.domain import emergency_plan
from dispatch.domain.contract_terms import ContractTerms
from dispatch.domain.support import is_critical
from support.dispatch_cases import CASE, Given, after, at, reported

TEAM = (TeamRole(role="lead", engineer_ids=("E-1",)), TeamRole(role="net", engineer_ids=("E-2",)))
PLAN = PlanEntered(
    plan_id="EP-1",
    title="core switch down",
    customer_id="C-1",
    device_id="D-1",
    steps=("fail over", "check the routes"),
    team=TEAM,
)
ACTIVATED = PlanActivated(
    case_id=CASE, plan_id="EP-1", title=PLAN.title, steps=PLAN.steps, activated_by="boss"
)
CALLED = TeamCalled(case_id=CASE, plan_id="EP-1", team=TEAM)
DONE = PlanStepDone(case_id=CASE, plan_id="EP-1", step=2, done_by="E-2")
FAULT = reported(device_id="D-1")


def activate(**changes: Any) -> cmd.ActivatePlan:
    fields: dict[str, Any] = {"plan": PLAN, "critical": False} | changes
    return cmd.ActivatePlan(case_id=CASE, at=at(60), plan_id="EP-1", activated_by="boss", **fields)


def tick(step: int) -> cmd.TickStep:
    return cmd.TickStep(case_id=CASE, at=at(60), plan_id="EP-1", step=step, done_by="E-2")


def test_activation_calls_the_team_together_for_a_critical_case() -> None:
    Given(FAULT).when(activate()).then(ACTIVATED)
    Given(FAULT).when(activate(critical=True)).then(ACTIVATED, CALLED)


def test_team_is_called_once_when_the_case_becomes_critical_later() -> None:
    Given(FAULT, ACTIVATED).when(activate()).refused("plan-already-active")
    Given(FAULT, ACTIVATED).when(activate(critical=True)).then(CALLED)
    given = Given(FAULT, ACTIVATED, CALLED)
    given.when(activate(critical=True)).refused("plan-already-active")


@pytest.mark.parametrize(
    ("fault", "plan", "code"),
    [
        (FAULT, None, "plan-unknown"),
        (reported(customer_id="C-2", device_id="D-1"), PLAN, "plan-does-not-fit"),
        (reported(device_id="D-2"), PLAN, "plan-does-not-fit"),
        (reported(), PLAN, "plan-does-not-fit"),
    ],
)
def test_plan_is_one_of_the_customer_and_device(
    fault: c.CaseReported, plan: PlanEntered | None, code: str
) -> None:
    assert Given(fault).when(activate(plan=plan)).refused(code).field == "plan_id"


def test_step_is_ticked_once_by_name() -> None:
    Given(FAULT).when(tick(2)).refused("plan-not-active")
    Given(FAULT, ACTIVATED).when(tick(3)).refused("step-unknown")
    Given(FAULT, ACTIVATED).when(tick(2)).then(DONE)
    Given(FAULT, ACTIVATED, DONE).when(tick(2)).refused("step-done")
    (plan,) = after(FAULT, ACTIVATED, CALLED, DONE).emergencies
    assert [(one.done_by, one.done_at) for one in plan.steps] == [(None, None), ("E-2", at(30))]
    assert (plan.team, plan.called_at) == (TEAM, at(20))


def test_work_by_a_plan_ends_with_the_case() -> None:
    Given(FAULT, c.CaseWithdrawn(case_id=CASE)).when(activate()).refused("case-withdrawn")


def test_critical_is_a_fault_of_the_worst_severity_of_its_contract() -> None:
    terms = ContractTerms(severities=("urgent", "normal"))
    assert is_critical(reported(severity="urgent"), terms)
    assert not is_critical(reported(severity="normal"), terms)
    assert not is_critical(reported(severity="urgent", kind="question"), terms)
    assert not is_critical(reported(severity="urgent"), ContractTerms())


def test_plan_entered_again_unchanged_says_nothing() -> None:
    state = emergency_plan.evolve(emergency_plan.INITIAL, PLAN)
    assert emergency_plan.decide(PLAN, emergency_plan.INITIAL) == [PLAN]
    assert emergency_plan.decide(PLAN, state) == []
