"""The dispatcher's page of spares: what is out, who waits, what runs short?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request, Response
from sqlalchemy import select

from aftercare_events.catalogue.depot import StockLow
from aftercare_http import MinPosition, Pages, Principal, Router, requires

from .aggregates import CASE, SAFETY, UNIT
from .api.call import Desk, Dispatch
from .api.loan_views import LoanView, loan_view
from .api.stock_views import UnitView, unit_view
from .api.warranty import GuaranteeView, guarantee_view
from .domain.guarantee import REMEDIES
from .domain.loan_state import OUT
from .tables import cases, guarantees, loans, safety_stock, units

pages = Pages("dispatch")
router = Router(include_in_schema=False, dependencies=[MinPosition])
Viewer = Annotated[Principal, Depends(requires("dispatch:read", page=True))]
SHOWN = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The first of a list, of which there are `total` in all."""

    shown: Sequence[T]
    total: int


def part_of(whole: Sequence[T]) -> Part[T]:
    return Part(whole[:SHOWN], len(whole))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spares:
    """`waiting` stands in the order in which it is served, what is out by the day it is due."""

    waiting: Part[LoanView]
    overdue: Part[LoanView]
    due: Part[LoanView]
    out: Part[LoanView]
    to_look_at: Part[UnitView]
    short: Part[StockLow]
    guarantees: Part[GuaranteeView]
    summaries: Mapping[str, str]


@router.get("/loans")
async def loans_page(request: Request, desk: Desk, _: Viewer) -> Response:
    return pages.render(
        request,
        "loans.html",
        title="loans.title",
        spares=await spares_of(desk),
        remedies=REMEDIES,
    )


async def spares_of(desk: Dispatch) -> Spares:
    lent = await _out(desk)
    waiting = part_of(await _waiting(desk))
    overdue = part_of([loan for loan in lent if loan.overdue])
    due = part_of([loan for loan in lent if loan.due_back and not loan.overdue])
    out = part_of([loan for loan in lent if not loan.due_back])
    proposed = part_of(await _guarantees(desk))
    named = (*waiting.shown, *overdue.shown, *due.shown, *out.shown, *proposed.shown)
    return Spares(
        waiting=waiting,
        overdue=overdue,
        due=due,
        out=out,
        to_look_at=part_of(await _to_look_at(desk)),
        short=part_of(await _short(desk)),
        guarantees=proposed,
        summaries=await _summaries(desk, {one.case_id for one in named}),
    )


async def _waiting(desk: Dispatch) -> Sequence[LoanView]:
    queue = sorted(await desk.stockroom.waiting(), key=lambda one: one.order)
    place = {one.loan_id: index for index, one in enumerate(queue)}
    query = select(loans).where(loans.c.stage == "waiting").order_by(loans.c.loan_id)
    views = [loan_view(row) for row in await desk.reading.rows(query)]
    return sorted(views, key=lambda view: place.get(view.loan_id, len(place)))


async def _out(desk: Dispatch) -> Sequence[LoanView]:
    query = select(loans).where(loans.c.stage.in_(OUT)).order_by(loans.c.loan_id)
    views = [loan_view(row) for row in await desk.reading.rows(query)]
    return sorted(views, key=lambda view: str(view.due_back))


async def _to_look_at(desk: Dispatch) -> Sequence[UnitView]:
    """Units that came back and are on no shelf yet."""
    query = select(units).where(~units.c.is_free).order_by(units.c.unit_id)
    return [
        unit_view(row)
        for row in await desk.reading.rows(query)
        if UNIT.decoder.decode(row["state"]).status in ("to_inspect", "unfit")
    ]


async def _short(desk: Dispatch) -> Sequence[StockLow]:
    query = select(safety_stock.c.state).where(safety_stock.c.is_short)
    rows = await desk.reading.rows(query.order_by(safety_stock.c.depot_id))
    return [low for row in rows for low in SAFETY.decoder.decode(row["state"]).low]


async def _guarantees(desk: Dispatch) -> Sequence[GuaranteeView]:
    query = select(guarantees).where(guarantees.c.stage == "proposed")
    rows = await desk.reading.rows(query.order_by(guarantees.c.guarantee_id))
    return [guarantee_view(row) for row in rows]


async def _summaries(desk: Dispatch, case_ids: set[str]) -> Mapping[str, str]:
    query = select(cases.c.case_id, cases.c.state).where(cases.c.case_id.in_(case_ids))
    states = {
        row["case_id"]: CASE.decoder.decode(row["state"]) for row in await desk.reading.rows(query)
    }
    return {key: state.report.summary for key, state in states.items() if state.report}
