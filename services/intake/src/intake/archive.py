"""Look-ups in the archive, remembered until the projection says that it changed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.archive import (
    ContactRecorded,
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
    SiteRecorded,
)

from . import tables
from .domain.policy import Terms

T = TypeVar("T")
CAPACITY = 10_000


@dataclass(frozen=True, slots=True)
class Dossier:
    """A customer with sites and contracts."""

    customer: CustomerRecorded
    sites: dict[str, SiteRecorded]
    contracts: tuple[ContractRecorded, ...]


class Archive:
    """The archive as of the last commit of the projection.

    What was not found is remembered as well, for most callers are in no archive. It remembers
    only while somebody tells it of changes: between `trust` and `distrust`.
    """

    def __init__(self, engine: AsyncEngine, capacity: int = CAPACITY) -> None:
        self._engine = engine
        self._capacity = capacity
        self._remembered: OrderedDict[Hashable, Any] = OrderedDict()
        self._generation = 0
        self._told_of_changes = False

    def trust(self) -> None:
        """From now on `forget` is called after each change."""
        self.forget()
        self._told_of_changes = True

    def distrust(self) -> None:
        """Changes may go unnoticed: ask each time."""
        self._told_of_changes = False
        self.forget()

    def forget(self) -> None:
        """Something changed; look-ups under way are not remembered either."""
        self._remembered.clear()
        self._generation += 1

    async def dossier(self, customer_id: str) -> Dossier | None:
        return await self._recall(("dossier", customer_id), self._dossier, customer_id)

    async def devices(self, serial: str) -> Sequence[DeviceRecorded]:
        """Devices with this serial number; makers do not keep theirs apart."""
        return await self._recall(("devices", serial), self._devices, serial)

    async def devices_like(self, likenesses: Collection[str]) -> Sequence[DeviceRecorded]:
        """Devices whose serial numbers could be read as one of these."""
        table = tables.devices
        statement = select(table.c.entry).where(table.c.likeness.in_(likenesses))
        return await self._all(statement, DeviceRecorded)

    async def customers_in(self, text: str) -> Sequence[CustomerRecorded]:
        """Customers whose names stand in a squeezed text."""
        name = func.replace(func.lower(tables.customers.c.entry["name"].astext), " ", "")
        named = func.strpos(text, name) > 0
        return await self._all(select(tables.customers.c.entry).where(named), CustomerRecorded)

    async def contacts(self, known_by: Sequence[str]) -> Sequence[ContactRecorded]:
        """Contacts with one of these keyed hashes."""
        keys = tuple(known_by)
        return await self._recall(("contacts", keys), self._contacts, keys) if keys else ()

    async def terms(self, policy: str) -> Terms | None:
        return await self._recall(("terms", policy), self._terms, policy)

    async def _recall(self, key: Hashable, load: Callable[[Any], Awaitable[T]], argument: Any) -> T:
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        generation = self._generation
        found = await load(argument)
        if self._told_of_changes and generation == self._generation:
            self._remembered[key] = found
            if len(self._remembered) > self._capacity:
                self._remembered.popitem(last=False)
        return found

    async def _dossier(self, customer_id: str) -> Dossier | None:
        customers = await self._of(tables.customers, CustomerRecorded, customer_id=customer_id)
        if not customers:
            return None
        sites = await self._of(tables.sites, SiteRecorded, customer_id=customer_id)
        contracts = await self._of(tables.contracts, ContractRecorded, customer_id=customer_id)
        return Dossier(customers[0], {site.site_id: site for site in sites}, tuple(contracts))

    async def _devices(self, serial: str) -> Sequence[DeviceRecorded]:
        return await self._of(tables.devices, DeviceRecorded, serial=serial)

    async def _contacts(self, known_by: Sequence[str]) -> Sequence[ContactRecorded]:
        keys, contacts = tables.contact_keys, tables.contacts
        named = select(keys.c.contact_id).where(keys.c.known_by.in_(known_by))
        statement = (
            select(contacts.c.entry)
            .where(contacts.c.contact_id.in_(named))
            .order_by(contacts.c.contact_id)
        )
        async with self._engine.connect() as connection:
            entries = (await connection.execute(statement)).scalars().all()
        return [msgspec.convert(entry, ContactRecorded) for entry in entries]

    async def _terms(self, policy: str) -> Terms | None:
        table = tables.policies
        statement = select(table.c.document).where(table.c.policy == policy)
        async with self._engine.connect() as connection:
            document = (await connection.execute(statement)).scalar_one_or_none()
        return None if document is None else msgspec.convert(document, Terms)

    async def _of(self, table: Table, entry: type[T], **where: str) -> list[T]:
        return await self._all(select(table.c.entry).filter_by(**where), entry)

    async def _all(self, statement: Select[Any], entry: type[T]) -> list[T]:
        async with self._engine.connect() as connection:
            entries = (await connection.execute(statement)).scalars().all()
        return [msgspec.convert(found, entry) for found in entries]
