"""Depots (备件库) and the spare units in them; an unchanged entry records nothing."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from aftercare_events.catalogue.depot import DepotRegistered
from aftercare_events.catalogue.unit import UnitRegistered
from aftercare_http import Cursor, Id, Limit, Line, MinPosition, Page, Router

from ..carrying_out import Asked
from ..domain import unit
from ..tables import depots, units
from .bulk import MOST_AT_ONCE, together
from .call import Call, Calling, Desk, Entered, Happening, Note, Reader, UnitDone
from .engineers import PlaceBody
from .paging import page_of
from .stock_views import DepotView, UnitView, depot_view, unit_view

router = Router(prefix="/v1", tags=["stock"], dependencies=[MinPosition])

DepotId = Annotated[Id, Path(examples=["DP-BEIJING"])]
UnitId = Annotated[Id, Path(examples=["U-BJ-2288-1"])]


class DepotBody(Happening):
    name: Line
    district: Line | None = None
    location: PlaceBody | None = None


class NamedDepot(DepotBody):
    depot_id: Id


class UnitBody(Happening):
    """Within a `category`, a unit of a higher `grade` may stand in for a lower one.

    Models of one `family` are alike in type and look.
    """

    depot_id: Id
    model: Line
    category: Line | None = None
    grade: Annotated[int, Field(ge=0, le=1000)] | None = None
    serial: Line | None = None
    family: Line | None = None


class InspectionBody(Happening):
    """`fit`: it may be lent again; otherwise it stays off the stock until it was repaired."""

    fit: bool
    finding: Note | None = None


class NamedUnit(UnitBody):
    unit_id: Id


@router.put("/depots/{depot_id}")
async def put_depot(depot_id: DepotId, call: Calling, body: DepotBody) -> Entered:
    return await call.register_depot(body, _depot(depot_id, body))


@router.put("/depots")
async def put_depots(
    call: Calling, body: Annotated[list[NamedDepot], Field(max_length=MOST_AT_ONCE)]
) -> list[Entered]:
    """All of them, or none: what is refused is named by its number in the list, from 0."""

    async def asked(one: NamedDepot) -> Asked:
        return Asked(call.desk.handling.depot_plan(_depot(one.depot_id, one)), call.by(one))

    return await together(call, body, asked)


@router.get("/depots")
async def list_depots(
    desk: Desk, _: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Page[DepotView]:
    rows, following = await page_of(desk.reading, depots, limit, cursor)
    return Page(items=[depot_view(row) for row in rows], next=following)


@router.get("/depots/{depot_id}")
async def show_depot(depot_id: DepotId, desk: Desk, _: Reader) -> DepotView:
    return depot_view(await desk.reading.entry(depots, depot_id))


@router.put("/units/{unit_id}")
async def put_unit(unit_id: UnitId, call: Calling, body: UnitBody) -> Entered:
    """Enter a unit, or say otherwise what it is; refused while it is not free."""
    return await call.register_unit(body, await _unit(call, unit_id, body))


@router.put("/units")
async def put_units(
    call: Calling, body: Annotated[list[NamedUnit], Field(max_length=MOST_AT_ONCE)]
) -> list[Entered]:
    """All of them, or none: what is refused is named by its number in the list, from 0."""

    async def asked(one: NamedUnit) -> Asked:
        command = await _unit(call, one.unit_id, one)
        return Asked(call.desk.handling.unit_plan(command), call.by(one))

    return await together(call, body, asked)


@router.get("/units")
async def list_units(
    desk: Desk, _: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Page[UnitView]:
    rows, following = await page_of(desk.reading, units, limit, cursor)
    return Page(items=[unit_view(row) for row in rows], next=following)


@router.get("/units/{unit_id}")
async def show_unit(unit_id: UnitId, desk: Desk, _: Reader) -> UnitView:
    return unit_view(await desk.reading.entry(units, unit_id))


@router.post("/units/{unit_id}/inspect")
async def inspect_unit(unit_id: UnitId, call: Calling, body: InspectionBody) -> UnitDone:
    """What came back is lent again once it was found fit; a lost one that was found too."""
    command = unit.Inspect(unit_id=unit_id, fit=body.fit, finding=body.finding)
    return await call.inspect_unit(body, command)


def _depot(depot_id: str, body: DepotBody) -> DepotRegistered:
    return DepotRegistered(
        depot_id=depot_id,
        name=body.name,
        district=body.district,
        location=body.location.point() if body.location else None,
    )


async def _unit(call: Call, unit_id: str, body: UnitBody) -> unit.Register:
    await call.known(depots, "depot_id", body.depot_id)
    entry = UnitRegistered(
        unit_id=unit_id,
        depot_id=body.depot_id,
        model=body.model,
        category=body.category,
        grade=body.grade,
        serial=body.serial,
        family=body.family,
    )
    return unit.Register(entry=entry)
