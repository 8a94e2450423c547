"""The life of one loan (DP-11): reserved, shipped, in use, returned or written off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.dispatch import (
    LoanCancelled,
    LoanCause,
    LoanExtended,
    LoanReceived,
    LoanRequested,
    LoanReserved,
    LoanReturned,
    LoanShipped,
    LoanSwapped,
    LoanWrittenOff,
)
from aftercare_events.decider import Refused

Stage = Literal[
    "unknown",
    "waiting",
    "reserved",
    "shipped",
    "in_use",
    "returned",
    "written_off",
    "cancelled",
]
Fact = (
    LoanRequested
    | LoanCancelled
    | LoanReserved
    | LoanShipped
    | LoanReceived
    | LoanExtended
    | LoanSwapped
    | LoanReturned
    | LoanWrittenOff
)


class LoanState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`terms` is what was reserved for whom, with the unit that is out now; `request` what waits.

    `due_back` moves when the loan is extended.
    """

    stage: Stage = "unknown"
    request: LoanRequested | None = None
    requested_at: datetime | None = None
    terms: LoanReserved | None = None
    due_back: date | None = None
    waybill: str | None = None
    condition: str | None = None

    @property
    def case_id(self) -> str | None:
        known = self.terms or self.request
        return known.case_id if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """No unit that fits is free; `said` is the fact as it will stand."""

    said: LoanRequested

    @property
    def loan_id(self) -> str:
        return self.said.loan_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    loan_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    loan_id: str
    case_id: str
    unit_id: str
    depot_id: str
    model: str
    due_back: date | None = None
    automatic: bool = False
    why: dict[str, Any] | None = None
    cause: LoanCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship:
    loan_id: str
    waybill: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive:
    loan_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    loan_id: str
    due_back: date
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Another unit goes out in place of the one that fails at the customer's."""

    loan_id: str
    unit_id: str
    depot_id: str
    model: str
    condition: str
    why: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """`fit` is what an inspection on the spot found; without one the unit waits for it."""

    loan_id: str
    condition: str
    fit: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    loan_id: str
    reason: str


Command = Request | Cancel | Reserve | Ship | Receive | Extend | Swap | Return | WriteOff
INITIAL = LoanState()
OUT: tuple[Stage, ...] = ("reserved", "shipped", "in_use")
"""A unit belongs to the loan, on its shelf or elsewhere."""


def decide(command: Command, state: LoanState) -> Sequence[Fact]:
    """Raises Refused, with the stage of the loan as the reason."""
    match command:
        case Request():
            _at(state, "unknown")
            return [command.said]
        case Cancel():
            _at(state, "waiting")
            return [LoanCancelled(loan_id=command.loan_id, reason=command.reason)]
        case Reserve():
            return reserve(command, state)
        case Ship():
            _at(state, "reserved")
            return [LoanShipped(loan_id=command.loan_id, waybill=command.waybill)]
        case Receive():
            _at(state, "reserved", "shipped")
            return [LoanReceived(loan_id=command.loan_id)]
        case Extend():
            return extend(command, state)
        case Return():
            return give_back(command, state)
        case Swap():
            return swap(command, state)
        case WriteOff():
            _at(state, *OUT)
            return [LoanWrittenOff(loan_id=command.loan_id, reason=command.reason)]
        case _:
            assert_never(command)


def reserve(command: Reserve, state: LoanState) -> Sequence[Fact]:
    _at(state, "unknown", "waiting")
    return [
        LoanReserved(
            loan_id=command.loan_id,
            case_id=command.case_id,
            unit_id=command.unit_id,
            depot_id=command.depot_id,
            model=command.model,
            due_back=command.due_back,
            automatic=command.automatic,
            why=command.why,
            cause=command.cause,
        )
    ]


def extend(command: Extend, state: LoanState) -> Sequence[Fact]:
    _at(state, *OUT)
    if state.due_back is not None and command.due_back <= state.due_back:
        raise Refused("not-later", f"due back on {state.due_back} already", "due_back")
    return [LoanExtended(loan_id=command.loan_id, due_back=command.due_back, reason=command.reason)]


def swap(command: Swap, state: LoanState) -> Sequence[Fact]:
    """The new unit is still to be shipped; when it is due back does not change."""
    _at(state, *OUT)
    previous = state.terms.unit_id if state.terms else ""
    if command.unit_id == previous:
        raise Refused("same-unit", f"{previous} is what fails", "unit_id")
    return [
        LoanSwapped(
            loan_id=command.loan_id,
            unit_id=command.unit_id,
            depot_id=command.depot_id,
            model=command.model,
            previous_unit_id=previous,
            condition=command.condition,
            why=command.why,
        )
    ]


def give_back(command: Return, state: LoanState) -> Sequence[Fact]:
    _at(state, *OUT)
    return [
        LoanReturned(
            loan_id=command.loan_id,
            condition=command.condition,
            fit=command.fit is True,
            to_inspect=command.fit is None,
        )
    ]


def _at(state: LoanState, *stages: Stage) -> None:
    if state.stage not in stages:
        stage = state.stage.replace("_", "-")
        raise Refused(f"loan-{stage}", f"the loan is {stage}")


def evolve(state: LoanState, fact: Fact, at: datetime) -> LoanState:
    match fact:
        case LoanRequested():
            return LoanState(stage="waiting", request=fact, requested_at=at)
        case LoanCancelled():
            return replace(state, stage="cancelled")
        case LoanReserved():
            return replace(state, stage="reserved", terms=fact, due_back=fact.due_back)
        case LoanShipped():
            return replace(state, stage="shipped", waybill=fact.waybill)
        case LoanReceived():
            return replace(state, stage="in_use")
        case LoanExtended():
            return replace(state, due_back=fact.due_back)
        case LoanSwapped():
            return _swapped(state, fact)
        case LoanReturned():
            return replace(state, stage="returned", condition=fact.condition)
        case LoanWrittenOff():
            return replace(state, stage="written_off")
        case _:
            assert_never(fact)


def _swapped(state: LoanState, fact: LoanSwapped) -> LoanState:
    terms = state.terms and replace(
        state.terms,
        unit_id=fact.unit_id,
        depot_id=fact.depot_id,
        model=fact.model,
        why=fact.why,
    )
    return replace(state, stage="reserved", terms=terms, waybill=None)
