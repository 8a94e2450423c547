"""The monitor's pages: the wall, and one case with its clocks."""

from typing import Any

from fastapi import Depends, Request, Response
from sqlalchemy import select

from aftercare_http import Id, MinPosition, Pages, Router, not_found, requires

from . import alerts
from .case_clocks import clocks_of
from .domain.explain_text import as_text
from .monitor import Monitor, monitor_of
from .tables import cases, customers

pages = Pages("sla_monitor")
router = Router(include_in_schema=False)
VIEW = Depends(requires("sla:read", page=True))

ALERTS_SHOWN = 1000
DUE_NEXT_SHOWN = 30


@router.get("/", dependencies=[VIEW])
async def wall(request: Request) -> Response:
    """What breaks next, and who has it."""
    return pages.render(request, "wall.html", title="wall.title", **await _wall(request))


@router.get("/wall", dependencies=[VIEW, MinPosition])
async def wall_body(request: Request) -> Response:
    """The wall without what frames it: what a page already open replaces."""
    return pages.render(request, "wall_body.html", **await _wall(request))


@router.get("/cases/{case_id}", dependencies=[VIEW])
async def case(request: Request, case_id: Id) -> Response:
    monitor = monitor_of(request)
    clocks = await clocks_of(monitor, case_id)
    if clocks is None:
        raise not_found("case", case_id)
    raised = await alerts.of_case(monitor.engine, case_id)
    explained = [(each.record, each) for each in clocks]
    return pages.render(
        request,
        "case.html",
        title="case.page",
        case_id=case_id,
        clocks=explained,
        alerts=raised,
        as_text=as_text,
    )


async def _wall(request: Request) -> dict[str, Any]:
    monitor = monitor_of(request)
    position = monitor.projector.position
    shown, total = await alerts.by_urgency(monitor.engine, ALERTS_SHOWN)
    return {
        "position": position,
        "alerts": shown,
        "total": total,
        "upcoming": await _due_next(monitor),
    }


async def _due_next(monitor: Monitor) -> list[dict[str, Any]]:
    """The promises that will break next; those broken already stand among the alerts."""
    query = (
        select(cases, customers.c.name.label("customer"))
        .outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
        .where(cases.c.next_due_at > monitor.clock.now())
        .order_by(cases.c.next_due_at)
        .limit(DUE_NEXT_SHOWN)
    )
    async with monitor.engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]
