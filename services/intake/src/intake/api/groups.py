"""Open cases, and those of one group that handles them (IN-04)."""

from datetime import datetime
from typing import Annotated, Literal, get_args

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import select, tuple_

from aftercare_events.catalogue.case import Group
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
from .desk_frame import SCOPE, Clerk, on_desk

router = Router(tags=["cases"])
Reader = Annotated[Principal, Depends(requires(SCOPE))]
GROUPS: tuple[Group, ...] = get_args(Group)


class OpenCase(BaseModel):
    case_id: str
    reported_at: datetime
    kind: str
    severity: str | None
    category: str | None
    group: Group | None
    channel: str
    summary: str
    customer_id: str


@router.get("/v1/cases", dependencies=[MinPosition])
async def list_open_cases(
    _: Reader,
    request: Request,
    group: Group | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[OpenCase]:
    """Who waits longest comes first; `group` leaves those of the other groups out."""
    return await _page(intake_of(request), group, limit, cursor)


@router.get("/desk/cases", include_in_schema=False, dependencies=[MinPosition])
async def open_cases(
    request: Request, _: Clerk, group: Group | Literal[""] | None = None, cursor: Cursor = None
) -> Response:
    page = await _page(intake_of(request), group or None, 50, cursor)
    return await on_desk(
        request,
        "desk_groups.html",
        title="groups.title",
        groups=GROUPS,
        group=group,
        cases=page.items,
        next=page.next,
    )


async def _page(
    intake: Intake, group: Group | None, limit: int, cursor: str | None
) -> Page[OpenCase]:
    cases, reports = tables.cases, tables.reports
    statement = (
        select(cases, reports.c.reported_at, reports.c.report)
        .join(reports, reports.c.case_id == cases.c.case_id)
        .where(tables.OPEN)
        .order_by(reports.c.reported_at, cases.c.case_id)
        .limit(limit + 1)
    )
    if group is not None:
        statement = statement.where(cases.c.group == group)
    if (after := decode_cursor(cursor, tuple[datetime, str])) is not None:
        statement = statement.where(tuple_(reports.c.reported_at, cases.c.case_id) > after)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    items = [
        OpenCase.model_validate(
            {
                **row,
                "channel": row["report"]["channel"],
                "summary": row["report"].get("summary", ""),
            }
        )
        for row in rows[:limit]
    ]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=encode_cursor((last.reported_at, last.case_id)) if last else None)
