"""Alerts over HTTP: the list, the live stream, the acknowledgement."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, Field

from aftercare_events.catalogue.case import Step
from aftercare_events.redact import redact
from aftercare_http import (
    Body,
    Cursor,
    Id,
    Limit,
    Line,
    MinPosition,
    OccurredAt,
    Page,
    Principal,
    Router,
    ServerEvent,
    Text,
    decode_cursor,
    encode_cursor,
    last_event_id,
    not_found,
    requires,
    set_position,
    sse,
    when_it_happened,
)

from .. import alerts
from ..domain.acknowledge import Acknowledge
from ..monitor import Monitor, monitor_of
from ..unnamed import unnamed

router = Router(prefix="/v1", tags=["alerts"])
READ = Depends(requires("sla:read"))
Acknowledger = Annotated[Principal, Depends(requires("sla:ack"))]


async def wanted(
    audience: Annotated[Line | None, Query(description="A rank, or one recipient.")] = None,
    step: Step | None = None,
    min_step: Annotated[Step | None, Query(description="This rank and all above it.")] = None,
    open: Annotated[bool | None, Query(description="Not resolved yet.")] = None,  # noqa: A002
) -> alerts.Filter:
    return alerts.Filter(audience, step, min_step, open)


Wanted = Annotated[alerts.Filter, Depends(wanted)]


@router.get("/alerts", dependencies=[READ, MinPosition])
async def list_alerts(
    request: Request, filtered: Wanted, limit: Limit = 50, cursor: Cursor = None
) -> Page[alerts.Alert]:
    """Alerts, the newest first."""
    key = decode_cursor(cursor, tuple[int])
    monitor = monitor_of(request)
    found = await alerts.find(monitor.engine, filtered, before=key[0] if key else None, limit=limit)
    more = len(found) == limit
    return Page(items=list(found), next=encode_cursor((found[-1].position,)) if more else None)


@router.get("/alerts/stream", dependencies=[READ], response_class=Response)
async def stream_alerts(request: Request, filtered: Wanted) -> Response:
    """Alerts as they are raised, acknowledged, ring again and are resolved, as server-sent events.

    `id:` is the log position. `Last-Event-ID` (or `?last_event_id=`) resumes after it without a
    gap; without either the stream begins now.
    """
    monitor = monitor_of(request)
    after = last_event_id(request)
    if after is None:
        after = await monitor.log.end()
    return sse(request, _events(monitor, after, filtered))


async def _events(
    monitor: Monitor, after: int, filtered: alerts.Filter
) -> AsyncIterator[ServerEvent]:
    moved_alerts = alerts.stream(monitor.log, monitor.engine, monitor.projector, after)
    async for moved in moved_alerts:
        if filtered.admits(moved.alert):
            yield ServerEvent(moved.position, moved.what, moved.alert.model_dump_json().encode())


class AcknowledgeBody(Body):
    actor: Id | None = None
    note: Annotated[Text, AfterValidator(redact)] | None = None
    until: Annotated[
        AwareDatetime | None, Field(description="A time promised; after it the step rings again.")
    ] = None
    occurred_at: OccurredAt = None


NOTHING = AcknowledgeBody()


@router.post("/alerts/{alert_id}/ack", dependencies=[MinPosition])
async def acknowledge(
    request: Request,
    response: Response,
    alert_id: Id,
    who: Acknowledger,
    body: AcknowledgeBody = NOTHING,
) -> alerts.Alert:
    """Stop the reminders of this step; the ladder goes on. `actor` is whom a desk acts for."""
    monitor = monitor_of(request)
    now = monitor.clock.now()
    command = Acknowledge(
        by=body.actor or who.name,
        at=when_it_happened(body.occurred_at, now=now, who=who),
        now=now,
        until=body.until,
        note=await _unnamed_note(monitor, alert_id, body.note),
    )
    position = await monitor.acknowledge(alert_id, command)
    if position is not None:
        set_position(response, position)
        await monitor.projector.wait_for(position)
    alert = await alerts.one(monitor.engine, alert_id)
    if alert is None:
        raise not_found("alert", alert_id)
    return alert


async def _unnamed_note(monitor: Monitor, alert_id: str, note: str | None) -> str | None:
    alert = await alerts.one(monitor.engine, alert_id)
    return await unnamed(monitor.log, monitor.vault, alert.case_id, note) if alert else note
