"""What could not be opened safely: kept whole, listed with its reason, and handed out as it is."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy import select, tuple_

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
)

from .. import tables
from ..parts import Intake, intake_of
from .case_views import file_answer, opened_file
from .desk_frame import SCOPE, Clerk, on_desk

router = Router(tags=["quarantine"])
Reader = Annotated[Principal, Depends(requires(SCOPE))]


class Quarantined(BaseModel):
    """A mail or fax that opened no case; `reason` is the limit that it broke."""

    arrival_id: str
    channel: str
    received_at: datetime
    reason: str | None


@router.get("/v1/quarantine", dependencies=[MinPosition])
async def list_quarantined(
    _: Reader, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[Quarantined]:
    """The newest first."""
    return await _page(intake_of(request), limit, cursor)


@router.get(
    "/v1/quarantine/{arrival_id}/original",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def quarantined_original(arrival_id: Id, _: Reader, request: Request) -> Response:
    """The mail or fax exactly as it came."""
    intake, table = intake_of(request), tables.arrivals
    statement = select(table.c.original).where(
        table.c.arrival_id == arrival_id, table.c.disposition == "quarantined"
    )
    async with intake.engine.connect() as connection:
        name = (await connection.execute(statement)).scalar_one_or_none()
    if name is None:
        raise not_found("quarantined arrival", arrival_id)
    return file_answer(opened_file(await intake.attachments.get(name)))


@router.get("/desk/quarantine", include_in_schema=False)
async def quarantine(request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    page = await _page(intake_of(request), 50, cursor)
    return await on_desk(
        request,
        "desk_quarantine.html",
        title="quarantine.title",
        arrivals=page.items,
        next=page.next,
    )


async def _page(intake: Intake, limit: int, cursor: str | None) -> Page[Quarantined]:
    table = tables.arrivals
    order: Any = tuple_(table.c.received_at, table.c.arrival_id)
    statement = (
        select(table)
        .where(table.c.disposition == "quarantined")
        .order_by(table.c.received_at.desc(), table.c.arrival_id.desc())
        .limit(limit + 1)
    )
    if (before := decode_cursor(cursor, tuple[datetime, str])) is not None:
        statement = statement.where(order < before)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    items = [Quarantined.model_validate(dict(row)) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(
        items=items, next=encode_cursor((last.received_at, last.arrival_id)) if last else None
    )
