"""The clerk's pages of what opened no case: what could not be opened safely, which is a queue, and
what no person wrote, which is mostly nothing."""

from typing import get_args

from fastapi import Request, Response

from aftercare_events.catalogue.case import Kind
from aftercare_events.catalogue.intake import Disposition
from aftercare_http import Cursor, MinPosition, Router

from ..parts import intake_of
from .arrived import arrived
from .desk_frame import Clerk, on_desk

router = Router(include_in_schema=False)
PAGE = 20


@router.get("/desk/quarantine", dependencies=[MinPosition])
async def quarantine(request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    return await _put_aside(request, "quarantined", "quarantine", cursor)


@router.get("/desk/automatic", dependencies=[MinPosition])
async def automatic(request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    return await _put_aside(request, "automatic", "automatic", cursor)


async def _put_aside(
    request: Request, disposition: Disposition, name: str, cursor: str | None
) -> Response:
    page = await arrived(intake_of(request), {"disposition": disposition}, PAGE, cursor)
    return await on_desk(
        request,
        "desk_quarantine.html",
        title=f"{name}.title",
        name=name,
        arrivals=page.items,
        next=page.next,
        kinds=get_args(Kind),
    )
