"""How dispatch answers: what a reader sees of cases, engineers, units and loans."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import RowMapping

from aftercare_events.catalogue.case import Lack, Mode, Replaced
from aftercare_events.catalogue.dispatch import LoanCause, LoanRequested, Point

from ..aggregates import CASE, ENGINEER, LOAN, UNIT
from ..domain import loan, unit
from ..domain.case_state import Assignment, CaseState, Status, status
from ..domain.engineer import EngineerState
from ..domain.slot import Slot
from .emergency_views import EmergencyView, ProposedPlan, emergency_view
from .work_views import HandOverView, WorkView, hand_over_view, work_view


class Place(BaseModel):
    latitude: float
    longitude: float


class Visit(BaseModel):
    start: datetime
    end: datetime


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
        slot=_visit(held.slot) if held.slot else None,
        expected_end=held.expected_end or (held.slot.end if held.slot else None),
        departed_at=held.departed_at,
        arrived_at=held.arrived_at,
        lacks=list(held.lacks),
    )


def _visit(slot: Slot) -> Visit:
    return Visit(start=slot.start, end=slot.end)


class CertificateView(BaseModel):
    name: str
    valid_until: date
    skill: str | None


class SpanView(BaseModel):
    days: list[int]
    start: str
    end: str


class DutyView(BaseModel):
    zone: str
    around_the_clock: bool
    spans: list[SpanView]
    official: str | None


class ResidenceView(BaseModel):
    customer_id: str
    site_id: str | None


class EngineerView(BaseModel):
    """`person` is opened for this reader: name, phone, mail; `bookings` are visits by case."""

    engineer_id: str
    active: bool
    department: str | None
    level: int
    skills: list[str]
    certificates: list[CertificateView]
    home: Place | None
    reserve: bool
    residence: ResidenceView | None
    duty: DutyView
    bookings: dict[str, Visit]
    person: Mapping[str, Any] | None
    position: int


def engineer_state(row: RowMapping) -> EngineerState:
    return ENGINEER.decoder.decode(row["state"])


def engineer_view(row: RowMapping, person: Mapping[str, Any] | None) -> EngineerView:
    state = engineer_state(row)
    entry = state.entry
    if entry is None:
        raise ValueError(f"engineer {row['engineer_id']} was never registered")
    return EngineerView(
        engineer_id=entry.engineer_id,
        active=entry.active,
        department=entry.department,
        level=entry.level,
        skills=list(entry.skills),
        certificates=[
            CertificateView(name=one.name, valid_until=one.valid_until, skill=one.skill)
            for one in entry.certificates
        ],
        home=_place(entry.home),
        reserve=entry.reserve,
        residence=ResidenceView(
            customer_id=entry.residence.customer_id, site_id=entry.residence.site_id
        )
        if entry.residence
        else None,
        duty=duty_view(state),
        bookings={case: _visit(slot) for case, slot in sorted(state.bookings.items())},
        person=person,
        position=row["position"],
    )


def duty_view(state: EngineerState) -> DutyView:
    return DutyView(
        zone=state.duty.zone,
        around_the_clock=state.duty.around_the_clock,
        spans=[
            SpanView(days=list(span.days), start=span.start, end=span.end)
            for span in state.duty.spans
        ],
        official=state.duty.official,
    )


def _place(point: Point | None) -> Place | None:
    return Place(latitude=point.latitude, longitude=point.longitude) if point else None


class DepotView(BaseModel):
    depot_id: str
    name: str
    district: str | None
    location: Place | None
    position: int


def depot_view(row: RowMapping) -> DepotView:
    located = row["latitude"] is not None
    return DepotView(
        depot_id=row["depot_id"],
        name=row["name"],
        district=row["district"],
        location=Place(latitude=row["latitude"], longitude=row["longitude"]) if located else None,
        position=row["position"],
    )


class UnitView(BaseModel):
    unit_id: str
    depot_id: str
    model: str
    category: str | None
    grade: int | None
    family: str | None
    serial: str | None
    status: unit.Status
    loan_id: str | None
    position: int


def unit_view(row: RowMapping) -> UnitView:
    state = UNIT.decoder.decode(row["state"])
    entry = state.entry
    if entry is None:
        raise ValueError(f"unit {row['unit_id']} was never registered")
    return UnitView(
        unit_id=entry.unit_id,
        depot_id=entry.depot_id,
        model=entry.model,
        category=entry.category,
        grade=entry.grade,
        family=entry.family,
        serial=entry.serial,
        status=state.status,
        loan_id=state.loan_id,
        position=row["position"],
    )


class LoanView(BaseModel):
    """Unit, depot and `model` are what is lent, `wanted` is what a waiting loan waits for."""

    loan_id: str
    status: loan.Stage
    case_id: str
    unit_id: str | None
    depot_id: str | None
    model: str | None
    wanted: Mapping[str, Any] | None
    waiting_since: datetime | None
    due_back: date | None
    overdue: bool
    automatic: bool
    cause: LoanCause | None
    why: Mapping[str, Any] | None
    waybill: str | None
    condition: str | None
    position: int


def loan_view(row: RowMapping) -> LoanView:
    state = LOAN.decoder.decode(row["state"])
    terms, request = state.terms, state.request
    said = terms or request
    if said is None:
        raise ValueError(f"loan {row['loan_id']} was never asked for")
    return LoanView(
        loan_id=said.loan_id,
        status=state.stage,
        case_id=said.case_id,
        unit_id=terms.unit_id if terms else None,
        depot_id=terms.depot_id if terms else None,
        model=terms.model if terms else None,
        wanted=_wanted(request) if request and not terms else None,
        waiting_since=state.requested_at if state.stage == "waiting" else None,
        due_back=state.due_back,
        overdue=state.is_overdue,
        automatic=said.automatic,
        cause=said.cause,
        why=terms.why if terms else None,
        waybill=state.waybill,
        condition=state.condition,
        position=row["position"],
    )


def _wanted(request: LoanRequested) -> Mapping[str, Any]:
    names = ("model", "category", "grade", "family", "same_look", "depot_id")
    return {name: getattr(request, name) for name in names}
