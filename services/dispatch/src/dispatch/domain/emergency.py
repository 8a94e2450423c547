"""Handling a case by an emergency plan (DP-27)."""

from collections.abc import Sequence
from typing import assert_never

from aftercare_events.catalogue.emergency import (
    PlanActivated,
    PlanEntered,
    PlanStepDone,
    TeamCalled,
)
from aftercare_events.decider import Refused

from . import commands as cmd
from .case_state import CaseState
from .emergency_state import Emergency, Fact


def decide(command: cmd.InEmergency, state: CaseState) -> Sequence[Fact]:
    """Raises Refused."""
    match command:
        case cmd.ActivatePlan():
            return activate(command, state)
        case cmd.TickStep():
            return tick(command, state)
        case _:
            assert_never(command)


def fits(plan: PlanEntered, state: CaseState) -> bool:
    """A plan for this customer, and for this device or for all of them."""
    report = state.report
    return (
        plan.active
        and report is not None
        and plan.customer_id == report.customer_id
        and plan.device_id in (None, report.device_id)
    )


def activate(command: cmd.ActivatePlan, state: CaseState) -> Sequence[Fact]:
    """Once; again only to call the team, when the case has become critical meanwhile."""
    plan = command.plan
    if plan is None:
        raise Refused("plan-unknown", f"no emergency plan {command.plan_id}", "plan_id")
    if not fits(plan, state):
        raise Refused("plan-does-not-fit", "not a plan of this customer and device", "plan_id")
    called = TeamCalled(case_id=command.case_id, plan_id=plan.plan_id, team=plan.team)
    calls = [called] if command.critical and plan.team else []
    under_way = _under_way(command.plan_id, state)
    if under_way is None:
        activated = PlanActivated(
            case_id=command.case_id,
            plan_id=plan.plan_id,
            title=plan.title,
            steps=plan.steps,
            activated_by=command.activated_by,
        )
        return [activated, *calls]
    if under_way.called_at is None and calls:
        return calls
    raise Refused("plan-already-active", f"{under_way.activated_by} activated it")


def tick(command: cmd.TickStep, state: CaseState) -> Sequence[Fact]:
    """In any order, each once, by somebody with a name."""
    under_way = _under_way(command.plan_id, state)
    if under_way is None:
        raise Refused("plan-not-active", f"{command.plan_id} was not activated", "plan_id")
    if not 0 < command.step <= len(under_way.steps):
        raise Refused("step-unknown", f"the plan has {len(under_way.steps)} steps", "step")
    if by := under_way.steps[command.step - 1].done_by:
        raise Refused("step-done", f"{by} has done it")
    return [
        PlanStepDone(
            case_id=command.case_id,
            plan_id=command.plan_id,
            step=command.step,
            done_by=command.done_by,
            note=command.note,
        )
    ]


def _under_way(plan_id: str, state: CaseState) -> Emergency | None:
    return next((one for one in state.emergencies if one.plan_id == plan_id), None)
