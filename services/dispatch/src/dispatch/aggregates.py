"""How each folded aggregate becomes a row: its facts, its state, its columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args

import msgspec
from sqlalchemy import Table

from aftercare_events.catalogue.choosing import WeightsSet
from aftercare_events.catalogue.emergency import PlanEntered

from . import tables
from .domain import (
    case_facts,
    case_folding,
    case_state,
    cover,
    emergency_plan,
    engineer,
    guarantee,
    incident,
    loan,
    partner,
    safety_stock,
    unit,
    warranty,
    weighing,
)
from .domain.case_state import CaseState
from .domain.emergency_plan import PlanState
from .domain.engineer import EngineerState
from .domain.guarantee import GuaranteeState
from .domain.incident import IncidentState
from .domain.loan import LoanState
from .domain.partner import PartnerState
from .domain.safety_stock import SafetyState
from .domain.unit import UnitState
from .domain.warranty import WarrantyState
from .domain.weighing import Weighed

S = TypeVar("S", bound=msgspec.Struct)
Columns = Callable[[S], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[S]):
    """`facts` are the event structs that change it; others about it are not its business."""

    name: str
    table: Table
    facts: frozenset[type]
    initial: S
    evolve: Callable[[S, Any, datetime], S]
    columns: Columns[S]
    decoder: msgspec.json.Decoder[S]

    @property
    def key(self) -> str:
        return f"{self.name}_id"

    def row(self, identifier: str, state: S, position: int) -> dict[str, Any]:
        return {
            self.key: identifier,
            "position": position,
            "state": msgspec.json.encode(state, order="sorted").decode(),
            **self.columns(state),
        }


def _case_columns(state: CaseState) -> Mapping[str, Any]:
    return {
        "status": case_state.status(state),
        "is_open": state.stage == "open",
        "is_wanted": state.wanted is not None,
        "is_overdue": bool(state.breached),
        "engineer_id": state.assignment.engineer_id if state.assignment else None,
        "device_id": state.report.device_id if state.report else None,
        "reported_at": state.reported_at,
        "due_at": _due_at(state),
    }


def _due_at(state: CaseState) -> datetime | None:
    """What the list of those who wait goes by: the next promise, else the day it is planned for."""
    soonest = state.next_due
    return soonest[1] if soonest else state.report and state.report.planned_for


def _engineer_columns(state: EngineerState) -> Mapping[str, Any]:
    """Of those at work, when their first certificate ends."""
    entry = state.entry if state.entry and state.entry.active else None
    ends = [one.valid_until for one in entry.certificates] if entry else []
    return {"certificate_ends_on": min(ends, default=None)}


def _unit_columns(state: UnitState) -> Mapping[str, Any]:
    entry = state.entry
    return {
        "depot_id": entry.depot_id if entry else None,
        "model": entry.model if entry else None,
        "category": entry.category if entry else None,
        "grade": entry.grade if entry else None,
        "family": entry.family if entry else None,
        "is_free": state.free,
    }


def _loan_columns(state: LoanState) -> Mapping[str, Any]:
    return {
        "case_id": state.case_id,
        "unit_id": state.terms.unit_id if state.terms else None,
        "stage": state.stage,
    }


def _guarantee_columns(state: GuaranteeState) -> Mapping[str, Any]:
    proposal = state.proposal
    return {
        "stage": state.stage,
        "case_id": proposal.case_id if proposal else None,
        "device_id": proposal.device_id if proposal else None,
    }


def _incident_columns(state: IncidentState) -> Mapping[str, Any]:
    return {
        "stage": state.stage,
        "category": state.found.category if state.found else None,
        "since": state.found.since if state.found else None,
    }


CASE = Aggregate(
    "case",
    tables.cases,
    frozenset(get_args(case_facts.Fact)),
    case_state.INITIAL,
    case_folding.evolve,
    _case_columns,
    msgspec.json.Decoder(CaseState),
)
ENGINEER = Aggregate(
    "engineer",
    tables.engineers,
    frozenset(get_args(engineer.Fact)),
    engineer.INITIAL,
    engineer.evolve,
    _engineer_columns,
    msgspec.json.Decoder(EngineerState),
)
UNIT = Aggregate(
    "unit",
    tables.units,
    frozenset(get_args(unit.Fact)),
    unit.INITIAL,
    lambda state, fact, _: unit.evolve(state, fact),
    _unit_columns,
    msgspec.json.Decoder(UnitState),
)
LOAN = Aggregate(
    "loan",
    tables.loans,
    frozenset(get_args(loan.Fact)),
    loan.INITIAL,
    loan.evolve,
    _loan_columns,
    msgspec.json.Decoder(LoanState),
)
WARRANTY = Aggregate(
    "warranty",
    tables.warranty,
    frozenset(get_args(warranty.Fact)),
    warranty.INITIAL,
    lambda state, fact, _: warranty.evolve(state, fact),
    lambda _: {},
    msgspec.json.Decoder(WarrantyState),
)
GUARANTEE = Aggregate(
    "guarantee",
    tables.guarantees,
    frozenset(get_args(guarantee.Fact)),
    guarantee.INITIAL,
    lambda state, fact, _: guarantee.evolve(state, fact),
    _guarantee_columns,
    msgspec.json.Decoder(GuaranteeState),
)
INCIDENT = Aggregate(
    "incident",
    tables.incidents,
    frozenset(get_args(incident.Fact)),
    incident.INITIAL,
    lambda state, fact, _: incident.evolve(state, fact),
    _incident_columns,
    msgspec.json.Decoder(IncidentState),
)
SAFETY = Aggregate(
    "depot",
    tables.safety_stock,
    frozenset(get_args(safety_stock.Fact)),
    safety_stock.INITIAL,
    lambda state, fact, _: safety_stock.evolve(state, fact),
    lambda state: {"is_short": bool(state.low)},
    msgspec.json.Decoder(SafetyState),
)
WEIGHTS = Aggregate(
    "weights",
    tables.weights,
    frozenset({WeightsSet}),
    weighing.INITIAL,
    weighing.evolve,
    lambda _: {},
    msgspec.json.Decoder(Weighed),
)
PARTNER = Aggregate(
    "partner",
    tables.partners,
    frozenset({partner.Fact}),
    partner.INITIAL,
    lambda state, fact, _: partner.evolve(state, fact),
    lambda _: {},
    msgspec.json.Decoder(PartnerState),
)
PLAN = Aggregate(
    "plan",
    tables.plans,
    frozenset({PlanEntered}),
    emergency_plan.INITIAL,
    lambda state, fact, _: emergency_plan.evolve(state, fact),
    lambda state: {"customer_id": state.entry.customer_id if state.entry else None},
    msgspec.json.Decoder(PlanState),
)
COVER = Aggregate(
    "cover",
    tables.covers,
    frozenset(get_args(cover.Fact)),
    cover.INITIAL,
    lambda state, fact, _: cover.evolve(state, fact),
    lambda _: {},
    msgspec.json.Decoder(cover.CoverState),
)
AGGREGATES: tuple[Aggregate[Any], ...] = (
    CASE,
    ENGINEER,
    UNIT,
    LOAN,
    WARRANTY,
    GUARANTEE,
    INCIDENT,
    COVER,
    SAFETY,
    WEIGHTS,
    PARTNER,
    PLAN,
)
