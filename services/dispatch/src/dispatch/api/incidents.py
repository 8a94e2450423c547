"""Major incidents (DP-17): the machine proposes, people confirm, tell the customers and end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping, select

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Pages,
    Principal,
    Router,
    requires,
)

from ..aggregates import CASE, INCIDENT
from ..domain import incident
from ..tables import cases, engineers, incidents
from .call import Calling, Desk, Dispatch, Happening, IncidentDone, Reader, Reason, Words
from .paging import page_of

pages = Pages("dispatch")
router = Router(tags=["incidents"], dependencies=[MinPosition])
IncidentId = Annotated[Id, Path(examples=["MI-4F7K-Q2M9"])]
Viewer = Annotated[Principal, Depends(requires("dispatch:read", page=True))]
# A page of incidents is for now, not for the archive.
SHOWN = 50


class ConfirmBody(Happening):
    """`title` is what everybody calls it. The reserve team is called, and `reserve` besides."""

    title: Reason
    reserve: Annotated[tuple[Id, ...], Field(max_length=500)] = ()


class WhyBody(Happening):
    reason: Reason


class JoinBody(Happening):
    case_id: Id


class AnnounceBody(Happening):
    """One word to every customer concerned, as they will read it."""

    zh: Words
    en: Words


class AnnouncementView(BaseModel):
    announcement_id: str
    zh: str
    en: str


class IncidentView(BaseModel):
    """`why` is the rule that was met, and by how many cases."""

    incident_id: str
    status: incident.Stage
    category: str | None
    title: str | None
    since: datetime | None
    city: str | None
    case_ids: list[str]
    reserve: list[str]
    announcements: list[AnnouncementView]
    reason: str | None
    why: Mapping[str, Any] | None
    position: int


@router.get("/v1/incidents")
async def list_incidents(
    desk: Desk,
    _: Reader,
    status: Annotated[incident.Stage | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[IncidentView]:
    query = select(incidents)
    if status is not None:
        query = query.where(incidents.c.stage == status)
    rows, following = await page_of(desk.reading, incidents, limit, cursor, query)
    return Page(items=[_view(row) for row in rows], next=following)


@router.get("/v1/incidents/{incident_id}")
async def show_incident(incident_id: IncidentId, desk: Desk, _: Reader) -> IncidentView:
    return _view(await desk.reading.entry(incidents, incident_id))


@router.post("/v1/incidents/{incident_id}/confirm")
async def confirm_incident(
    incident_id: IncidentId, call: Calling, body: ConfirmBody
) -> IncidentDone:
    """The like cases are one matter: they are linked, and the reserve team is called."""
    await call.known(engineers, "reserve", *body.reserve)
    team = await call.desk.choosing.reserve(call.desk.clock.now())
    reserve = tuple(dict.fromkeys((*team, *body.reserve)))
    command = incident.Confirm(incident_id=incident_id, title=body.title, reserve=reserve)
    return await call.change_incident(body, command)


@router.post("/v1/incidents/{incident_id}/dismiss")
async def dismiss_incident(incident_id: IncidentId, call: Calling, body: WhyBody) -> IncidentDone:
    """They have nothing to do with one another; only as many new ones are proposed again."""
    return await call.change_incident(
        body, incident.Dismiss(incident_id=incident_id, reason=body.reason)
    )


@router.post("/v1/incidents/{incident_id}/join")
async def join_incident(incident_id: IncidentId, call: Calling, body: JoinBody) -> IncidentDone:
    """One more case belongs to it."""
    await call.report(body.case_id)
    return await call.change_incident(
        body, incident.Join(incident_id=incident_id, case_id=body.case_id)
    )


@router.post("/v1/incidents/{incident_id}/announce")
async def announce_incident(
    incident_id: IncidentId, call: Calling, body: AnnounceBody
) -> IncidentDone:
    """Every customer concerned is told once: on the status page, and by mail where one is known."""
    command = incident.Announce(
        incident_id=incident_id,
        announcement_id=call.derive("A"),
        zh=body.zh,
        en=body.en,
    )
    return await call.change_incident(body, command)


@router.post("/v1/incidents/{incident_id}/end")
async def end_incident(incident_id: IncidentId, call: Calling, body: WhyBody) -> IncidentDone:
    """It is over: the reserve team goes home, the cases go on one by one."""
    return await call.change_incident(
        body, incident.End(incident_id=incident_id, reason=body.reason)
    )


@router.get("/incidents", include_in_schema=False)
async def incidents_page(request: Request, desk: Desk, _: Viewer) -> Response:
    """What looks like a mass outage, what is one, and what was."""
    query = select(incidents).order_by(incidents.c.since.desc()).limit(SHOWN)
    views = [_view(row) for row in await desk.reading.rows(query)]
    wanted = {case_id for view in views for case_id in view.case_ids}
    by_status = {
        status: [view for view in views if view.status == status]
        for status in ("proposed", "confirmed", "ended", "dismissed")
    }
    return pages.render(
        request,
        "incidents.html",
        title="incidents.title",
        by_status=by_status,
        summaries=await _summaries(desk, wanted),
    )


async def _summaries(desk: Dispatch, case_ids: set[str]) -> Mapping[str, str]:
    query = select(cases.c.case_id, cases.c.state).where(cases.c.case_id.in_(case_ids))
    states = {
        row["case_id"]: CASE.decoder.decode(row["state"]) for row in await desk.reading.rows(query)
    }
    return {key: state.report.summary or "" for key, state in states.items() if state.report}


def _view(row: RowMapping) -> IncidentView:
    state = INCIDENT.decoder.decode(row["state"])
    found = state.found
    return IncidentView(
        incident_id=row["incident_id"],
        status=state.stage,
        category=found.category if found else None,
        title=state.title,
        since=found.since if found else None,
        city=found.city if found else None,
        case_ids=list(state.case_ids),
        reserve=list(state.reserve),
        announcements=[
            AnnouncementView(announcement_id=one.announcement_id, zh=one.zh, en=one.en)
            for one in state.announcements
        ],
        reason=state.reason,
        why=found.why if found else None,
        position=row["position"],
    )
