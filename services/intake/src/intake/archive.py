"""Look-ups in the archive, remembered until the projection says that it changed."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Column, RowMapping, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.archive import (
    ContactRecorded,
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
    LineRecorded,
    SiteRecorded,
)
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from . import tables
from .domain.policy import Terms
from .domain.warranty import UNCHANGED, Extension, WarrantyChanges
from .remembered import Remembered

T = TypeVar("T")
CAPACITY = 10_000


class Dossier(msgspec.Struct, frozen=True):
    """A customer with sites and contracts."""

    customer: CustomerRecorded
    sites: Mapping[str, SiteRecorded]
    contracts: Sequence[ContractRecorded]


class Archive:
    """The archive as of the last commit of the projection.

    It remembers only while somebody tells it of changes: between `trust` and `distrust`.
    """

    def __init__(self, engine: AsyncEngine, vault: Vault, capacity: int = CAPACITY) -> None:
        self._engine = engine
        self._vault = vault
        self._dossiers = Remembered(self._fetch_dossiers, capacity, None)
        self._devices = Remembered(self._fetch_devices, capacity, ())
        self._contacts = Remembered(self._fetch_contacts, capacity, ())
        self._names = Remembered(self._fetch_names, capacity, None)
        self._terms = Remembered(self._fetch_terms, capacity, None)
        self._lines = Remembered(self._fetch_lines, capacity, None)
        self._warranties = Remembered(self._fetch_warranties, capacity, UNCHANGED)
        self._lookups = (
            self._warranties,
            self._dossiers,
            self._devices,
            self._contacts,
            self._names,
            self._terms,
            self._lines,
        )

    def trust(self) -> None:
        """From now on `forget` is called after each change."""
        self._set_trust(True)

    def distrust(self) -> None:
        """Changes may go unnoticed: ask each time."""
        self._set_trust(False)

    def forget(self) -> None:
        """Something changed."""
        for remembered in self._lookups:
            remembered.forget()

    def dossier(self, customer_id: str) -> Awaitable[Dossier | None]:
        return self._dossiers.get(customer_id)

    def devices(self, serial: str) -> Awaitable[Sequence[DeviceRecorded]]:
        """Devices with this serial number; makers do not keep theirs apart."""
        return self._devices.get(serial)

    async def device(self, device_id: str) -> DeviceRecorded | None:
        statement = select(tables.devices.c.entry).filter_by(device_id=device_id)
        found = await self._entries(statement, DeviceRecorded)
        return found[0] if found else None

    async def devices_like(self, likenesses: Collection[str]) -> Sequence[DeviceRecorded]:
        """Devices whose serial numbers could be read as one of these."""
        table = tables.devices
        statement = select(table.c.entry).where(table.c.likeness.in_(likenesses))
        return await self._entries(statement, DeviceRecorded)

    async def customers_in(self, text: str) -> Sequence[CustomerRecorded]:
        """Customers whose names stand in a squeezed text."""
        name = func.replace(func.lower(tables.customers.c.entry["name"].astext), " ", "")
        named = func.strpos(text, name) > 0
        statement = select(tables.customers.c.entry).where(named)
        return await self._entries(statement, CustomerRecorded)

    async def contacts(self, known_by: Sequence[str]) -> Sequence[ContactRecorded]:
        """Contacts with one of these keyed hashes, in the order of their ids."""
        once: dict[str, ContactRecorded] = {}
        for one in known_by:
            for contact in await self._contacts.get(one):
                once[contact.contact_id] = contact
        return [once[contact_id] for contact_id in sorted(once)]

    def name_of(self, contact: ContactRecorded) -> Awaitable[str | None]:
        """What she is called, in clear and only in memory; None since she was erased."""
        return self._names.get(contact.details)

    def terms(self, policy: str) -> Awaitable[Terms | None]:
        return self._terms.get(policy)

    def warranty(self, device_id: str) -> Awaitable[WarrantyChanges]:
        """What repairs of a device changed about its warranty."""
        return self._warranties.get(device_id)

    def line(self, reached_at: str) -> Awaitable[LineRecorded | None]:
        """The line of its own that is reached so."""
        return self._lines.get(reached_at)

    def _set_trust(self, told_of_changes: bool) -> None:
        self.forget()
        for remembered in self._lookups:
            remembered.told_of_changes = told_of_changes

    async def _fetch_dossiers(self, customer_ids: Sequence[str]) -> Mapping[str, Dossier]:
        async with self._engine.connect() as connection:
            customers = await _grouped(connection, _CUSTOMERS, customer_ids, CustomerRecorded)
            sites = await _grouped(connection, _SITES, customer_ids, SiteRecorded)
            contracts = await _grouped(connection, _CONTRACTS, customer_ids, ContractRecorded)
        return {
            customer_id: Dossier(
                customer,
                {site.site_id: site for site in sites[customer_id]},
                contracts[customer_id],
            )
            for customer_id, (customer,) in customers.items()
        }

    async def _fetch_devices(
        self, serials: Sequence[str]
    ) -> Mapping[str, Sequence[DeviceRecorded]]:
        async with self._engine.connect() as connection:
            return await _grouped(connection, _DEVICES, serials, DeviceRecorded)

    async def _fetch_contacts(
        self, known_by: Sequence[str]
    ) -> Mapping[str, Sequence[ContactRecorded]]:
        async with self._engine.connect() as connection:
            return await _grouped(connection, _CONTACTS, known_by, ContactRecorded)

    async def _fetch_names(self, details: Sequence[Sealed]) -> Mapping[Sealed, str]:
        names = await asyncio.gather(*(self._vault.name_in(one) for one in details))
        return {one: name for one, name in zip(details, names, strict=True) if name}

    async def _fetch_terms(self, policies: Sequence[str]) -> Mapping[str, Terms]:
        async with self._engine.connect() as connection:
            found = await _grouped(connection, _TERMS, policies, Terms)
        return {policy: terms for policy, (terms,) in found.items()}

    async def _fetch_warranties(self, device_ids: Sequence[str]) -> Mapping[str, WarrantyChanges]:
        table = tables.warranty_changes
        statement = (
            select(table).where(table.c.device_id.in_(device_ids)).order_by(table.c.position)
        )
        found: defaultdict[str, list[RowMapping]] = defaultdict(list)
        async with self._engine.connect() as connection:
            for row in (await connection.execute(statement)).mappings():
                found[row["device_id"]].append(row)
        return {device_id: _changes(rows) for device_id, rows in found.items()}

    async def _fetch_lines(self, reached: Sequence[str]) -> Mapping[str, LineRecorded]:
        async with self._engine.connect() as connection:
            found = await _grouped(connection, _LINES, reached, LineRecorded)
        return {reached_at: lines[0] for reached_at, lines in found.items()}

    async def _entries(self, statement: Select[Any], entry: type[T]) -> list[T]:
        async with self._engine.connect() as connection:
            entries = (await connection.execute(statement)).scalars().all()
        return [msgspec.convert(found, entry) for found in entries]


def _changes(rows: Sequence[RowMapping]) -> WarrantyChanges:
    """A row without days is a new beginning."""
    restarts = [row["on_day"] for row in rows if row["days"] is None]
    return WarrantyChanges(
        restarted_on=max(restarts, default=None),
        extensions=[
            Extension(row["on_day"], row["days"]) for row in rows if row["days"] is not None
        ],
    )


def _wanted(key: Column[str], entry: Column[Any]) -> Select[str, Any]:
    return select(key, entry).where(key == bindparam("keys", type_=ARRAY(Text)).any_())


_CUSTOMERS = _wanted(tables.customers.c.customer_id, tables.customers.c.entry)
_SITES = _wanted(tables.sites.c.customer_id, tables.sites.c.entry)
_CONTRACTS = _wanted(tables.contracts.c.customer_id, tables.contracts.c.entry)
_DEVICES = _wanted(tables.devices.c.serial, tables.devices.c.entry)
_TERMS = _wanted(tables.policies.c.policy, tables.policies.c.document)
_LINES = _wanted(tables.lines.c.reached_at, tables.lines.c.entry).order_by(tables.lines.c.line_id)
_CONTACTS = _wanted(tables.contact_keys.c.known_by, tables.contacts.c.entry).join_from(
    tables.contact_keys,
    tables.contacts,
    tables.contact_keys.c.contact_id == tables.contacts.c.contact_id,
)


async def _grouped(
    connection: AsyncConnection, statement: Select[str, Any], keys: Sequence[str], entry: type[T]
) -> Mapping[str, list[T]]:
    """Entries by the key that they were asked by."""
    grouped: defaultdict[str, list[T]] = defaultdict(list)
    for key, found in await connection.execute(statement, {"keys": list(keys)}):
        grouped[key].append(msgspec.convert(found, entry))
    return grouped
