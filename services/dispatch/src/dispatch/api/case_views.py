"""What a reader sees of cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import RowMapping

from aftercare_events.catalogue.case import Lack, Mode, Replaced

from ..aggregates import CASE
from ..domain.case_state import Assignment, CaseState, Status, status
from .emergency_views import EmergencyView, ProposedPlan, emergency_view
from .engineer_views import Visit, visit_of
from .work_views import HandOverView, WorkView, hand_over_view, work_view


class AssignmentView(BaseModel):
    """`lacks`: why the arrival of whoever is on site does not count (DP-25)."""

    engineer_id: str
    mode: Mode
    assigned_at: datetime
    by_hand: bool
    why: Mapping[str, Any] | None
    override_reason: str | None
    overridden: tuple[str, ...]
    accepted: bool
    answer_by: datetime | None
    slot: Visit | None
    expected_end: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    lacks: list[Lack]


class CaseSummary(BaseModel):
    """`holder` has the case now; `wanted` is the mode in which somebody is looked for."""

    case_id: str
    status: Status
    kind: str
    policy: str
    severity: str | None
    category: str | None
    summary: str
    customer_id: str
    site_id: str | None
    device_id: str | None
    use_affected: bool | None
    held_for: str | None
    incident: str | None
    reported_at: datetime
    cycle: int
    wanted: Mode | None
    unattended: bool
    holder: str | None
    assignment: AssignmentView | None
    paused_for: str | None
    onsite_required: bool
    loans: list[str]
    loans_waiting: list[str]
    overdue: list[str]
    milestones: dict[str, datetime]
    position: int


class ReplacedView(BaseModel):
    what: Replaced
    name: str | None
    serial: str | None


class RecordView(BaseModel):
    symptom: str
    cause: str
    action: str
    place: str | None
    prevention: str | None
    replaced: list[ReplacedView]
    technique: str | None
    reported_by: Mapping[str, Any] | None


class CaseDetail(CaseSummary):
    """`contact` is opened for this reader and null once the person was erased.

    `held_over` says on what terms experts, vendor or partner have it now; null: they do not.
    `notices` went to the customer; those that begin with `PW-` remind of passwords (DP-03).
    `photos` are numbered from 1. `plans` are the emergency plans proposed for a critical case,
    `emergencies` those it is handled by.
    """

    contact: Mapping[str, Any] | None
    record: RecordView | None
    held_since: datetime | None
    held_over: HandOverView | None
    work: WorkView
    notices: list[str]
    photos: int
    has_signature: bool
    measured: dict[str, str]
    plans: list[ProposedPlan]
    emergencies: list[EmergencyView]


def case_summary(row: RowMapping) -> CaseSummary:
    return CaseSummary(**_case_fields(row["case_id"], CASE.decoder.decode(row["state"]), row))


def case_detail(
    case_id: str,
    state: CaseState,
    row: RowMapping,
    contact: Mapping[str, Any] | None,
    reported_by: Mapping[str, Any] | None,
    plans: Sequence[ProposedPlan] = (),
) -> CaseDetail:
    kept = state.record
    record = kept and RecordView(
        symptom=kept.symptom,
        cause=kept.cause,
        action=kept.action,
        place=kept.place,
        prevention=kept.prevention,
        replaced=[
            ReplacedView(what=one.what, name=one.name, serial=one.serial) for one in kept.replaced
        ],
        technique=kept.technique,
        reported_by=reported_by,
    )
    return CaseDetail(
        **_case_fields(case_id, state, row),
        contact=contact,
        record=record,
        held_since=state.held_since,
        held_over=hand_over_view(state.held_over) if state.held_over else None,
        work=work_view(state.work),
        notices=list(state.notices),
        photos=len(state.photos),
        has_signature=state.signature is not None,
        measured=state.measured,
        plans=list(plans),
        emergencies=[emergency_view(one) for one in state.emergencies],
    )


def _case_fields(case_id: str, state: CaseState, row: RowMapping) -> dict[str, Any]:
    report = state.report
    if report is None:
        raise ValueError(f"case {case_id} has no report")
    return {
        "case_id": case_id,
        "status": status(state),
        "severity": None if report.severity is None else str(report.severity),
        **{
            name: getattr(report, name)
            for name in (
                "kind",
                "policy",
                "category",
                "summary",
                "customer_id",
                "site_id",
                "device_id",
                "use_affected",
                "held_for",
            )
        },
        "reported_at": state.reported_at,
        "cycle": state.cycle,
        "wanted": state.wanted,
        "unattended": state.unattended,
        "holder": state.holder,
        "assignment": _assignment(state.assignment) if state.assignment else None,
        "incident": state.incident,
        "paused_for": state.paused_for,
        "onsite_required": state.onsite_required,
        "loans": list(state.loans),
        "loans_waiting": list(state.loans_waiting),
        "overdue": sorted(state.breached),
        "milestones": state.milestones,
        "position": row["position"],
    }


def _assignment(held: Assignment) -> AssignmentView:
    return AssignmentView(
        engineer_id=held.engineer_id,
        mode=held.mode,
        assigned_at=held.at,
        by_hand=held.by_hand,
        why=held.why,
        override_reason=held.override_reason,
        overridden=held.overridden,
        accepted=held.accepted,
        answer_by=held.answer_by,
        slot=visit_of(held.slot) if held.slot else None,
        expected_end=held.expected_end or (held.slot.end if held.slot else None),
        departed_at=held.departed_at,
        arrived_at=held.arrived_at,
        lacks=list(held.lacks),
    )
