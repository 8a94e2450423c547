"""The monitor's pages: the wall, and one case with its clocks."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import Depends, Request, Response
from sqlalchemy import Row, Select, select

from aftercare_http import Id, MinPosition, Pages, Router, not_found, requires

from . import alerts
from .case_clocks import clocks_of
from .domain.explain_text import as_text
from .escalations import most_urgent
from .monitor import Monitor, monitor_of
from .tables import cases, customers

pages = Pages("sla_monitor")
router = Router(include_in_schema=False)
VIEW = Depends(requires("sla:read", page=True))

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


@router.get("/cases/{case_id}", dependencies=[VIEW, MinPosition])
async def case(request: Request, case_id: Id) -> Response:
    """What one case was promised, how that stands, and who was told."""
    monitor = monitor_of(request)
    position = monitor.projector.position
    clocks = await clocks_of(monitor, case_id)
    if clocks is None:
        raise not_found("case", case_id)
    return pages.render(
        request,
        "case.html",
        position=position,
        case_id=case_id,
        case=await _heading(monitor, case_id),
        clocks=clocks,
        alerts=await alerts.of_case(monitor.engine, case_id),
        as_text=as_text,
    )


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
        _described_cases()
        .where(cases.c.next_due_at > monitor.clock.now())
        .order_by(cases.c.next_due_at)
        .limit(DUE_NEXT_SHOWN)
    )
    async with monitor.engine.connect() as connection:
        return (await connection.execute(query)).all()


async def _heading(monitor: Monitor, case_id: str) -> Row[Any]:
    query = _described_cases().where(cases.c.case_id == case_id)
    async with monitor.engine.connect() as connection:
        return (await connection.execute(query)).one()


def _described_cases() -> Select[*tuple[Any, ...]]:
    return select(
        cases.c.case_id,
        cases.c.summary,
        cases.c.policy,
        cases.c.holder,
        cases.c.next_due_at,
        cases.c.next_due_clock,
        customers.c.name.label("customer"),
    ).outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
