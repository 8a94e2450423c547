"""The wall: what breaks next, and who has it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_http import MinPosition, Router

from .. import ops_notices
from ..choices import choices
from ..escalations import most_urgent
from ..monitor import monitor_of
from ..ops_alerts import find
from ..tables import cases
from ..wanted import Wanted, wanted
from .cards import card
from .frame import VIEW, described_cases, pages

router = Router(include_in_schema=False)

ESCALATIONS_SHOWN = 1000
# What fills any screen comes at once; the page then asks for the rest of it.
SHOWN_AT_FIRST = 300
DUE_NEXT_SHOWN = 30


Wish = Annotated[Wanted, Depends(wanted)]


@router.get("/", dependencies=[VIEW])
async def wall(request: Request, wish: Wish) -> Response:
    """What breaks next, and who has it."""
    drawn = await _wall(request, wish, SHOWN_AT_FIRST)
    drawn["choices"] = await choices(monitor_of(request).engine, wish)
    return pages.render(request, "wall.html", title="wall.title", **drawn)


@router.get("/wall", dependencies=[VIEW, MinPosition])
async def wall_body(request: Request, wish: Wish) -> Response:
    """The wall without what frames it: what a page already open draws again."""
    drawn = await _wall(request, wish, ESCALATIONS_SHOWN)
    # A thousand new cards take a tenth of a second, in which no alert would be raised.
    return await asyncio.to_thread(pages.render, request, "wall_body.html", **drawn)


async def _wall(request: Request, wish: Wanted, limit: int) -> dict[str, Any]:
    monitor = monitor_of(request)
    now = monitor.clock.now()
    return {
        "wish": wish,
        "card": card,
        "position": monitor.projector.position,
        "ops_alerts": await find(monitor.engine, open_only=True),
        "ops_notices": [
            ops_notices.as_told(one, now)
            for one in await ops_notices.find(monitor.engine, open_only=True)
        ],
        "escalations": await most_urgent(monitor.engine, wish, now, limit),
        "upcoming": await _due_next(monitor.engine, wish, now),
    }


async def _due_next(engine: AsyncEngine, wish: Wanted, now: datetime) -> Sequence[Row[Any]]:
    """The promises that will break next; those broken already stand among the escalations."""
    query = (
        described_cases()
        .where(cases.c.next_due_at > now, *wish.of_case())
        .order_by(cases.c.next_due_at)
        .limit(DUE_NEXT_SHOWN)
    )
    async with engine.connect() as connection:
        return (await connection.execute(query)).all()
