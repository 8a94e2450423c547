"""Emergency plans (应急方案) of customers and devices, and cases handled by them (DP-27)."""

import msgspec

from .registry import event_type


class TeamRole(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes a `role` of the emergency team."""

    role: str
    engineer_ids: tuple[str, ...]


@event_type("aftercare.plan.entered.v1")
class PlanEntered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole plan as it stands from now on; without a device it is for all of the customer's."""

    plan_id: str
    title: str
    customer_id: str
    steps: tuple[str, ...]
    device_id: str | None = None
    team: tuple[TeamRole, ...] = ()
    active: bool = True


class _CaseEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str
    plan_id: str


@event_type("aftercare.case.plan_activated.v1")
class PlanActivated(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The case is handled by the plan, with the title and steps that it had then."""

    title: str
    steps: tuple[str, ...]
    activated_by: str


@event_type("aftercare.case.plan_step_done.v1")
class PlanStepDone(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """`step` counts from 1."""

    step: int
    done_by: str
    note: str | None = None


@event_type("aftercare.case.team_called.v1")
class TeamCalled(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The emergency team is called together; each of its engineers is rung."""

    team: tuple[TeamRole, ...]
