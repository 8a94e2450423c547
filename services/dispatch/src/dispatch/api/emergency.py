"""Emergency plans (应急方案): entered per customer and device, and handled by in a case (DP-27)."""

from collections.abc import Sequence
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
from ..tables import plans
from .call import Calling, Desk, Dispatch, Done, Entered, Happening, Note, Reader, Reason
from .case_commands import CaseId
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
    report = case.report
    if report is None or case.stage != "open" or not report.customer_id:
        return []
    if not await desk.choosing.ladder.critical(case):
        return []
    query = select(plans.c.state).where(plans.c.customer_id == report.customer_id)
    rows = await desk.reading.rows(query.order_by(plans.c.plan_id))
    entries = (PLAN.decoder.decode(row["state"]).entry for row in rows)
    active = {one.plan_id for one in case.emergencies}
    fitting = [one for one in entries if one and one.plan_id not in active and fits(one, case)]
    fitting.sort(key=lambda one: one.device_id is None)
    return [proposed(one) for one in fitting[:MOST_PROPOSED]]
