"""Loans of spare units, from the wish for one to its end; a case is told of its own."""

from datetime import date
from typing import Any, Literal

import msgspec

from .registry import event_type

LoanOutcome = Literal["returned", "written_off", "cancelled", "moved"]
DueBackReason = Literal["restored", "reopened", "withdrawn"]
LoanCause = Literal["asked", "restore_breached", "during_repair"]


class _LoanEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    loan_id: str


@event_type("aftercare.loan.requested.v1")
class LoanRequested(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A loan waits for a unit that fits: no such unit is free.

    `model`, or a `category` with a least `grade`, is what fits; with `same_look` only what is
    alike in type and look does.
    """

    case_id: str
    model: str | None = None
    category: str | None = None
    grade: int | None = None
    family: str | None = None
    same_look: bool = False
    depot_id: str | None = None
    due_back: date | None = None
    automatic: bool = False
    cause: LoanCause | None = None


@event_type("aftercare.loan.wait_ended.v1")
class LoanWaitEnded(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A loan that waited for a unit is not needed any more."""

    reason: str


@event_type("aftercare.loan.reserved.v1")
class LoanReserved(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """`why` explains the choice of this unit; `automatic` when no person asked for it."""

    case_id: str
    unit_id: str
    depot_id: str
    model: str
    due_back: date | None = None
    automatic: bool = False
    why: dict[str, Any] | None = None
    cause: LoanCause | None = None


@event_type("aftercare.loan.shipped.v1")
class LoanShipped(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    waybill: str | None = None


@event_type("aftercare.loan.received.v1")
class LoanReceived(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The unit is in use at the customer's site."""


@event_type("aftercare.loan.extended.v1")
class LoanExtended(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    due_back: date
    reason: str | None = None


@event_type("aftercare.loan.due_back_set.v1")
class LoanDueBackSet(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The own device works again, or the case was withdrawn: due back through the day `due_back`.

    `within_days` after that is what the contract gives; no day at all: the fault is open again.
    """

    reason: DueBackReason
    due_back: date | None = None
    within_days: int | None = None


@event_type("aftercare.loan.return_reminded.v1")
class LoanReturnReminded(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Two days are left until a loan is due back (DP-11)."""

    case_id: str
    due_back: date


@event_type("aftercare.loan.overdue.v1")
class LoanOverdue(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The day on which a loan was due back is over, and it is still out: an alert for ops."""

    case_id: str
    unit_id: str
    due_back: date


@event_type("aftercare.loan.returned.v1")
class LoanReturned(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    condition: str
    fit: bool = True
    to_inspect: bool = False


@event_type("aftercare.loan.swapped.v1")
class LoanSwapped(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A defective unit is taken back and `unit_id` goes out in its place, in one batch.

    `why` explains the choice of the new unit, `condition` is that of the one taken back.
    """

    unit_id: str
    depot_id: str
    model: str
    previous_unit_id: str
    condition: str
    why: dict[str, Any] | None = None


@event_type("aftercare.loan.moved.v1")
class LoanMoved(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The case was merged: the loan goes on for the one that it became."""

    case_id: str
    previous_case_id: str


@event_type("aftercare.loan.written_off.v1")
class LoanWrittenOff(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str


@event_type("aftercare.case.loan_requested.v1")
class CaseLoanRequested(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Stands in one batch with `loan.requested`: the case waits for a spare."""

    case_id: str
    loan_id: str


@event_type("aftercare.case.loan_reserved.v1")
class CaseLoanReserved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Stands in one batch with `loan.reserved` or `loan.moved`, so it knows what is out."""

    case_id: str
    loan_id: str
    unit_id: str


@event_type("aftercare.case.loan_ended.v1")
class CaseLoanEnded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str
    loan_id: str
    outcome: LoanOutcome
