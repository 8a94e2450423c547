"""What an engineer's phone knows of the cases that are with him (DP-07, DP-08)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, select

from aftercare_events.catalogue.case import MaintenanceRecord
from aftercare_events.catalogue.emergency import PlanEntered

from .aggregates import CASE, ENGINEER, LOAN
from .api.call import Dispatch
from .api.emergency import plans_by_case
from .api.sealing import opened
from .domain import record
from .domain.acceptance import figures_for
from .domain.case_state import Assignment, CaseState, Status, status
from .domain.contract_terms import ContractTerms, Figure
from .domain.emergency_state import Emergency
from .reading import Unknown
from .stockroom import Contract, contract_of
from .tables import cases, customers, devices, engineers, loans, sites

MOST_CASES = 60
MOST_ENGINEERS = 2000
# Signed off, the rest is the office's.
HIS: tuple[Status, ...] = (
    *("assigned", "accepted", "travelling", "on_site", "restored", "resolved"),
)
AT_WORK: tuple[Status, ...] = ("on_site", "travelling", "restored", "resolved")


class Place(msgspec.Struct, kw_only=True):
    name: str
    city: str | None
    address: str | None
    latitude: float | None
    longitude: float | None


class Lent(msgspec.Struct, kw_only=True):
    loan_id: str
    status: str
    model: str | None
    due_back: str | None


class Step(msgspec.Struct, kw_only=True):
    number: int
    text: str
    done_by: str | None = None
    done_at: datetime | None = None


class Plan(msgspec.Struct, kw_only=True):
    """An emergency plan that fits; its steps are known before there is no connection."""

    plan_id: str
    title: str
    steps: list[Step]


class UnderWay(Plan, kw_only=True):
    """The team was called together at `called_at`, if at all."""

    activated_by: str
    activated_at: datetime
    called_at: datetime | None


class Mine(msgspec.Struct, kw_only=True):
    """One case. `needs` are the fields that its maintenance record must have, `pauses` the reasons
    for which its contract knows a pause, `figures` what is to be measured when it works again.

    `reported` is filled in by the report where the record leaves it out.
    """

    case_id: str
    status: Status
    mode: str
    accepted: bool
    kind: str
    summary: str
    severity: str | None
    category: str | None
    paused_for: str | None
    remote: bool
    expert: str | None
    promise: str | None
    due_at: datetime | None
    visit_from: datetime | None
    visit_to: datetime | None
    reported_at: datetime
    customer: str
    site: Place | None
    device_id: str | None
    device: str | None
    contact: Mapping[str, Any] | None
    loans: list[Lent]
    milestones: dict[str, datetime]
    photos: int
    record: dict[str, Any] | None
    needs: list[str]
    pauses: list[str]
    figures: list[Figure]
    plans: list[Plan]
    emergencies: list[UnderWay]
    position: int


class Known(msgspec.Struct, kw_only=True):
    """All that the page shows; `position` is what it has seen of the log, at least."""

    engineer_id: str
    name: str
    cases: list[Mine]
    position: int


@dataclass(frozen=True, slots=True)
class Archive:
    """What the tables say beside the cases themselves, by the ids that these name."""

    names: Mapping[str, str]
    places: Mapping[str, Mapping[str, Any]]
    models: Mapping[str, Mapping[str, Any]]
    lent: Mapping[str, list[Lent]]
    plans: Mapping[str, Sequence[PlanEntered]]
    terms: Mapping[Contract, ContractTerms]


async def known(desk: Dispatch, engineer_id: str) -> Known:
    """What is to be done next comes first. Raises Unknown."""
    position = desk.updates.position
    row = await desk.reading.entry(engineers, engineer_id)
    entry = ENGINEER.decoder.decode(row["state"]).entry
    if entry is None:
        raise Unknown("engineer", engineer_id)
    person = await opened(desk.vault, entry.person)
    return Known(
        engineer_id=engineer_id,
        name=str((person or {}).get("name", engineer_id)),
        cases=await _mine(desk, engineer_id),
        position=position,
    )


async def colleagues(desk: Dispatch) -> Sequence[tuple[str, str]]:
    """Whose page may be looked at, with their names."""
    query = select(engineers.c.state).order_by(engineers.c.engineer_id).limit(MOST_ENGINEERS)
    rows = await desk.reading.rows(query)
    entries = [ENGINEER.decoder.decode(row["state"]).entry for row in rows]
    active = [entry for entry in entries if entry and entry.active]
    people = await asyncio.gather(*(opened(desk.vault, entry.person) for entry in active))
    return [
        (entry.engineer_id, str((person or {}).get("name", entry.engineer_id)))
        for entry, person in zip(active, people, strict=True)
    ]


async def _mine(desk: Dispatch, engineer_id: str) -> list[Mine]:
    rows = await desk.reading.rows(_of(engineer_id))
    states = [(row["case_id"], CASE.decoder.decode(row["state"]), row["position"]) for row in rows]
    reports = [state.report for _, state, _ in states if state.report]
    names = await desk.reading.names(customers, {one.customer_id for one in reports})
    places = await _by_id(desk, sites, {one.site_id for one in reports if one.site_id})
    models = await _by_id(desk, devices, {one.device_id for one in reports if one.device_id})
    lent = await _lent(desk, [case_id for case_id, _, _ in states])
    plans = await plans_by_case(desk, {case_id: state for case_id, state, _ in states})
    terms = await desk.stockroom.terms_of(reports)
    archive = Archive(names, places, models, lent, plans, terms)
    found = [
        await _case(desk, case_id, state, position, archive) for case_id, state, position in states
    ]
    return sorted(found, key=_urgency)


def _of(engineer_id: str) -> Select[Any, Any, Any]:
    return (
        select(cases.c.case_id, cases.c.state, cases.c.position)
        .where(cases.c.engineer_id == engineer_id, cases.c.status.in_(HIS))
        .order_by(cases.c.due_at.nulls_last(), cases.c.reported_at)
        .limit(MOST_CASES)
    )


def _urgency(one: Mine) -> tuple[bool, bool, float, str]:
    """What he is at, unless it waits for somebody; then by the time left, or by the visit."""
    at_it = one.status in AT_WORK and one.paused_for is None
    when = one.due_at or one.visit_from
    return (not at_it, when is None, (when or one.reported_at).timestamp(), one.case_id)


async def _case(
    desk: Dispatch,
    case_id: str,
    state: CaseState,
    position: int,
    archive: Archive,
) -> Mine:
    report, held = state.report, state.assignment
    if report is None or held is None or state.reported_at is None:
        raise ValueError(f"case {case_id} is with nobody")
    clock, due_at = state.next_due or (None, None)
    terms = archive.terms[contract_of(report)]
    return Mine(
        case_id=case_id,
        status=status(state),
        kind=report.kind,
        summary=report.summary,
        severity=None if report.severity is None else str(report.severity),
        category=report.category,
        paused_for=state.paused_for,
        remote=state.remote_since is not None,
        expert=state.expert,
        promise=clock,
        due_at=due_at,
        reported_at=state.reported_at,
        customer=archive.names.get(report.customer_id, report.customer_id),
        site=_place(report.site_id, archive.places),
        device_id=report.device_id,
        device=str(archive.models.get(report.device_id or "", {}).get("model") or "") or None,
        contact=await opened(desk.vault, report.contact),
        loans=archive.lent.get(case_id, []),
        milestones=state.milestones,
        photos=len(state.photos),
        record=await _record(desk, state.record),
        needs=[name.removeprefix("record.") for name in record.missing(None, report)],
        pauses=list(terms.pauses),
        figures=list(figures_for(terms.acceptance, report.category)),
        plans=[_plan(one) for one in archive.plans.get(case_id, ())],
        emergencies=[_under_way(one) for one in state.emergencies],
        position=position,
        **_visit(held),
    )


def _plan(entry: PlanEntered) -> Plan:
    steps = [Step(number=number, text=text) for number, text in enumerate(entry.steps, start=1)]
    return Plan(plan_id=entry.plan_id, title=entry.title, steps=steps)


def _under_way(begun: Emergency) -> UnderWay:
    return UnderWay(
        plan_id=begun.plan_id,
        title=begun.title,
        steps=[
            Step(number=number, text=one.text, done_by=one.done_by, done_at=one.done_at)
            for number, one in enumerate(begun.steps, start=1)
        ],
        activated_by=begun.activated_by,
        activated_at=begun.activated_at,
        called_at=begun.called_at,
    )


def _visit(held: Assignment) -> dict[str, Any]:
    return {
        "mode": held.mode,
        "accepted": held.accepted,
        "visit_from": held.slot.start if held.slot else None,
        "visit_to": held.slot.end if held.slot else None,
    }


def _place(site_id: str | None, places: Mapping[str, Mapping[str, Any]]) -> Place | None:
    if site_id is None:
        return None
    row = places.get(site_id, {})
    return Place(
        name=row.get("name", site_id),
        city=row.get("city"),
        address=row.get("address"),
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
    )


async def _record(desk: Dispatch, written: MaintenanceRecord | None) -> dict[str, Any] | None:
    if written is None:
        return None
    said = await opened(desk.vault, written.reported_by)
    plain = msgspec.to_builtins(written)
    return plain | {"reported_by": (said or {}).get("name") or plain.get("reported_by")}


async def _lent(desk: Dispatch, case_ids: Sequence[str]) -> Mapping[str, list[Lent]]:
    query = select(loans.c.loan_id, loans.c.case_id, loans.c.state)
    rows = await desk.reading.rows(query.where(loans.c.case_id.in_(case_ids)))
    found: dict[str, list[Lent]] = {}
    for row in rows:
        state = LOAN.decoder.decode(row["state"])
        one = Lent(
            loan_id=row["loan_id"],
            status=state.stage,
            model=state.terms.model if state.terms else None,
            due_back=state.due_back.isoformat() if state.due_back else None,
        )
        found.setdefault(row["case_id"], []).append(one)
    return found


async def _by_id(
    desk: Dispatch, table: Any, identifiers: set[str]
) -> Mapping[str, Mapping[str, Any]]:
    key = next(iter(table.primary_key.columns))
    rows = await desk.reading.rows(select(table).where(key.in_(identifiers)))
    return {str(row[key.name]): dict(row) for row in rows}
