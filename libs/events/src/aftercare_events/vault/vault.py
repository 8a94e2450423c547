"""What services seal and open; erasing a person makes the past unreadable, not incomplete."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from ..sealing import Sealed
from ..sql import upgrade
from . import crypto
from .erasing import Leftover, wipe
from .keys import PersonKeys
from .tables import SCHEMA


class Vault:
    """Personal data under one key a person. `master_key` has 32 bytes."""

    def __init__(self, engine: AsyncEngine, master_key: bytes) -> None:
        self._engine = engine
        self._master = crypto.MasterKey(master_key)
        self._keys = PersonKeys(engine, self._master)

    async def prepare(self) -> None:
        """Create the vault's own schema, or bring it up to date."""
        await upgrade(self._engine, "aftercare_events.vault", SCHEMA)

    def person_id(self, *identifiers: str) -> str:
        """Who somebody is, as a pseudonym that only the master key can make.

        Identifiers are normalised numbers, addresses or names; width, case and spaces do not
        count.
        """
        return self._master.pseudonym(*identifiers)

    async def seal(self, person: str, value: dict[str, Any], *, large: bool = False) -> Sealed:
        """Something large is sealed in a thread, so that nobody waits for it."""
        key = await self._keys.get_or_create(person)
        if large:
            return await asyncio.to_thread(crypto.seal, key, person, value)
        return crypto.seal(key, person, value)

    async def open(self, sealed: Sealed, *, large: bool = False) -> dict[str, Any] | None:
        """What was sealed; None since the person was erased."""
        key = await self._keys.get(sealed.person)
        if key is None:
            return None
        if large:
            return await asyncio.to_thread(crypto.unseal, key, sealed)
        return crypto.unseal(key, sealed)

    async def seal_beside(self, source: Sealed, value: dict[str, Any]) -> Sealed | None:
        """What follows from something sealed, under its very key; None since that was erased.

        A new key would keep for whoever comes back what was made from erased data.
        """
        key = await self._keys.get(source.person)
        if key is None or crypto.unseal(key, source) is None:
            return None
        return crypto.seal(key, source.person, value)

    def named(self, customer_id: str, name: str) -> str:
        """Somebody of whom only the name is known, told apart from namesakes elsewhere."""
        return self._master.pseudonym("name", customer_id, name)

    async def name_in(self, sealed: Sealed | str | None) -> str | None:
        """What the person is called, by themselves or else by the archive (`known_as`); None where
        nobody is named, and since they were erased."""
        opened = await self.open(sealed) if isinstance(sealed, Sealed) else None
        return opened.get("name") or opened.get("known_as") if opened else None

    async def made_at(self, persons: Sequence[str]) -> Mapping[str, datetime]:
        """When the keys of these persons were made; who has none is left out."""
        return await self._keys.made_at(persons)

    async def erase(self, person: str, made_by: datetime | None = None) -> bool:
        """Make everything sealed for this person unreadable for ever; whether there was a key.

        A key made after `made_by` belongs to somebody who came back, and stays. Copies of the key
        are left in the files of the database until `wipe`.
        """
        return await self._keys.erase(person, made_by)

    async def wipe(self) -> tuple[Leftover, ...]:
        """Remove the copies of erased keys from the database's files; where some may be left."""
        return await wipe(self._engine)
