"""Official days over HTTP: which editions there are, and a new one (SL-02)."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import select

from aftercare_events.decider import see
from aftercare_events.official_days import OfficialDays
from aftercare_events.redact import redact
from aftercare_http import (
    Body,
    Id,
    Line,
    MinPosition,
    Principal,
    Router,
    not_found,
    requires,
    set_position,
    unprocessable,
)

from ..editions import publish_edition
from ..monitor import SERVICE, Monitor, monitor_of
from ..tables import calendars

router = Router(prefix="/v1", tags=["calendars"])
READ = Depends(requires("sla:read"))
Publisher = Annotated[Principal, Depends(requires("admin"))]
Year = Annotated[int, Field(ge=1900, le=2200)]
Days = Annotated[tuple[date, ...], Field(max_length=3000)]


class Edition(Body):
    """Official days of whole years: `off` holidays, `on` make-up working days.

    `edition` says where they were taken from, such as the notice and its date.
    """

    edition: Annotated[Line, AfterValidator(redact)]
    years: Annotated[list[Year], Field(min_length=1, max_length=300)]
    off: Days = ()
    on: Days = ()

    def checked(self) -> OfficialDays:
        """Raises Problem 422 for a day outside the years, or both off and on."""
        days = OfficialDays(
            self.edition, tuple(sorted(set(self.years))), frozenset(self.off), frozenset(self.on)
        )
        for field, named in (("off", days.off), ("on", days.on)):
            outside = sorted(day for day in named if day.year not in days.years)
            if outside:
                raise unprocessable(field, "not-in-years", f"{outside[0]} lies in no named year")
        if both := sorted(days.off & days.on):
            raise unprocessable("on", "off-and-on", f"{both[0]} is both off and on")
        return days


class Published(BaseModel):
    """`number` counts the editions of a calendar; running cases follow it by events of theirs."""

    name: str
    number: int
    position: int


class PublishedEdition(BaseModel):
    name: str
    number: int
    published_at: datetime
    calendar: dict[str, Any]


@router.get("/calendars", dependencies=[READ, MinPosition])
async def list_calendars(request: Request) -> list[PublishedEdition]:
    """Every edition of official days; the last of each name is in force for new cases."""
    query = select(calendars).order_by(calendars.c.name, calendars.c.number)
    async with monitor_of(request).engine.connect() as connection:
        rows = await connection.execute(query)
        return [
            PublishedEdition(
                name=row.name,
                number=row.number,
                published_at=row.published_at,
                calendar=row.document,
            )
            for row in rows
        ]


@router.put("/calendars/{name}")
async def publish_calendar(
    request: Request, response: Response, name: Id, body: Edition, who: Publisher
) -> Published:
    """Publish an edition of the official days that contracts call `name`, such as `cn`.

    The years it names take the place of what was known of them. Cases reported from now on use
    it; each running case is recalculated openly. What is in force already is not published twice.
    """
    monitor, days = monitor_of(request), body.checked()
    if not await _is_used(monitor, name):
        raise not_found("calendar", name)
    edition, position = await publish_edition(
        monitor.log, name, days, actor=who.name, at=monitor.clock.now()
    )
    set_position(response, position)
    return Published(name=name, number=edition.number, position=position)


async def _is_used(monitor: Monitor, name: str) -> bool:
    await see(monitor.log, monitor.projector, f"ac.{SERVICE}.policy.*")
    await monitor.refill()
    return bool(monitor.shelf.policies.using(name))
