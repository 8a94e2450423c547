"""The wall: what breaks next, and who has it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Row

from aftercare_http import MinPosition, Router

from ..escalations import most_urgent
from ..monitor import Monitor, monitor_of
from ..tables import cases
from .frame import VIEW, described_cases, pages

router = Router(include_in_schema=False)

ESCALATIONS_SHOWN = 1000
DUE_NEXT_SHOWN = 30


@router.get("/", dependencies=[VIEW])
async def wall(request: Request) -> Response:
    """What breaks next, and who has it."""
    return pages.render(request, "wall.html", title="wall.title", **await _wall(request))


@router.get("/wall", dependencies=[VIEW, MinPosition])
async def wall_body(request: Request) -> Response:
    """The wall without what frames it: what a page already open draws again."""
    drawn = await _wall(request)
    # A thousand cards take a tenth of a second, in which no alert would be raised.
    return await asyncio.to_thread(pages.render, request, "wall_body.html", **drawn)


async def _wall(request: Request) -> dict[str, Any]:
    monitor = monitor_of(request)
    return {
        "position": monitor.projector.position,
        "escalations": await most_urgent(monitor.engine, ESCALATIONS_SHOWN),
        "upcoming": await _due_next(monitor),
    }


async def _due_next(monitor: Monitor) -> Sequence[Row[Any]]:
    """The promises that will break next; those broken already stand among the escalations."""
    query = (
        described_cases()
        .where(cases.c.next_due_at > monitor.clock.now())
        .order_by(cases.c.next_due_at)
        .limit(DUE_NEXT_SHOWN)
    )
    async with monitor.engine.connect() as connection:
        return (await connection.execute(query)).all()
