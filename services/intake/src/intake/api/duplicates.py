"""Cases that are probably the same (IN-14), side by side for a person to merge or to part."""

from typing import Annotated, Any

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
from ..domain.duplicates import Sameness
from ..parts import Intake, intake_of
from .case_bodies import Case
from .case_views import show
from .desk_frame import SCOPE, Clerk, on_desk

router = Router(tags=["cases"])
Reader = Annotated[Principal, Depends(requires(SCOPE))]


class Duplicate(BaseModel):
    """Both are about the `same` device or site, and came by different channels or by fax.

    `other` was reported first; `score` from 0 to 1 is how alike the words are, 0 where a fax has
    only its pages.
    """

    case_id: str
    other: str
    score: float
    same: Sameness


@router.get("/v1/duplicates", dependencies=[MinPosition])
async def list_duplicates(
    _: Reader, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[Duplicate]:
    """Pairs that nobody has decided about."""
    return await _page(intake_of(request), limit, cursor)


@router.get("/desk/duplicates", include_in_schema=False, dependencies=[MinPosition])
async def duplicates(request: Request, who: Clerk, cursor: Cursor = None) -> Response:
    page = await _page(intake_of(request), 10, cursor)
    pairs = [await _side_by_side(request, who, pair) for pair in page.items]
    return await on_desk(
        request, "desk_duplicates.html", title="duplicates.title", pairs=pairs, next=page.next
    )


async def _side_by_side(request: Request, who: Principal, pair: Duplicate) -> dict[str, Any]:
    newer: Case = await show(pair.case_id, who, request)
    older: Case = await show(pair.other, who, request)
    return {"pair": pair, "newer": newer, "older": older}


async def _page(intake: Intake, limit: int, cursor: str | None) -> Page[Duplicate]:
    table = tables.duplicates
    statement = (
        select(table)
        .where(~table.c.dismissed)
        .order_by(table.c.case_id, table.c.other)
        .limit(limit + 1)
    )
    if (after := decode_cursor(cursor, tuple[str, str])) is not None:
        statement = statement.where(tuple_(table.c.case_id, table.c.other) > after)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    items = [Duplicate.model_validate(dict(row)) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=encode_cursor((last.case_id, last.other)) if last else None)
