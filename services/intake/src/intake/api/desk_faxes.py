"""The clerk's pages of faxes: what waits to be checked, and one with its text and proposal."""

from typing import get_args

from fastapi import Request, Response

from aftercare_events.catalogue.case import Kind
from aftercare_http import Cursor, Id, MinPosition, Router

from ..parts import intake_of
from .case_views import show
from .desk_frame import Clerk, on_desk
from .fax_bodies import Proposal
from .faxes import known_fax, shown, unchecked

router = Router(include_in_schema=False)
PAGE = 50


@router.get("/desk/faxes", dependencies=[MinPosition])
async def waiting_faxes(request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    page = await unchecked(intake_of(request), PAGE, cursor)
    return await on_desk(
        request, "desk_faxes.html", title="faxes.title", faxes=page.items, next=page.next
    )


@router.get("/desk/faxes/{fax_id}", dependencies=[MinPosition])
async def one_fax(fax_id: Id, request: Request, who: Clerk) -> Response:
    intake = intake_of(request)
    row = await known_fax(intake, fax_id)
    fax = await shown(intake, row, with_text=True)
    case = await show(fax.case_id, who, request)
    proposal = fax.reading.proposal if fax.reading else Proposal()
    return await on_desk(
        request,
        "desk_fax.html",
        title="faxes.title",
        fax=fax,
        case=case,
        proposal=proposal,
        suggested=await intake.fax_checking.suggested(
            case.report, proposal.customer_id, proposal.device_id, fax.received_at
        ),
        kinds=get_args(Kind),
    )
