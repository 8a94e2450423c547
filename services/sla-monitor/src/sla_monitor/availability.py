"""The outages and devices that availability is computed from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_http import not_found

from .domain.availability import Availability, availability
from .domain.instants import to_micros
from .domain.outages import Outage
from .tables import customers, devices, outages


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which devices: one, those of a customer, those at a site, or what fits all that is named."""

    device: str | None = None
    customer: str | None = None
    site: str | None = None


async def measure(
    engine: AsyncEngine, wanted: Wanted, begin: datetime, end: datetime
) -> Availability:
    """The figures between two instants. Raises Problem 404 for what nobody has heard of."""
    overlapping = (
        select(outages)
        .where(*_outages(wanted), outages.c.began_at < end)
        .where(or_(outages.c.restored_at.is_(None), outages.c.restored_at >= begin))
    )
    archived = select(devices.c.device_id).where(*_devices(wanted))
    async with engine.connect() as connection:
        found = [_outage(row) for row in await connection.execute(overlapping)]
        known = {*await connection.scalars(archived), *(outage.device_id for outage in found)}
        if not known:
            await _ensure_known(connection, wanted)
    return availability(found, known, to_micros(begin), to_micros(end))


def _outage(row: Row[Any]) -> Outage:
    return Outage(
        device_id=row.device_id,
        cycle=row.cycle,
        began_at=to_micros(row.began_at),
        responded_at=_micros(row.responded_at),
        restored_at=_micros(row.restored_at),
    )


def _micros(instant: datetime | None) -> int | None:
    return None if instant is None else to_micros(instant)


def _devices(wanted: Wanted) -> list[ColumnElement[bool]]:
    given = {
        devices.c.device_id: wanted.device,
        devices.c.customer_id: wanted.customer,
        devices.c.site_id: wanted.site,
    }
    return [column == value for column, value in given.items() if value is not None]


def _outages(wanted: Wanted) -> list[ColumnElement[bool]]:
    """An outage counts for the customer who had the device then, and at its site of today."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.device is not None:
        conditions.append(outages.c.device_id == wanted.device)
    if wanted.customer is not None:
        conditions.append(outages.c.customer_id == wanted.customer)
    if wanted.site is not None:
        there = select(devices.c.device_id).where(devices.c.site_id == wanted.site)
        conditions.append(outages.c.device_id.in_(there))
    return conditions


async def _ensure_known(connection: AsyncConnection, wanted: Wanted) -> None:
    places = (
        ("device", wanted.device, (devices.c.device_id, outages.c.device_id)),
        ("customer", wanted.customer, (customers.c.customer_id, outages.c.customer_id)),
        ("site", wanted.site, (devices.c.site_id,)),
    )
    for what, identifier, columns in places:
        if identifier is None:
            continue
        somewhere = or_(*(exists().where(column == identifier) for column in columns))
        if not await connection.scalar(select(somewhere)):
            raise not_found(what, identifier)
