"""Engineers and their duty rosters, one by one or in bulk; an unchanged entry records nothing."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StringConstraints
from sqlalchemy import RowMapping, select

from aftercare_events.catalogue.engineer import Certificate, EngineerRegistered, Point, Residence
from aftercare_http import Body, Cursor, Id, Limit, Line, MinPosition, Page, Router, Weekly

from ..carrying_out import Asked
from ..domain import engineer
from ..tables import engineers
from .bulk import MOST_AT_ONCE, together
from .call import Call, Calling, Desk, Dispatch, Entered, Happening, Reader
from .engineer_views import EngineerView, engineer_state, engineer_view
from .paging import page_of
from .roster_views import RosterView, roster_view
from .sealing import opened, resealed

router = Router(prefix="/v1", tags=["engineers"], dependencies=[MinPosition])

Skill = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")]
EngineerId = Annotated[Id, Path(examples=["E-ZHAO-LEI"])]


class PlaceBody(Body):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]

    def point(self) -> Point:
        return Point(latitude=self.latitude, longitude=self.longitude)


class CertificateBody(Body):
    name: Line
    valid_until: date
    skill: Skill | None = None


class ResidenceBody(Body):
    """Whose own engineer somebody is: at one site, or at all of that customer's."""

    customer_id: Id
    site_id: Id | None = None

    def residence(self) -> Residence:
        return Residence(customer_id=self.customer_id, site_id=self.site_id)


class RosterBody(Weekly, Happening):
    """On duty around the clock, or in weekly spans on the wall clock of `zone`."""


class EngineerBody(Happening):
    """`name`, `phone` and `email` are kept sealed. Level 1 is the most junior.

    The `reserve` team is sent only when it is called; who has a `residence` is sent nowhere else.
    """

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    department: Line | None = None
    level: Annotated[int, Field(ge=1, le=9)] = 1
    skills: Annotated[tuple[Skill, ...], Field(max_length=100)] = ()
    certificates: Annotated[tuple[CertificateBody, ...], Field(max_length=100)] = ()
    home: PlaceBody | None = None
    active: bool = True
    reserve: bool = False
    residence: ResidenceBody | None = None

    def person(self) -> dict[str, str]:
        given = {"name": self.name, "phone": self.phone, "email": self.email}
        return {field: value for field, value in given.items() if value is not None}


class NamedEngineer(EngineerBody):
    engineer_id: Id


class NamedRoster(RosterBody):
    engineer_id: Id


@router.put("/engineers/{engineer_id}")
async def put_engineer(engineer_id: EngineerId, call: Calling, body: EngineerBody) -> Entered:
    """Enter somebody, or replace the whole entry."""
    return await register(call, engineer_id, body)


@router.put("/engineers")
async def put_engineers(
    call: Calling, body: Annotated[list[NamedEngineer], Field(max_length=MOST_AT_ONCE)]
) -> list[Entered]:
    """All of them, or none: what is refused is named by its number in the list, from 0."""

    async def asked(one: NamedEngineer) -> Asked:
        by, command = call.by(one), await _registration(call, one.engineer_id, one)
        return Asked(call.desk.handling.engineer_plan(one.engineer_id, [command], by), by)

    return await together(call, body, asked)


@router.put("/rosters/{engineer_id}")
async def put_roster(engineer_id: EngineerId, call: Calling, body: RosterBody) -> Entered:
    """When this engineer is on duty, every week; without a roster it is always."""
    return await roster(call, engineer_id, body)


@router.put("/rosters")
async def put_rosters(
    call: Calling, body: Annotated[list[NamedRoster], Field(max_length=MOST_AT_ONCE)]
) -> list[Entered]:
    """All of them, or none: what is refused is named by its number in the list, from 0."""

    async def asked(one: NamedRoster) -> Asked:
        by, command = call.by(one), _rostering(one.engineer_id, one)
        return Asked(call.desk.handling.engineer_plan(one.engineer_id, [command], by), by)

    return await together(call, body, asked)


@router.get("/engineers")
async def list_engineers(
    desk: Desk,
    _: Reader,
    certificate_expires_before: Annotated[
        date | None, Query(description="At work, with a certificate that ends before that day.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[EngineerView]:
    query = None
    if certificate_expires_before is not None:
        ends = engineers.c.certificate_ends_on
        query = select(engineers).where(ends < certificate_expires_before)
    rows, following = await page_of(desk.reading, engineers, limit, cursor, query)
    return Page(items=[await _shown(desk, row) for row in rows], next=following)


@router.get("/engineers/{engineer_id}")
async def show_engineer(engineer_id: EngineerId, desk: Desk, _: Reader) -> EngineerView:
    return await _shown(desk, await desk.reading.entry(engineers, engineer_id))


@router.get("/rosters")
async def list_rosters(
    desk: Desk, _: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Page[RosterView]:
    rows, following = await page_of(desk.reading, engineers, limit, cursor)
    return Page(items=[roster_view(row) for row in rows], next=following)


@router.get("/rosters/{engineer_id}")
async def show_roster(engineer_id: EngineerId, desk: Desk, _: Reader) -> RosterView:
    return roster_view(await desk.reading.entry(engineers, engineer_id))


async def register(call: Call, engineer_id: str, body: EngineerBody) -> Entered:
    command = await _registration(call, engineer_id, body)
    return await call.change_engineer(body, engineer_id, command)


async def _registration(call: Call, engineer_id: str, body: EngineerBody) -> engineer.Register:
    known = (await call.desk.reading.engineer(engineer_id)).state.entry
    entry = EngineerRegistered(
        engineer_id=engineer_id,
        person=await resealed(
            call.desk.vault, engineer_id, body.person(), known.person if known else None
        ),
        department=body.department,
        level=body.level,
        skills=tuple(sorted(set(body.skills))),
        certificates=tuple(
            Certificate(name=one.name, valid_until=one.valid_until, skill=one.skill)
            for one in body.certificates
        ),
        home=body.home.point() if body.home else None,
        active=body.active,
        reserve=body.reserve,
        residence=body.residence.residence() if body.residence else None,
    )
    return engineer.Register(entry=entry)


async def roster(call: Call, engineer_id: str, body: RosterBody) -> Entered:
    return await call.change_engineer(body, engineer_id, _rostering(engineer_id, body))


def _rostering(engineer_id: str, body: RosterBody) -> engineer.Roster:
    return engineer.Roster(engineer_id=engineer_id, duty=body.duty())


async def _shown(desk: Dispatch, row: RowMapping) -> EngineerView:
    entry = engineer_state(row).entry
    return engineer_view(row, await opened(desk.vault, entry.person if entry else None))
