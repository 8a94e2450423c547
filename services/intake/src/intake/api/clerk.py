"""What a clerk decides about a case: who asked, what is charged, what belongs together."""

from typing import Annotated

import msgspec
from fastapi import Depends, Path, Request, Response

from aftercare_events.catalogue.case import Entitlement
from aftercare_http import Id, Principal, Router, requires, set_position, when_it_happened

from ..case_rows import Row
from ..domain.clerk import DecideEntitlement, DismissDuplicate, Reject
from ..lookup import Wanted
from ..opening import Said
from ..parts import Intake, intake_of
from ..splitting import Split
from ..verification import Verification
from . import clerk_bodies as bodies
from .case_bodies import Changed

router = Router(prefix="/v1/cases", tags=["cases"])
Writer = Annotated[Principal, Depends(requires("intake:write"))]
Number = Annotated[int, Path(ge=1, le=100_000, description="The follow-up, counted from 1.")]


@router.post("/{case_id}/verify")
async def verify(
    case_id: Id, body: bodies.VerifyBody, who: Writer, request: Request, response: Response
) -> Changed:
    """Who asked may speak for the customer (IN-08); whose case it is is said with it.

    The clocks have run since the report, and are recalculated from there.
    """
    intake = intake_of(request)
    wanted = Verification(
        wanted=Wanted(
            customer_id=body.customer_id,
            site_id=body.site_id,
            device_serial=body.device_serial,
            contract_id=body.contract_id,
        ),
        severity=None if body.severity is None else str(body.severity),
        contact_id=body.contact_id,
        role=body.role,
        reason=body.reason,
    )
    position = await intake.verifier.verify(case_id, wanted, said_by(intake, body, who))
    return _changed(case_id, position, response)


@router.post("/{case_id}/reject")
async def reject(
    case_id: Id, body: bodies.RejectBody, who: Writer, request: Request, response: Response
) -> Changed:
    """Who asked may not speak for the customer (IN-08): the case ends, and says why."""
    intake, command = intake_of(request), Reject(reason=body.reason)
    position = await intake.cases.change(case_id, command, said_by(intake, body, who))
    return _changed(case_id, position, response)


@router.post("/{case_id}/entitlement")
async def decide_entitlement(
    case_id: Id, body: bodies.EntitlementBody, who: Writer, request: Request, response: Response
) -> Changed:
    """A named person marks a cause that the contract excludes (IN-10): charged, never refused."""
    intake = intake_of(request)

    async def command_for(row: Row) -> DecideEntitlement:
        return DecideEntitlement(
            entitlement=msgspec.convert(row["report"]["entitlement"], Entitlement),
            cause=body.cause,
            reason=body.reason,
        )

    position = await intake.cases.change_by(case_id, command_for, said_by(intake, body, who))
    return _changed(case_id, position, response)


@router.post("/{case_id}/not-a-duplicate")
async def dismiss_duplicate(
    case_id: Id, body: bodies.NotDuplicateBody, who: Writer, request: Request, response: Response
) -> Changed:
    """Two cases were compared by a person and are not the same (IN-14): not proposed again."""
    intake = intake_of(request)
    command = DismissDuplicate(other=body.other, reason=body.reason)
    position = await intake.cases.change(case_id, command, said_by(intake, body, who))
    return _changed(case_id, position, response)


@router.post("/{case_id}/messages/{number}/split", status_code=201)
async def split_message(
    case_id: Id,
    number: Number,
    body: bodies.SplitBody,
    who: Writer,
    request: Request,
    response: Response,
) -> Changed:
    """A follow-up was a new problem (IN-14): a case of its own, reported when it came.

    A repeat is answered with the case that the first opened.
    """
    intake = intake_of(request)
    wanted = Split(
        kind=body.kind,
        summary=body.summary,
        severity=None if body.severity is None else str(body.severity),
        category=body.category,
        device_serial=body.device_serial,
    )
    opened = await intake.splitter.split(case_id, number, wanted, said_by(intake, body, who))
    return _changed(opened.reported.case_id, opened.position, response)


def said_by(intake: Intake, body: bodies.Said, who: Principal) -> Said:
    at = when_it_happened(body.occurred_at, now=intake.clock.now(), who=who)
    return intake.said(body.actor or who.name, at)


def _changed(case_id: str, position: int, response: Response) -> Changed:
    set_position(response, position)
    return Changed(case_id=case_id, position=position)
