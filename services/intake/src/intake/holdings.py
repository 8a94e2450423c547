"""Who a customer is, what she owns and what is open: read for the one page that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Select, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.archive import ContactRecorded, DeviceRecorded

from . import tables
from .archive import Archive, Dossier
from .domain.holdings import Holding, Promise, holding_of, promise_of
from .domain.report import LOCAL

# A page is for reading; whoever looks for one of thousands names its serial number.
SHOWN = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A customer on one day. `contacts` are sealed; the newest open case comes first."""

    dossier: Dossier
    promises: Sequence[Promise]
    holdings: Sequence[Holding]
    contacts: Sequence[ContactRecorded]
    open_cases: Sequence[RowMapping]


async def standing_of(
    engine: AsyncEngine,
    archive: Archive,
    customer_id: str,
    now: datetime,
    device_id: str | None = None,
) -> Standing | None:
    """None where there is no such customer; the device asked about leads the others."""
    dossier = await archive.dossier(customer_id)
    if dossier is None:
        return None
    day = now.astimezone(LOCAL).date()
    devices = await _of_customer(
        engine, tables.devices, DeviceRecorded, customer_id, first=device_id or ""
    )
    contacts = await _of_customer(engine, tables.contacts, ContactRecorded, customer_id)
    terms = {
        contract.policy: await archive.terms(contract.policy) for contract in dossier.contracts
    }
    changes = {one.device_id: await archive.warranty(one.device_id) for one in devices}
    return Standing(
        dossier=dossier,
        promises=[promise_of(contract, day) for contract in dossier.contracts],
        holdings=[
            holding_of(device, dossier.contracts, terms, day, changes[device.device_id])
            for device in devices
        ],
        contacts=contacts,
        open_cases=await open_cases(engine, tables.reports.c.customer_id == customer_id),
    )


async def open_cases(engine: AsyncEngine, concerned: ColumnElement[bool]) -> Sequence[RowMapping]:
    async with engine.connect() as connection:
        return (await connection.execute(open_cases_where(concerned))).mappings().all()


def open_cases_where(concerned: ColumnElement[bool]) -> Select[Any]:
    """Cases that are not ended, of those that the condition on `reports` picks; newest first."""
    cases, reports = tables.cases, tables.reports
    return (
        select(cases, reports.c.reported_at, reports.c.report)
        .join(reports, reports.c.case_id == cases.c.case_id)
        .where(concerned, cases.c.ended.is_(None))
        .order_by(reports.c.reported_at.desc())
        .limit(SHOWN)
    )


async def _of_customer(
    engine: AsyncEngine, table: Table, entry: type[T], customer_id: str, first: str = ""
) -> list[T]:
    """Entries of a customer; the one whose id is `first` leads."""
    key = next(iter(table.primary_key.columns))
    statement = (
        select(table.c.entry)
        .where(table.c.customer_id == customer_id)
        .order_by((key == first).desc(), key)
        .limit(SHOWN)
    )
    async with engine.connect() as connection:
        found = (await connection.execute(statement)).scalars().all()
    return [msgspec.convert(one, entry) for one in found]
