"""The life of one loan (DP-11): reserved, shipped, in use, returned or written off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never

from aftercare_events.catalogue.loan import (
    DueBackReason,
    LoanCause,
    LoanDueBackSet,
    LoanExtended,
    LoanMoved,
    LoanOverdue,
    LoanReceived,
    LoanRequested,
    LoanReserved,
    LoanReturned,
    LoanReturnReminded,
    LoanShipped,
    LoanSwapped,
    LoanWaitEnded,
    LoanWrittenOff,
)
from aftercare_events.decider import Refused

from .loan_dates import due_back_after
from .loan_state import (
    INITIAL,
    OUT,
    Fact,
    LoanState,
    Stage,
    evolve,
    overdue_due,
    reminder_due,
)

__all__ = ["INITIAL", "OUT", "Command", "Fact", "LoanState", "Stage", "decide", "evolve"]


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
class SetDueBack:
    """Said by the machine; without a day the loan is due back on none."""

    loan_id: str
    reason: DueBackReason
    due_back: date | None = None
    within_days: int | None = None


def due_back_after_need(
    loan_id: str, works_again: bool, since: datetime, within_days: int
) -> SetDueBack:
    """Once the own device works again, or the case was withdrawn, `since` then."""
    return SetDueBack(
        loan_id=loan_id,
        reason="restored" if works_again else "withdrawn",
        due_back=due_back_after(since, within_days),
        within_days=within_days,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    loan_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FallOverdue:
    loan_id: str
    at: datetime


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
class Move:
    """Said by the machine: `case_id`, for which the loan is out, was merged into `into`."""

    loan_id: str
    case_id: str
    into: str


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


Moving = Request | Cancel | Reserve | Ship | Receive | Swap | Move | Return | WriteOff
Timing = Extend | SetDueBack | Remind | FallOverdue
Command = Moving | Timing


def decide(command: Command, state: LoanState) -> Sequence[Fact]:
    """Raises Refused, with the stage of the loan as the reason."""
    match command:
        case Extend():
            return extend(command, state)
        case SetDueBack():
            return set_due_back(command, state)
        case Remind():
            return remind(command, state)
        case FallOverdue():
            return fall_overdue(command, state)
        case _:
            return _moving(command, state)


def _moving(command: Moving, state: LoanState) -> Sequence[Fact]:
    match command:
        case Request():
            _at(state, "unknown")
            return [command.said]
        case Cancel():
            _at(state, "waiting")
            return [LoanWaitEnded(loan_id=command.loan_id, reason=command.reason)]
        case Reserve():
            return reserve(command, state)
        case Ship():
            _at(state, "reserved")
            return [LoanShipped(loan_id=command.loan_id, waybill=command.waybill)]
        case Receive():
            _at(state, "reserved", "shipped")
            return [LoanReceived(loan_id=command.loan_id)]
        case Return():
            return give_back(command, state)
        case Swap():
            return swap(command, state)
        case Move():
            return move(command, state)
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


def set_due_back(command: SetDueBack, state: LoanState) -> Sequence[Fact]:
    """What a person gave beyond that day stands; nothing where it would change nothing."""
    days = [day for day in (command.due_back, state.extended_to) if day is not None]
    due_back = max(days, default=None)
    if not state.is_out or due_back == state.due_back:
        return []
    return [
        LoanDueBackSet(
            loan_id=command.loan_id,
            reason=command.reason,
            due_back=due_back,
            within_days=command.within_days,
        )
    ]


def remind(command: Remind, state: LoanState) -> Sequence[Fact]:
    """Once for each day on which it was to be back."""
    at = reminder_due(state)
    if at is None or command.at < at or state.terms is None or state.due_back is None:
        return []
    return [
        LoanReturnReminded(
            loan_id=command.loan_id, case_id=state.terms.case_id, due_back=state.due_back
        )
    ]


def fall_overdue(command: FallOverdue, state: LoanState) -> Sequence[Fact]:
    at = overdue_due(state)
    if at is None or command.at < at or state.terms is None or state.due_back is None:
        return []
    return [
        LoanOverdue(
            loan_id=command.loan_id,
            case_id=state.terms.case_id,
            unit_id=state.terms.unit_id,
            due_back=state.due_back,
        )
    ]


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


def move(command: Move, state: LoanState) -> Sequence[Fact]:
    """Nothing for a loan that is over, or was moved before."""
    if not state.is_out or state.case_id != command.case_id:
        return []
    return [
        LoanMoved(loan_id=command.loan_id, case_id=command.into, previous_case_id=command.case_id)
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
