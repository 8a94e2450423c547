"""Mails and faxes that came in, what became of each, and the ones that a clerk works off."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import select, tuple_

from aftercare_events.catalogue.intake import ArrivalChannel, Disposition
from aftercare_http import (
    Cursor,
    Id,
    KeyOfCommand,
    Limit,
    MinPosition,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
    set_position,
)

from .. import tables
from ..lookup import Wanted
from ..parts import Intake, intake_of
from ..quarantine import Read
from .case_bodies import Changed
from .case_views import file_answer, opened_file
from .clerk import said_by
from .clerk_bodies import DismissBody, ReleaseBody

router = Router(prefix="/v1/arrivals", tags=["arrivals"])
Clerk = Annotated[Principal, Depends(requires("intake:write"))]
Became = Literal[Disposition, "released", "dismissed"]


class Arrival(BaseModel):
    """A mail or fax. It `opened` the case or `joined` it, is `automatic` or `quarantined` for
    `reason`; from either a clerk `released` it into a case, or `dismissed` it."""

    arrival_id: str
    channel: ArrivalChannel
    received_at: datetime
    disposition: Became
    reason: str | None
    case_id: str | None
    settled_at: datetime | None
    settled_by: str | None
    dismissed_for: str | None


class Dismissed(BaseModel):
    """What was dismissed lies in the log as such at `position`."""

    arrival_id: str
    position: int


@router.get("", dependencies=[MinPosition])
async def list_arrivals(
    _: Clerk,
    request: Request,
    disposition: Annotated[Became | None, Query()] = None,
    channel: Annotated[ArrivalChannel | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Arrival]:
    """The newest first."""
    wanted = {"disposition": disposition, "channel": channel}
    return await arrived(intake_of(request), wanted, limit, cursor)


@router.get(
    "/{arrival_id}/original",
    dependencies=[MinPosition],
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def arrival_original(arrival_id: Id, _: Clerk, request: Request) -> Response:
    """The mail or fax exactly as it came."""
    intake, table = intake_of(request), tables.arrivals
    statement = select(table.c.original).where(table.c.arrival_id == arrival_id)
    async with intake.engine.connect() as connection:
        name = (await connection.execute(statement)).scalar_one_or_none()
    if name is None:
        raise not_found("arrival", arrival_id)
    return file_answer(opened_file(await intake.attachments.get(name)))


@router.post("/{arrival_id}/release", status_code=201)
async def release_arrival(
    arrival_id: Id,
    body: ReleaseBody,
    who: Clerk,
    key: KeyOfCommand,
    request: Request,
    response: Response,
) -> Changed:
    """Into a case, reported when it was received and with the original attached: what was in
    quarantine, and what counted as automatic. Whoever sent an automatic mail is not answered.

    A second release is answered with the case that the first opened.
    """
    intake = intake_of(request)
    said = said_by(intake, body, who)
    opened = await intake.quarantine.release(arrival_id, _read(body), said, key)
    set_position(response, opened.position)
    return Changed(case_id=opened.reported.case_id, position=opened.position)


@router.post("/{arrival_id}/dismiss")
async def dismiss_arrival(
    arrival_id: Id,
    body: DismissBody,
    who: Clerk,
    key: KeyOfCommand,
    request: Request,
    response: Response,
) -> Dismissed:
    """Nothing is to be done; the original is kept all the same, and can still be released."""
    intake = intake_of(request)
    said = said_by(intake, body, who)
    position = await intake.quarantine.dismiss(arrival_id, body.reason, said, key)
    set_position(response, position)
    return Dismissed(arrival_id=arrival_id, position=position)


async def arrived(
    intake: Intake, wanted: dict[str, str | None], limit: int, cursor: str | None
) -> Page[Arrival]:
    """Those with these values, the newest first; None matches every value."""
    table = tables.arrivals
    order: Any = tuple_(table.c.received_at, table.c.arrival_id)
    statement = (
        select(table)
        .where(*(table.c[name] == value for name, value in wanted.items() if value is not None))
        .order_by(table.c.received_at.desc(), table.c.arrival_id.desc())
        .limit(limit + 1)
    )
    if (before := decode_cursor(cursor, tuple[datetime, str])) is not None:
        statement = statement.where(order < before)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    items = [Arrival.model_validate(dict(row)) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Page(
        items=items, next=encode_cursor((last.received_at, last.arrival_id)) if last else None
    )


def _read(body: ReleaseBody) -> Read:
    return Read(
        kind=body.kind,
        summary=body.summary,
        wanted=Wanted(
            customer_id=body.customer_id,
            site_id=body.site_id,
            device_serial=body.device_serial,
        ),
        description=body.description,
        severity=None if body.severity is None else str(body.severity),
        category=body.category,
        name=body.contact.name,
        phone=body.contact.phone,
        email=body.contact.email,
    )
