"""The page of one case: its timeline, its clocks, and who was told."""

from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Row

from aftercare_http import LOCAL_ZONE, Id, MinPosition, Router, not_found

from .. import alerts
from ..axis import View, axis_of
from ..domain.explain import Explanation, explain
from ..domain.explain_text import as_text
from ..domain.instants import from_micros
from ..domain.timeline import timeline
from ..drawing import draw
from ..monitor import Monitor, monitor_of
from ..tables import cases
from .frame import VIEW, described_cases, pages

router = Router(include_in_schema=False)


@router.get("/cases/{case_id}", dependencies=[VIEW, MinPosition])
async def case(request: Request, case_id: Id, view: View = "all") -> Response:
    """What one case was promised, how that stands, and who was told."""
    monitor = monitor_of(request)
    position = monitor.projector.position
    row = await monitor.case(case_id)
    if row is None:
        raise not_found("case", case_id)
    now, terms = monitor.clock.now(), await monitor.terms_of(row.clocks)
    told = await alerts.of_case(monitor.engine, case_id)
    story = timeline(row.clocks, terms, told, now)
    return pages.render(
        request,
        "case.html",
        position=position,
        case_id=case_id,
        case=await _heading(monitor, case_id),
        clocks=sorted(explain(row.clocks, now, terms), key=_urgency),
        alerts=told,
        as_text=as_text,
        moment=from_micros,
        story=story,
        view=view,
        drawing=draw(story, axis_of(story, view, LOCAL_ZONE)),
    )


def _urgency(clock: Explanation) -> tuple[bool, bool, datetime]:
    """What still runs first, by its due time; then what is held, then what has ended."""
    state = clock.record.state
    has_ended = bool(clock.moved_by and clock.moved_by[-1].outcome)
    is_over = has_ended or state not in ("running", "breached", "paused")
    return (is_over, state == "paused", clock.record.due_at)


async def _heading(monitor: Monitor, case_id: str) -> Row[Any]:
    query = described_cases().where(cases.c.case_id == case_id)
    async with monitor.engine.connect() as connection:
        return (await connection.execute(query)).one()
