"""Loans of spare devices (备品代用): asked for, sent, in use, back (DP-10, DP-11)."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field
from sqlalchemy import select

from aftercare_http import Cursor, Id, Limit, Line, MinPosition, Page, Router

from ..domain import loan
from ..domain.loan_dates import require_to_come
from ..stockroom import LoanRequest, SwapRequest
from ..tables import depots, loans, units
from .call import Calling, Desk, Happening, LoanDone, Reader, Reason, Words, or_nothing
from .loan_views import LoanView, loan_view
from .paging import page_of

router = Router(prefix="/v1/loans", tags=["loans"], dependencies=[MinPosition])

DueBack = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
LoanId = Annotated[Id, Path()]


class LoanBody(Happening):
    """What is not said follows from the case's own device; `unit_id` asks for that one unit.

    `same_look`: only what is alike in type and look fits. With no fitting unit free the loan waits
    for one, unless `wait` is false.
    """

    case_id: Id
    model: Line | None = None
    grade: Annotated[int, Field(ge=0, le=1000)] | None = None
    unit_id: Id | None = None
    depot: Id | None = None
    due_back: DueBack | None = None
    same_look: bool = False
    wait: bool = True

    def request(self, loan_id: str) -> LoanRequest:
        return LoanRequest(
            loan_id=loan_id,
            case_id=self.case_id,
            unit_id=self.unit_id,
            model=self.model,
            grade=self.grade,
            depot_id=self.depot,
            due_back=self.due_back,
            same_look=self.same_look,
            wait=self.wait,
        )


class ShipBody(Happening):
    waybill: Reason | None = None


class ReturnBody(Happening):
    """`fit` is what an inspection on the spot found; left out, the unit waits to be inspected."""

    condition: Words
    fit: bool | None = None


class SwapBody(Happening):
    """`condition` is that of the unit which fails; `unit_id` asks for one unit in its place."""

    condition: Words
    unit_id: Id | None = None


class ExtendBody(Happening):
    due_back: DueBack
    reason: Reason | None = None


class CancelBody(Happening):
    reason: Reason


class WriteOffBody(Happening):
    reason: Reason


@router.post("", status_code=201)
async def lend_unit(call: Calling, body: LoanBody) -> LoanDone:
    """Reserve the nearest free unit of the same or a higher grade, or wait for one."""
    require_to_come(body.due_back, call.by(body).at)
    await call.known(depots, "depot", body.depot)
    await call.known(units, "unit_id", body.unit_id)
    return await call.lend(body, body.request)


@router.get("")
async def list_loans(
    desk: Desk,
    _: Reader,
    case: Annotated[Id | None, Query(description="Loans for this case.")] = None,
    status: Annotated[loan.Stage | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[LoanView]:
    query = select(loans)
    if case is not None:
        query = query.where(loans.c.case_id == case)
    if status is not None:
        query = query.where(loans.c.stage == status)
    rows, following = await page_of(desk.reading, loans, limit, cursor, query)
    return Page(items=[loan_view(row) for row in rows], next=following)


@router.get("/{loan_id}")
async def show_loan(loan_id: LoanId, desk: Desk, _: Reader) -> LoanView:
    return loan_view(await desk.reading.entry(loans, loan_id))


@router.post("/{loan_id}/ship")
async def ship(
    loan_id: LoanId, call: Calling, body: Annotated[ShipBody, or_nothing(ShipBody)]
) -> LoanDone:
    return await call.change_loan(body, loan.Ship(loan_id=loan_id, waybill=body.waybill))


@router.post("/{loan_id}/receive")
async def receive(
    loan_id: LoanId, call: Calling, body: Annotated[Happening, or_nothing(Happening)]
) -> LoanDone:
    """The unit is in use at the customer's."""
    return await call.change_loan(body, loan.Receive(loan_id=loan_id))


@router.post("/{loan_id}/return")
async def give_back_loan(loan_id: LoanId, call: Calling, body: ReturnBody) -> LoanDone:
    """Back in its depot, in this condition."""
    command = loan.Return(loan_id=loan_id, condition=body.condition, fit=body.fit)
    return await call.change_loan(body, command)


@router.post("/{loan_id}/cancel")
async def cancel(loan_id: LoanId, call: Calling, body: CancelBody) -> LoanDone:
    """A loan that waits for a unit is not needed any more."""
    return await call.change_loan(body, loan.Cancel(loan_id=loan_id, reason=body.reason))


@router.post("/{loan_id}/swap")
async def swap(loan_id: LoanId, call: Calling, body: SwapBody) -> LoanDone:
    """The lent unit fails: it is taken back unfit, and the nearest fitting one goes out instead."""
    request = SwapRequest(loan_id=loan_id, condition=body.condition, unit_id=body.unit_id)
    return await call.swap(body, request)


@router.post("/{loan_id}/extend")
async def extend(loan_id: LoanId, call: Calling, body: ExtendBody) -> LoanDone:
    require_to_come(body.due_back, call.by(body).at)
    command = loan.Extend(loan_id=loan_id, due_back=body.due_back, reason=body.reason)
    return await call.change_loan(body, command)


@router.post("/{loan_id}/write-off")
async def write_off(loan_id: LoanId, call: Calling, body: WriteOffBody) -> LoanDone:
    """Lost, or broken for good."""
    return await call.change_loan(body, loan.WriteOff(loan_id=loan_id, reason=body.reason))
