"""The dispatcher's board: who goes where now, and why this one?"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Response

from aftercare_http import (
    MinPosition,
    Pages,
    Principal,
    Router,
    ServerEvent,
    last_event_id,
    requires,
    sse,
)

from .api.call import Desk
from .board_data import board_data

pages = Pages("dispatch")
router = Router(include_in_schema=False)
Viewer = Annotated[Principal, Depends(requires("dispatch:read", page=True))]
Watcher = Annotated[Principal, Depends(requires("dispatch:read"))]


@router.get("/")
async def board(request: Request, desk: Desk, _: Viewer) -> Response:
    data = await board_data(desk)
    return pages.render(request, "board.html", title="board.title", board=data)


@router.get("/board/panels", dependencies=[MinPosition])
async def panels(request: Request, desk: Desk, _: Watcher) -> Response:
    """What the page shows, without the page around it."""
    return pages.render(request, "board_panels.html", board=await board_data(desk))


@router.get("/board/stream")
async def stream(request: Request, desk: Desk, _: Watcher) -> Response:
    """Says that the board has moved on; the page then asks for what it shows now."""

    async def moves() -> AsyncIterator[ServerEvent]:
        async for position in desk.updates.follow(last_event_id(request)):
            yield ServerEvent(id=position, event="moved", data=b"{}")

    return sse(request, moves())
