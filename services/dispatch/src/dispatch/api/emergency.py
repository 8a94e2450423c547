"""Emergency plans (应急方案): entered per customer and device, and handled by in a case (DP-27)."""

from collections.abc import Mapping, Sequence, Set
from typing import Annotated

from fastapi import Path
from pydantic import Field
from sqlalchemy import select

from aftercare_events.catalogue.emergency import PlanEntered, TeamRole
from aftercare_http import Body, Id, MinPosition, Router

from ..aggregates import PLAN
from ..domain import commands as cmd
from ..domain.case_state import CaseState
from ..domain.emergency import fits
from ..reading import Unknown
from ..tables import customers, devices, engineers, plans
from .call import Calling, Desk, Dispatch, Done, Entered, Happening, Note, Reader, Reason
from .case_bodies import CaseId
from .emergency_views import PlanView, ProposedPlan, plan_view, proposed

router = Router(tags=["emergencies"], dependencies=[MinPosition])
PlanId = Annotated[Id, Path(examples=["EP-EXAMPLE"])]
Steps = Annotated[tuple[Reason, ...], Field(min_length=1, max_length=100)]
# One customer has few; whoever has more sees the first of them proposed.
MOST_PROPOSED = 20


class RoleBody(Body):
    role: Reason
    engineer_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]


class PlanBody(Happening):
    """Without `device_id` the plan is for all devices of the customer."""

    title: Reason
    customer_id: Id
    device_id: Id | None = None
    steps: Steps
    team: Annotated[tuple[RoleBody, ...], Field(max_length=50)] = ()
    active: bool = True


class ActivationBody(Happening):
    plan_id: Id


class StepBody(Happening):
    """`step` counts from 1; `done_by` left out is whoever calls."""

    plan_id: Id
    step: Annotated[int, Field(ge=1, le=100)]
    done_by: Id | None = None
    note: Note | None = None


@router.put("/v1/emergency-plans/{plan_id}")
async def put_emergency_plan(plan_id: PlanId, call: Calling, body: PlanBody) -> Entered:
    """The whole plan; cases under way keep the steps they were activated with."""
    await call.known(customers, "customer_id", body.customer_id)
    await call.known(devices, "device_id", body.device_id)
    for number, role in enumerate(body.team):
        await call.known(engineers, f"team.{number}.engineer_ids", *role.engineer_ids)
    team = tuple(TeamRole(role=one.role, engineer_ids=one.engineer_ids) for one in body.team)
    entry = PlanEntered(
        plan_id=plan_id,
        title=body.title,
        customer_id=body.customer_id,
        device_id=body.device_id,
        steps=body.steps,
        team=team,
        active=body.active,
    )
    return await call.enter_plan(body, entry)


@router.get("/v1/emergency-plans/{plan_id}")
async def show_emergency_plan(plan_id: PlanId, desk: Desk, _: Reader) -> PlanView:
    row = await desk.reading.entry(plans, plan_id)
    entry = PLAN.decoder.decode(row["state"]).entry
    if entry is None:
        raise Unknown("plan", plan_id)
    return plan_view(entry, row["position"])


@router.post("/v1/cases/{case_id}/activate-plan")
async def activate_plan(case_id: CaseId, call: Calling, body: ActivationBody) -> Done:
    """The case is handled by the plan; a critical one calls its emergency team together."""
    who = call.by(body).actor
    return await call.change_case(
        body,
        lambda at: cmd.ActivatePlan(case_id=case_id, at=at, plan_id=body.plan_id, activated_by=who),
    )


@router.post("/v1/cases/{case_id}/tick-step")
async def tick_step(case_id: CaseId, call: Calling, body: StepBody) -> Done:
    """A step of an activated plan was done."""
    who = body.done_by or call.by(body).actor
    return await call.change_case(
        body,
        lambda at: cmd.TickStep(
            case_id=case_id,
            at=at,
            plan_id=body.plan_id,
            step=body.step,
            done_by=who,
            note=body.note,
        ),
    )


async def plans_for(desk: Dispatch, case: CaseState) -> Sequence[ProposedPlan]:
    """What fits a critical case and is not activated, plans of the very device first."""
    found = await plans_by_case(desk, {"": case})
    return [proposed(one) for one in found.get("", ())]


async def plans_by_case(
    desk: Dispatch, states: Mapping[str, CaseState]
) -> Mapping[str, Sequence[PlanEntered]]:
    """The same of many cases at once, as far as there are such plans."""
    known = await _of_customers(desk, {_customer(state) for state in states.values()})
    fitting = {
        case_id: [one for one in known.get(_customer(state), ()) if _may_begin(one, state)]
        for case_id, state in states.items()
    }
    some = {case_id: found for case_id, found in fitting.items() if found}
    critical = await desk.choosing.ladder.critical_of({one: states[one] for one in some})
    return {
        case_id: found[:MOST_PROPOSED] for case_id, found in some.items() if case_id in critical
    }


def _customer(case: CaseState) -> str:
    return case.report.customer_id if case.report and case.stage == "open" else ""


def _may_begin(plan: PlanEntered, case: CaseState) -> bool:
    return fits(plan, case) and all(one.plan_id != plan.plan_id for one in case.emergencies)


async def _of_customers(
    desk: Dispatch, customer_ids: Set[str]
) -> Mapping[str, Sequence[PlanEntered]]:
    """Plans of a device before those for all of a customer's."""
    query = select(plans.c.state).where(plans.c.customer_id.in_(customer_ids - {""}))
    rows = await desk.reading.rows(query.order_by(plans.c.plan_id))
    entries = [entry for row in rows if (entry := PLAN.decoder.decode(row["state"]).entry)]
    found: dict[str, list[PlanEntered]] = {}
    for one in sorted(entries, key=lambda one: one.device_id is None):
        found.setdefault(one.customer_id, []).append(one)
    return found
