"""The archive of calls (IN-03)."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import select, tuple_

from aftercare_events.catalogue.intake import CallDirection, CallOutcome
from aftercare_http import (
    Cursor,
    Identity,
    Limit,
    Line,
    MinPosition,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    requires,
)

from .. import tables
from ..calls import call_id_of
from ..parts import intake_of

router = Router(prefix="/v1", tags=["requests"])
Reader = Annotated[Principal, Depends(requires("intake:write"))]


class CallView(BaseModel):
    """A call without the number of its caller; `reference` is the telephone system's own id, less
    that number where it is made of it."""

    call_id: str
    reference: str
    direction: CallDirection
    outcome: CallOutcome
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime
    agent: str | None = None
    classification: str | None = None
    queue: str | None = None
    transferred_to: str | None = None
    customer_id: str | None = None
    case_id: str | None = None


@router.get("/calls", dependencies=[MinPosition])
async def list_calls(
    _: Reader,
    request: Request,
    call_id: Annotated[
        Line | None, Query(description="Only the call with this id of the telephone system.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CallView]:
    """Calls, the newest first."""
    table = tables.calls
    key = (table.c.started_at, table.c.call_id)
    statement = select(*key, table.c.entry).order_by(*(column.desc() for column in key))
    if call_id is not None:
        ours = call_id_of(Identity.of("call", call_id, body=b""))
        statement = statement.where(table.c.call_id == ours)
    if (after := decode_cursor(cursor, tuple[datetime, str])) is not None:
        statement = statement.where(tuple_(*key) < after)
    async with intake_of(request).engine.connect() as connection:
        rows = (await connection.execute(statement.limit(limit + 1))).all()
    more = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[CallView.model_validate(row.entry) for row in rows[:limit]],
        next=encode_cursor((more.started_at, more.call_id)) if more else None,
    )
