"""What a reader sees of emergency plans: as entered, proposed, and under way in a case (DP-27)."""

from datetime import datetime

from pydantic import BaseModel

from aftercare_events.catalogue.emergency import PlanEntered, TeamRole

from ..domain.emergency_state import Emergency


class TeamRoleView(BaseModel):
    role: str
    engineer_ids: list[str]


class ProposedPlan(BaseModel):
    plan_id: str
    title: str
    device_id: str | None


class PlanView(BaseModel):
    plan_id: str
    title: str
    customer_id: str
    device_id: str | None
    steps: list[str]
    team: list[TeamRoleView]
    active: bool
    position: int


class StepView(BaseModel):
    number: int
    text: str
    done_by: str | None
    done_at: datetime | None
    note: str | None


class EmergencyView(BaseModel):
    """`team` was called together at `called_at`; before that nobody was."""

    plan_id: str
    title: str
    activated_by: str
    activated_at: datetime
    steps: list[StepView]
    team: list[TeamRoleView]
    called_at: datetime | None


def proposed(plan: PlanEntered) -> ProposedPlan:
    return ProposedPlan(plan_id=plan.plan_id, title=plan.title, device_id=plan.device_id)


def plan_view(plan: PlanEntered, position: int) -> PlanView:
    return PlanView(
        plan_id=plan.plan_id,
        title=plan.title,
        customer_id=plan.customer_id,
        device_id=plan.device_id,
        steps=list(plan.steps),
        team=_team(plan.team),
        active=plan.active,
        position=position,
    )


def emergency_view(one: Emergency) -> EmergencyView:
    return EmergencyView(
        plan_id=one.plan_id,
        title=one.title,
        activated_by=one.activated_by,
        activated_at=one.activated_at,
        steps=[
            StepView(
                number=number,
                text=step.text,
                done_by=step.done_by,
                done_at=step.done_at,
                note=step.note,
            )
            for number, step in enumerate(one.steps, start=1)
        ],
        team=_team(one.team),
        called_at=one.called_at,
    )


def _team(team: tuple[TeamRole, ...]) -> list[TeamRoleView]:
    return [TeamRoleView(role=one.role, engineer_ids=list(one.engineer_ids)) for one in team]
