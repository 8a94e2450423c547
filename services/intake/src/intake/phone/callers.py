"""Who is calling: what an agent wants to see while the telephone rings."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.archive import ContactRecorded, DeviceRecorded

from .. import tables
from ..archive import Archive, Dossier

DEVICES_SHOWN = 50
CASES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Served:
    """A customer as it stands: the newest devices and open cases, and how many devices it has."""

    dossier: Dossier
    devices: Sequence[DeviceRecorded]
    device_count: int
    open_cases: Sequence[RowMapping]


class Callers:
    """Looks callers up by the keyed hash of their number."""

    def __init__(self, engine: AsyncEngine, archive: Archive) -> None:
        self._engine = engine
        self._archive = archive

    async def contacts(self, known_by: str) -> Sequence[ContactRecorded]:
        return await self._archive.contacts([known_by])

    async def seek(
        self, known_by: str, contacts: Sequence[ContactRecorded]
    ) -> tuple[Sequence[Served], Sequence[str]]:
        """The customers these contacts speak for, each once, and the call-backs that a call from
        this number makes needless."""
        customers = dict.fromkeys(contact.customer_id for contact in contacts)
        dossiers = [await self._archive.dossier(customer_id) for customer_id in customers]
        # One connection for all: taking one costs as much as asking.
        async with self._engine.connect() as connection:
            served = [await _served(connection, dossier) for dossier in dossiers if dossier]
            return served, await _waiting(connection, known_by)


async def _served(connection: AsyncConnection, dossier: Dossier) -> Served:
    customer_id = dossier.customer.customer_id
    devices, count = await _devices(connection, customer_id)
    return Served(dossier, devices, count, await _open_cases(connection, customer_id))


async def _waiting(connection: AsyncConnection, known_by: str) -> Sequence[str]:
    table = tables.return_calls
    statement = select(table.c.return_call_id).where(
        table.c.known_by == known_by, table.c.ended.is_(None)
    )
    return (await connection.execute(statement)).scalars().all()


async def _devices(
    connection: AsyncConnection, customer_id: str
) -> tuple[Sequence[DeviceRecorded], int]:
    table = tables.devices
    of_customer = table.c.customer_id == customer_id
    some = select(table.c.entry).where(of_customer).order_by(table.c.device_id)
    entries = (await connection.execute(some.limit(DEVICES_SHOWN))).scalars().all()
    count = len(entries)
    if count == DEVICES_SHOWN:
        counted = select(func.count()).select_from(table).where(of_customer)
        count = (await connection.execute(counted)).scalar_one()
    return [msgspec.convert(entry, DeviceRecorded) for entry in entries], count


async def _open_cases(connection: AsyncConnection, customer_id: str) -> Sequence[RowMapping]:
    reports, cases = tables.reports, tables.cases
    statement = (
        select(
            cases.c.case_id,
            cases.c.kind,
            cases.c.severity,
            reports.c.reported_at,
            reports.c.report["summary"].as_string().label("summary"),
            reports.c.report["device_id"].as_string().label("device_id"),
        )
        .join(cases, cases.c.case_id == reports.c.case_id)
        .where(reports.c.customer_id == customer_id, cases.c.ended.is_(None))
        .order_by(reports.c.reported_at.desc())
        .limit(CASES_SHOWN)
    )
    return (await connection.execute(statement)).mappings().all()
