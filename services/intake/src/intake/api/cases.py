"""What may still be said about a case: corrections, follow-ups, withdrawal, merging."""

from typing import Annotated

from fastapi import Depends, Request, Response

from aftercare_http import (
    Id,
    Idempotency,
    Principal,
    Router,
    not_found,
    requires,
    set_position,
    when_it_happened,
)

from ..domain.case import AddMessage, Command, Reclassify, Withdraw
from ..follow_ups import FollowUp
from ..opening import Said
from ..parts import Intake, intake_of
from ..people import Person
from .case_bodies import Changed, Classification, MergeBody, MessageBody, WithdrawBody
from .status_bodies import owner_of

router = Router(prefix="/v1/cases", tags=["cases"])
Writer = Annotated[Principal, Depends(requires("intake:write"))]


@router.patch("/{case_id}")
async def reclassify(
    case_id: Id, body: Classification, who: Writer, request: Request, response: Response
) -> Changed:
    """A named person corrects severity, category, kind or whether use is affected, and says why
    (IN-07).
    """
    intake = intake_of(request)
    row = await intake.cases.seen(case_id)
    if row is None:
        raise not_found("case", case_id)
    command = Reclassify(
        reason=body.reason,
        severity=None if body.severity is None else str(body.severity),
        category=body.category,
        kind=body.kind,
        use_affected=body.use_affected,
        terms=await intake.archive.terms(row["report"]["policy"]),
    )
    return await _change(intake, case_id, command, body, who, response)


@router.post("/{case_id}/messages", status_code=201)
async def add_message(
    case_id: Id,
    body: MessageBody,
    caller: Writer,
    identity: Idempotency,
    request: Request,
    response: Response,
) -> Changed:
    """A follow-up joins the case (IN-14), or the one as which that goes on.

    Once it was closed or withdrawn a new case `arises_from` it: the answer names the case.
    """
    intake = intake_of(request)
    case = await intake.cases.seen(case_id)
    if case is None:
        raise not_found("case", case_id)
    person = Person(reference=identity.identity, name=body.name, phone=body.phone, email=body.email)
    who = await intake.discretion.recognise(person, owner_of(intake, case).key)
    message = AddMessage(
        channel=body.channel,
        identity=identity.identity,
        body_digest=identity.body_digest,
        text=await intake.discretion.seal(who, text=body.text),
    )
    named = who if body.name or person.identifiers else None
    follow_up = FollowUp(message=message, text=body.text, who=named)
    kept = await intake.follow_ups.add(case_id, follow_up, identity, _said(intake, body, caller))
    set_position(response, kept.position)
    return Changed(case_id=kept.case_id, position=kept.position)


@router.post("/{case_id}/withdraw")
async def withdraw(
    case_id: Id, body: WithdrawBody, who: Writer, request: Request, response: Response
) -> Changed:
    """The customer takes the request back; a second time changes nothing."""
    command = Withdraw(reason=body.reason)
    return await _change(intake_of(request), case_id, command, body, who, response)


@router.post("/{case_id}/merge")
async def merge(
    case_id: Id, body: MergeBody, who: Writer, request: Request, response: Response
) -> Changed:
    """The same request came twice: this case goes on as the other one."""
    intake = intake_of(request)
    position = await intake.cases.merge(case_id, body.into, _said(intake, body, who))
    set_position(response, position)
    return Changed(case_id=case_id, position=position)


async def _change(
    intake: Intake,
    case_id: str,
    command: Command,
    body: Classification | WithdrawBody,
    who: Principal,
    response: Response,
) -> Changed:
    position = await intake.cases.change(case_id, command, _said(intake, body, who))
    set_position(response, position)
    return Changed(case_id=case_id, position=position)


def _said(
    intake: Intake, body: Classification | MessageBody | WithdrawBody | MergeBody, who: Principal
) -> Said:
    at = when_it_happened(body.occurred_at, now=intake.clock.now(), who=who)
    return intake.said(body.actor or who.name, at)
