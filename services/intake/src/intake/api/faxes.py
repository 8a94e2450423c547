"""Faxes for clerks: those that wait to be checked, their pages, and the clerk's word on them."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from sqlalchemy import select, tuple_

from aftercare_events.redact import redact
from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Principal,
    Problem,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
    set_position,
    when_it_happened,
)

from ..fax.checking import Correction, Row
from ..fax.decode import Unreadable
from ..parts import Intake, intake_of
from ..tables import faxes
from .case_bodies import Changed
from .case_views import opened
from .desk_frame import SCOPE
from .fax_bodies import FailedReading, Fax, FaxCheck, Proposal, Reading

router = Router(prefix="/v1/faxes", tags=["faxes"])
Reader = Annotated[Principal, Depends(requires(SCOPE))]
PageNumber = Annotated[int, Path(ge=1, le=200)]


@router.get("", dependencies=[MinPosition])
async def list_faxes(
    _: Reader, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[Fax]:
    """Faxes that no clerk has checked yet, the oldest first."""
    return await unchecked(intake_of(request), limit, cursor)


@router.get("/{fax_id}", dependencies=[MinPosition])
async def show(fax_id: Id, _: Reader, request: Request) -> Fax:
    """With what a machine read on it, and what it proposes."""
    intake = intake_of(request)
    return await shown(intake, await known_fax(intake, fax_id), with_text=True)


@router.get(
    "/{fax_id}/pages/{number}",
    dependencies=[MinPosition],
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
async def fax_page(fax_id: Id, number: PageNumber, _: Reader, request: Request) -> Response:
    """A page as PNG with square dots, drawn anew from the fax."""
    intake = intake_of(request)
    received = (await known_fax(intake, fax_id))["received"]
    if number > received["pages"]:
        raise not_found("page", f"{fax_id}/{number}")
    try:
        drawn = await intake.faxroom.picture(received["original"], number)
    except Unreadable as error:
        raise Problem(
            422, "page-not-drawn", "The page cannot be drawn", "fetch the fax as it came instead"
        ) from error
    if drawn is None:
        raise Problem(410, "erased", "Erased", "this person's data was erased")
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, no-store"})


@router.post("/{fax_id}/check")
async def check(
    fax_id: Id, body: FaxCheck, who: Reader, request: Request, response: Response
) -> Changed:
    """A named clerk confirms or corrects what it is about; its case and clocks follow."""
    intake = intake_of(request)
    fax = await known_fax(intake, fax_id)
    names = await intake.discretion.names_in(fax["received"].get("sender"))
    correction = Correction(
        reason=redact(body.reason, *names),
        kind=body.kind,
        severity=body.severity,
        category=body.category and redact(body.category, *names),
        customer_id=body.customer_id,
        device_serial=body.device_serial,
    )
    at = when_it_happened(body.occurred_at, now=intake.clock.now(), who=who)
    said = intake.said(body.actor or who.name, at)
    position = await intake.fax_checking.check(fax, correction, said)
    set_position(response, position)
    return Changed(case_id=fax["case_id"], position=position)


async def unchecked(intake: Intake, limit: int, cursor: str | None) -> Page[Fax]:
    """Without their texts."""
    statement = (
        select(faxes)
        .where(faxes.c.checked_at.is_(None))
        .order_by(faxes.c.received_at, faxes.c.fax_id)
        .limit(limit + 1)
    )
    if (after := decode_cursor(cursor, tuple[datetime, str])) is not None:
        order: Any = tuple_(faxes.c.received_at, faxes.c.fax_id)
        statement = statement.where(order > after)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    items = [await shown(intake, dict(row), with_text=False) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(items=items, next=encode_cursor((last.received_at, last.fax_id)) if last else None)


async def shown(intake: Intake, row: Row, *, with_text: bool) -> Fax:
    received, read, failed = row["received"], row["read"], row["failed"]
    return Fax(
        fax_id=row["fax_id"],
        case_id=row["case_id"],
        received_at=row["received_at"],
        pages=received["pages"],
        sender=(await opened(intake, received.get("sender"))).get("phone"),
        reading=await _reading(intake, read, with_text=with_text) if read else None,
        failed=FailedReading.model_validate(failed) if failed else None,
        checked_at=row["checked_at"],
        checked_by=row["checked_by"],
    )


async def _reading(intake: Intake, read: Row, *, with_text: bool) -> Reading:
    text = await opened(intake, read["text"]) if with_text else {}
    return Reading(
        text=text.get("pages", []),
        confidence=read["confidence"],
        proposal=Proposal.model_validate(read.get("proposal", {})),
    )


async def known_fax(intake: Intake, fax_id: str) -> Row:
    row = await intake.fax_checking.row(fax_id)
    if row is None:
        raise not_found("fax", fax_id)
    return row
