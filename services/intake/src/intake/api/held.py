"""Cases of people nobody knows yet: held for verification, with their clocks running (IN-08)."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import select, tuple_

from aftercare_http import (
    Cursor,
    Limit,
    MinPosition,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    requires,
)

from .. import tables
from ..parts import Intake, intake_of
from .case_views import opened
from .desk_frame import SCOPE, Clerk, on_desk

router = Router(tags=["cases"])
Reader = Annotated[Principal, Depends(requires(SCOPE))]


class Held(BaseModel):
    """`held_for` is why; `contact` is who asked, empty once erased."""

    case_id: str
    reported_at: datetime
    held_for: str
    kind: str
    channel: str
    summary: str
    severity: str | None
    customer_id: str
    contact: dict[str, str]


@router.get("/v1/held", dependencies=[MinPosition])
async def list_held(
    _: Reader, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[Held]:
    """Who waits longest comes first."""
    return await _page(intake_of(request), limit, cursor)


@router.get("/desk/held", include_in_schema=False, dependencies=[MinPosition])
async def held(request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    page = await _page(intake_of(request), 20, cursor)
    return await on_desk(
        request, "desk_held.html", title="held.title", cases=page.items, next=page.next
    )


async def _page(intake: Intake, limit: int, cursor: str | None) -> Page[Held]:
    cases, reports = tables.cases, tables.reports
    statement = (
        select(cases, reports.c.reported_at, reports.c.report)
        .join(reports, reports.c.case_id == cases.c.case_id)
        .where(tables.HELD)
        .order_by(reports.c.reported_at, cases.c.case_id)
        .limit(limit + 1)
    )
    if (after := decode_cursor(cursor, tuple[datetime, str])) is not None:
        statement = statement.where(tuple_(reports.c.reported_at, cases.c.case_id) > after)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    items = [
        Held.model_validate(
            {
                **row,
                "channel": row["report"]["channel"],
                "summary": row["report"].get("summary", ""),
                "contact": await opened(intake, row["report"].get("contact")),
            }
        )
        for row in rows[:limit]
    ]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=encode_cursor((last.reported_at, last.case_id)) if last else None)
