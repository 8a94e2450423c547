"""The dispatcher's page of spares: what is out, who waits, what runs short?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spares:
    """`waiting` stands in the order in which it is served, what is out by the day it is due."""

    waiting: Sequence[LoanView]
    overdue: Sequence[LoanView]
    due: Sequence[LoanView]
    out: Sequence[LoanView]
    to_look_at: Sequence[UnitView]
    short: Sequence[StockLow]
    guarantees: Sequence[GuaranteeView]
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
    waiting, out = await _waiting(desk), await _out(desk)
    proposed = await _guarantees(desk)
    mentioned = {one.case_id for one in (*waiting, *out, *proposed)}
    return Spares(
        waiting=waiting,
        overdue=[loan for loan in out if loan.overdue],
        due=[loan for loan in out if loan.due_back and not loan.overdue],
        out=[loan for loan in out if not loan.due_back],
        to_look_at=await _to_look_at(desk),
        short=await _short(desk),
        guarantees=proposed,
        summaries=await _summaries(desk, mentioned),
    )


async def _waiting(desk: Dispatch) -> Sequence[LoanView]:
    queue = sorted(await desk.stockroom.waiting(), key=lambda one: one.order)
    place = {one.loan_id: index for index, one in enumerate(queue)}
    query = select(loans).where(loans.c.stage == "waiting").order_by(loans.c.loan_id)
    rows = await desk.reading.rows(query.limit(SHOWN))
    views = [loan_view(row) for row in rows]
    return sorted(views, key=lambda view: place.get(view.loan_id, len(place)))


async def _out(desk: Dispatch) -> Sequence[LoanView]:
    query = select(loans).where(loans.c.stage.in_(OUT)).order_by(loans.c.loan_id)
    views = [loan_view(row) for row in await desk.reading.rows(query.limit(SHOWN))]
    return sorted(views, key=lambda view: str(view.due_back))


async def _to_look_at(desk: Dispatch) -> Sequence[UnitView]:
    """Units that came back and are on no shelf yet."""
    query = select(units).where(~units.c.is_free).order_by(units.c.unit_id)
    return [
        unit_view(row)
        for row in await desk.reading.rows(query)
        if UNIT.decoder.decode(row["state"]).status in ("to_inspect", "unfit")
    ][:SHOWN]


async def _short(desk: Dispatch) -> Sequence[StockLow]:
    query = select(safety_stock.c.state).where(safety_stock.c.is_short)
    rows = await desk.reading.rows(query.order_by(safety_stock.c.depot_id).limit(SHOWN))
    return [low for row in rows for low in SAFETY.decoder.decode(row["state"]).low]


async def _guarantees(desk: Dispatch) -> Sequence[GuaranteeView]:
    query = select(guarantees).where(guarantees.c.stage == "proposed")
    rows = await desk.reading.rows(query.order_by(guarantees.c.guarantee_id).limit(SHOWN))
    return [guarantee_view(row) for row in rows]


async def _summaries(desk: Dispatch, case_ids: set[str]) -> Mapping[str, str]:
    query = select(cases.c.case_id, cases.c.state).where(cases.c.case_id.in_(case_ids))
    states = {
        row["case_id"]: CASE.decoder.decode(row["state"]) for row in await desk.reading.rows(query)
    }
    return {key: state.report.summary for key, state in states.items() if state.report}
