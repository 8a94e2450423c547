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

    async def served(self, contacts: Sequence[ContactRecorded]) -> Sequence[Served]:
        """The customers these contacts speak for, each once."""
        found: list[Served] = []
        for customer_id in dict.fromkeys(contact.customer_id for contact in contacts):
            dossier = await self._archive.dossier(customer_id)
            if dossier is not None:
                found.append(await self._served(dossier))
        return found

    async def _served(self, dossier: Dossier) -> Served:
        customer_id = dossier.customer.customer_id
        async with self._engine.connect() as connection:
            devices, count = await _devices(connection, customer_id)
            return Served(dossier, devices, count, await _open_cases(connection, customer_id))

    async def waiting(self, known_by: str) -> Sequence[str]:
        """The call-back that is now answered by herself."""
        table = tables.return_calls
        statement = select(table.c.return_call_id).where(
            table.c.known_by == known_by, table.c.ended.is_(None)
        )
        async with self._engine.connect() as connection:
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
