"""Where one loan stands: what happened folds into its stage, its unit and the day it is due."""

from datetime import date, datetime
from typing import Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.loan import (
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

from .loan_dates import overdue_at, remind_at

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
Moved = (
    LoanRequested
    | LoanWaitEnded
    | LoanReserved
    | LoanShipped
    | LoanReceived
    | LoanSwapped
    | LoanMoved
    | LoanReturned
    | LoanWrittenOff
)
Timed = LoanExtended | LoanDueBackSet | LoanReturnReminded | LoanOverdue
Fact = Moved | Timed


class LoanState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`terms` is what was reserved for whom, with the unit that is out now; `request` what waits.

    `due_back` moves when the own device works again, and when the loan is extended: what a person
    gave at least, stands in `extended_to`. `reminded_for` and `overdue_for` are days it was due.
    """

    stage: Stage = "unknown"
    request: LoanRequested | None = None
    requested_at: datetime | None = None
    terms: LoanReserved | None = None
    due_back: date | None = None
    extended_to: date | None = None
    reminded_for: date | None = None
    overdue_for: date | None = None
    waybill: str | None = None
    condition: str | None = None

    @property
    def is_out(self) -> bool:
        return self.stage in OUT

    @property
    def is_overdue(self) -> bool:
        return self.is_out and self.due_back is not None and self.overdue_for == self.due_back

    @property
    def case_id(self) -> str | None:
        known = self.terms or self.request
        return known.case_id if known else None


INITIAL = LoanState()
OUT: tuple[Stage, ...] = ("reserved", "shipped", "in_use")
"""A unit belongs to the loan, on its shelf or elsewhere."""


def reminder_due(state: LoanState) -> datetime | None:
    """When the return is to be brought to mind; None once it was, or the day is over."""
    due_back = state.due_back
    if not state.is_out or due_back is None or state.is_overdue or state.reminded_for == due_back:
        return None
    return remind_at(due_back)


def overdue_due(state: LoanState) -> datetime | None:
    """When the loan is overdue, unless it is back by then; None once that was said."""
    if not state.is_out or state.due_back is None or state.is_overdue:
        return None
    return overdue_at(state.due_back)


def evolve(state: LoanState, fact: Fact, at: datetime) -> LoanState:
    """The loan after `fact`, which happened at `at`."""
    match fact:
        case LoanExtended() | LoanDueBackSet() | LoanReturnReminded() | LoanOverdue():
            return _timed(state, fact)
        case _:
            return _moved(state, fact, at)


def _timed(state: LoanState, fact: Timed) -> LoanState:
    match fact:
        case LoanExtended():
            return replace(state, due_back=fact.due_back, extended_to=fact.due_back)
        case LoanDueBackSet():
            return replace(state, due_back=fact.due_back)
        case LoanReturnReminded():
            return replace(state, reminded_for=fact.due_back)
        case LoanOverdue():
            return replace(state, overdue_for=fact.due_back)
        case _:
            assert_never(fact)


def _moved(state: LoanState, fact: Moved, at: datetime) -> LoanState:
    match fact:
        case LoanRequested():
            return LoanState(stage="waiting", request=fact, requested_at=at)
        case LoanWaitEnded():
            return replace(state, stage="cancelled")
        case LoanReserved():
            return replace(state, stage="reserved", terms=fact, due_back=fact.due_back)
        case LoanShipped():
            return replace(state, stage="shipped", waybill=fact.waybill)
        case LoanReceived():
            return replace(state, stage="in_use")
        case LoanSwapped():
            return _swapped(state, fact)
        case LoanMoved():
            return replace(state, terms=state.terms and replace(state.terms, case_id=fact.case_id))
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
