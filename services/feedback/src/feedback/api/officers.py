"""The register of callback officers."""

from typing import Annotated, Any

from fastapi import Depends, Response
from sqlalchemy import Row

from aftercare_events.by import By
from aftercare_http import (
    Id,
    MinPosition,
    Page,
    Principal,
    Router,
    correlation_id,
    not_found,
    requires,
    set_position,
    unprocessable,
)

from ..domain.independence import SELF_SERVICE
from ..queries import sealed
from .bodies import OfficerEntry
from .recording import Officer
from .views import OfficerView
from .wiring import Feedback, TheFeedback

router = Router(prefix="/v1/officers", tags=["officers"])
Registrar = Annotated[Principal, Depends(requires("admin"))]


@router.put("/{officer_id}")
async def register(
    officer_id: Id, body: OfficerEntry, who: Registrar, feedback: TheFeedback, response: Response
) -> OfficerView:
    """The whole entry as it stands from now on."""
    if officer_id == SELF_SERVICE:
        raise unprocessable("officer_id", "reserved", "stands for the survey page")
    position = await feedback.officers.register(
        officer_id,
        department=body.department,
        name=body.name,
        active=body.active,
        by=By(actor=who.name, at=feedback.clock.now(), correlation_id=correlation_id()),
    )
    set_position(response, position)
    return OfficerView(officer_id=officer_id, **dict(body))


@router.get("", dependencies=[MinPosition])
async def list_officers(feedback: TheFeedback, _: Officer) -> Page[OfficerView]:
    """All of them: a company has dozens, not pages."""
    return Page(items=[await _view(feedback, row) for row in await feedback.queries.officers()])


@router.get("/{officer_id}", dependencies=[MinPosition])
async def show_officer(officer_id: Id, feedback: TheFeedback, _: Officer) -> OfficerView:
    row = await feedback.queries.officer(officer_id)
    if row is None:
        raise not_found("officer", officer_id)
    return await _view(feedback, row)


async def _view(feedback: Feedback, row: Row[Any]) -> OfficerView:
    return OfficerView(
        officer_id=row.officer_id,
        department=row.department,
        name=(await feedback.confidant.open(sealed(row.name))).get("name"),
        active=row.active,
    )
