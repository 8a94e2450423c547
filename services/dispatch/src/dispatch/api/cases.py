"""The cases as dispatch sees them."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from sqlalchemy import Select, select, tuple_

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Router,
    decode_cursor,
    encode_cursor,
)

from ..aggregates import CASE
from ..domain.case_state import Status
from ..tables import cases
from .call import Desk, Reader
from .case_views import CaseDetail, CaseSummary, case_detail, case_summary
from .emergency import plans_for
from .sealing import opened

router = Router(prefix="/v1/cases", tags=["cases"], dependencies=[MinPosition])

SORT_KEY = (cases.c.reported_at, cases.c.case_id)


@router.get("")
async def list_cases(
    desk: Desk,
    _: Reader,
    status: Status | None = None,
    engineer: Annotated[Id | None, Query(description="Cases of this engineer.")] = None,
    overdue: Annotated[bool | None, Query(description="With a clock that passed unmet.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CaseSummary]:
    """The longest waiting first."""
    query = _filtered(status, engineer, overdue).order_by(*SORT_KEY).limit(limit + 1)
    if after := decode_cursor(cursor, tuple[datetime, str]):
        query = query.where(tuple_(*SORT_KEY) > tuple_(*after))
    rows = await desk.reading.rows(query)
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[case_summary(row) for row in rows[:limit]],
        next=encode_cursor((last["reported_at"], last["case_id"])) if last else None,
    )


def _filtered(
    status: Status | None, engineer: str | None, overdue: bool | None
) -> Select[*tuple[Any, ...]]:
    query = select(cases.c.case_id, cases.c.state, cases.c.position, cases.c.reported_at)
    if status is not None:
        query = query.where(cases.c.status == status)
    if engineer is not None:
        query = query.where(cases.c.engineer_id == engineer)
    if overdue is not None:
        query = query.where(cases.c.is_overdue if overdue else ~cases.c.is_overdue)
    return query


@router.get("/{case_id}")
async def show_case(case_id: Annotated[Id, Path()], desk: Desk, _: Reader) -> CaseDetail:
    """One case, with its contact opened."""
    row = await desk.reading.entry(cases, case_id)
    state = CASE.decoder.decode(row["state"])
    contact = state.report.contact if state.report else None
    reported_by = state.record.reported_by if state.record else None
    return case_detail(
        case_id,
        state,
        row,
        contact=await opened(desk.vault, contact),
        reported_by=await opened(desk.vault, reported_by),
        plans=await plans_for(desk, state),
    )
