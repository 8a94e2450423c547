"""Callers who gave up waiting, and calling them back (IN-03)."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import RowMapping

from aftercare_events.catalogue.intake import CallRecorded, ReturnAttempt, ReturnOutcome
from aftercare_http import (
    Body,
    Cursor,
    Id,
    KeyOfCommand,
    Limit,
    MinPosition,
    OccurredAt,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    requires,
    set_position,
    when_it_happened,
)

from ..domain.return_call import Attempt, Complete
from ..parts import Intake, intake_of
from .desk_frame import Clerk as OnDesk
from .desk_frame import on_desk
from .instants import BoundedInstant

router = Router(tags=["calls"])
Clerk = Annotated[Principal, Depends(requires("intake:write"))]


class Caller(BaseModel):
    """`phone` as she called; `name` where the archive knows a contact by that number."""

    phone: str | None = None
    name: str | None = None
    customer_id: str | None = None


class CallBack(BaseModel):
    """Her calls in a row are one item. Her data is gone (`caller` is empty) once erased."""

    call_back_id: str
    caller: Caller
    since: datetime
    last_call_at: datetime
    calls: int
    attempts: int
    last_outcome: ReturnAttempt | None
    due_at: datetime
    ended: ReturnOutcome | None
    ended_at: datetime | None


class AttemptBody(Body):
    """She was not reached; `call_again_at` where she said when to call."""

    outcome: ReturnAttempt
    call_again_at: BoundedInstant | None = None
    occurred_at: OccurredAt = None
    actor: Id | None = None


class CompleteBody(Body):
    outcome: Literal["reached", "unreachable"] = "reached"
    case_id: Id | None = None
    occurred_at: OccurredAt = None
    actor: Id | None = None


class Changed(BaseModel):
    call_back_id: str
    position: int


@router.get("/v1/call-backs", dependencies=[MinPosition])
async def list_call_backs(
    _: Clerk,
    request: Request,
    due: Annotated[
        Literal["now"] | BoundedInstant | None, Query(description="Only those due by then.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CallBack]:
    """Who waits to be called back, the most urgent first."""
    intake = intake_of(request)
    due_by = intake.clock.now() if due == "now" else due
    return await _page(intake, due_by, limit, cursor)


@router.get("/v1/call-backs/{call_back_id}", dependencies=[MinPosition])
async def show(call_back_id: Id, _: Clerk, request: Request) -> CallBack:
    intake = intake_of(request)
    return await _shown(intake, await intake.return_calls.one(call_back_id))


@router.post("/v1/call-backs/{call_back_id}/attempt")
async def attempt(
    call_back_id: Id,
    body: AttemptBody,
    who: Clerk,
    key: KeyOfCommand,
    request: Request,
    response: Response,
) -> Changed:
    """Nobody was reached: she is called again later."""
    at = when_it_happened(body.occurred_at, now=intake_of(request).clock.now(), who=who)
    by = body.actor or who.name
    command = Attempt(outcome=body.outcome, at=at, by=by, again_at=body.call_again_at)
    return await _change(request, response, call_back_id, command, at, key)


@router.post("/v1/call-backs/{call_back_id}/complete")
async def complete(
    call_back_id: Id,
    body: CompleteBody,
    who: Clerk,
    key: KeyOfCommand,
    request: Request,
    response: Response,
) -> Changed:
    """She was reached, or will not be; a second time changes nothing."""
    at = when_it_happened(body.occurred_at, now=intake_of(request).clock.now(), who=who)
    by = body.actor or who.name
    command = Complete(outcome=body.outcome, by=by, case_id=body.case_id)
    return await _change(request, response, call_back_id, command, at, key)


@router.get("/desk/calls", dependencies=[MinPosition], include_in_schema=False)
async def call_list(request: Request, _: OnDesk, cursor: Cursor = None) -> Response:
    page = await _page(intake_of(request), None, 50, cursor)
    return await on_desk(
        request, "desk_calls.html", title="calls.title", calls=page.items, next=page.next
    )


async def _page(
    intake: Intake, due_by: datetime | None, limit: int, cursor: str | None
) -> Page[CallBack]:
    after = decode_cursor(cursor, tuple[datetime, str])
    rows = await intake.return_calls.waiting(due_by=due_by, after=after, limit=limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[await _shown(intake, row) for row in rows[:limit]],
        next=encode_cursor((last["due_at"], last["return_call_id"])) if last else None,
    )


async def _change(
    request: Request,
    response: Response,
    call_back_id: str,
    command: Attempt | Complete,
    at: datetime,
    key: KeyOfCommand,
) -> Changed:
    intake = intake_of(request)
    said = intake.said(command.by, at)
    position = await intake.return_calls.change(call_back_id, command, said, key)
    set_position(response, position)
    return Changed(call_back_id=call_back_id, position=position)


async def _shown(intake: Intake, row: RowMapping) -> CallBack:
    """An item as its clerk sees it, her data opened."""
    call = msgspec.convert(row["entry"], CallRecorded)
    told = await intake.vault.open(call.caller) if call.caller else None
    contacts = await intake.archive.contacts([row["known_by"]])
    details = await intake.vault.open(contacts[0].details) if contacts else None
    return CallBack.model_validate(
        {
            **row,
            "call_back_id": row["return_call_id"],
            "caller": Caller(
                phone=(told or {}).get("phone"),
                name=(details or {}).get("name"),
                customer_id=call.customer_id,
            ),
        }
    )
