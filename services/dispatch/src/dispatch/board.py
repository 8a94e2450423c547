"""The dispatcher's board: who goes where now, and why this one?"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from aftercare_http import (
    Id,
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
from .board_cards import Cards
from .board_data import Board, board_data
from .people_data import people_data

pages = Pages("dispatch")
router = Router(include_in_schema=False)
Viewer = Annotated[Principal, Depends(requires("dispatch:read", page=True))]
Watcher = Annotated[Principal, Depends(requires("dispatch:read"))]
# The case that somebody is looked for; one that is over by now is chosen no longer.
Chosen = Annotated[Id | None, Query()]


def _drawn(request: Request) -> Cards:
    return request.app.state.board_cards


Drawn = Annotated[Cards, Depends(_drawn)]


@router.get("/")
async def board(
    request: Request, desk: Desk, cards: Drawn, _: Viewer, case: Chosen = None
) -> Response:
    shown = _shown(await board_data(desk, case), cards)
    return pages.render(request, "board.html", title="board.title", **shown)


@router.get("/board/panels", dependencies=[MinPosition])
async def panels(
    request: Request, desk: Desk, cards: Drawn, _: Watcher, case: Chosen = None
) -> Response:
    """What the page shows, without the page around it."""
    return pages.render(request, "board_panels.html", **_shown(await board_data(desk, case), cards))


def _shown(board: Board, cards: Cards) -> dict[str, Any]:
    draw = cards.drawing(board.people.name_of)
    return {"board": board, "people": board.people, "draw": draw}


@router.get("/board/people")
async def people(request: Request, desk: Desk, _: Watcher, case: Chosen = None) -> Response:
    """The people alone, as soon as a case is chosen."""
    return pages.render(request, "board_people.html", people=await people_data(desk, case))


@router.get("/board/stream")
async def stream(request: Request, desk: Desk, _: Watcher) -> Response:
    """Says that the board has moved on; the page then asks for what it shows now."""

    async def moves() -> AsyncIterator[ServerEvent]:
        async for position in desk.updates.follow(last_event_id(request)):
            yield ServerEvent(id=position, event="moved", data=b"{}")

    return sse(request, moves())
