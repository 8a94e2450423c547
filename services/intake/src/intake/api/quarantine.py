"""The clerk's page of what could not be opened safely, to be worked off."""

from typing import get_args

from fastapi import Request, Response

from aftercare_events.catalogue.case import Kind
from aftercare_http import Cursor, MinPosition, Router

from ..parts import intake_of
from .arrived import arrived
from .desk_frame import Clerk, on_desk

router = Router(include_in_schema=False)
PAGE = 20


@router.get("/desk/quarantine", dependencies=[MinPosition])
async def quarantine(request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    page = await arrived(intake_of(request), {"disposition": "quarantined"}, PAGE, cursor)
    return await on_desk(
        request,
        "desk_quarantine.html",
        title="quarantine.title",
        arrivals=page.items,
        next=page.next,
        kinds=get_args(Kind),
    )
