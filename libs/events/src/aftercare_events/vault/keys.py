"""The keys of persons: many asked for at once cost one query, new ones one commit."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..gathering import Gathering
from ..sql import insert_columns
from ..transactions import brief
from .crypto import MasterKey, new_key
from .erasing import destroy
from .tables import person_keys

# What another process erased can be read here for this long at most.
FRESH_SECONDS = 5.0
GATHER_SECONDS = 0.5
CACHED_KEYS = 10_000

_KNOWN = select(person_keys.c.person, person_keys.c.key).where(
    person_keys.c.person == bindparam("persons", type_=ARRAY(Text)).any_()
)
_ADD = insert_columns(person_keys, ("person", "key")).on_conflict_do_nothing()


class PersonKeys:
    """Keys ready for use, in memory for seconds; in the database only wrapped."""

    def __init__(self, engine: AsyncEngine, master: MasterKey) -> None:
        self._engine = engine
        self._master = master
        # The keys used last, and until when each is fresh.
        self._at_hand: OrderedDict[str, tuple[AESGCM, float]] = OrderedDict()
        self._missing: set[str] = set()
        self._erasures = 0
        self._ageing: set[str] = set()
        self._renewing: asyncio.Task[None] | None = None
        self._asked = Gathering(self._fetch_or_make)

    async def get(self, person: str) -> AESGCM | None:
        """The person's key; None when there is none."""
        return self._recall(person) or await self._asked.get(person)

    async def get_or_create(self, person: str) -> AESGCM:
        if key := self._recall(person):
            return key
        self._missing.add(person)
        key = await self._asked.get(person)
        if key is None:
            raise RuntimeError("a key that was just made is gone")
        return key

    async def made_at(self, persons: Sequence[str]) -> Mapping[str, datetime]:
        """When the keys of these persons were made; who has none is left out."""
        made = select(person_keys.c.person, person_keys.c.created_at)
        async with self._engine.connect() as connection:
            rows = await connection.execute(made.where(person_keys.c.person.in_(persons)))
            return {row.person: row.created_at for row in rows}

    async def erase(self, person: str, made_by: datetime | None) -> bool:
        """Destroy a key; whether there was one. In other processes it is gone within seconds."""
        async with brief(self._engine) as connection:
            gone = await destroy(connection, person, made_by)
        self._erasures += 1
        self._at_hand.pop(person, None)
        return gone

    def _recall(self, person: str) -> AESGCM | None:
        """A key at hand; one in use is renewed before it is too old, so that nobody waits."""
        key, until = self._at_hand.get(person, (None, 0.0))
        left = until - time.monotonic()
        if left <= 0:
            return None
        if left < FRESH_SECONDS / 2:
            self._ageing.add(person)
            if self._renewing is None or self._renewing.done():
                self._renewing = asyncio.create_task(self._renew())
        return key

    def _keep(self, person: str, key: AESGCM) -> None:
        self._at_hand[person] = key, time.monotonic() + FRESH_SECONDS
        self._at_hand.move_to_end(person)
        if len(self._at_hand) > CACHED_KEYS:
            self._at_hand.popitem(last=False)

    async def _renew(self) -> None:
        """All that age at about the same time are one query."""
        await asyncio.sleep(GATHER_SECONDS)
        ageing, self._ageing = self._ageing, set()
        # Whoever needs one of these keys once it is too old asks again, and hears the error.
        with suppress(Exception):
            await self._fetch(ageing)

    async def _fetch_or_make(self, wanted: Sequence[str]) -> Mapping[str, AESGCM]:
        """Only whoever answers those that wait for new keys may take them off the list."""
        missing, self._missing = self._missing, set()
        return await self._fetch(wanted, missing)

    async def _fetch(
        self, wanted: Iterable[str], missing: Set[str] = frozenset()
    ) -> Mapping[str, AESGCM]:
        """The keys of `wanted` that there are; those of `missing` are made where need be."""
        erasures = self._erasures
        async with self._engine.connect() as connection:
            found = await self._known(connection, sorted(wanted))
        # In one order everywhere, for two processes may make keys for the same persons.
        if absent := sorted(missing - found.keys()):
            async with brief(self._engine) as connection:
                await self._add(connection, absent)
                found |= await self._known(connection, absent)
        if erasures == self._erasures:
            for person, key in found.items():
                self._keep(person, key)
        return found

    async def _known(self, connection: AsyncConnection, persons: list[str]) -> dict[str, AESGCM]:
        rows = await connection.execute(_KNOWN, {"persons": persons})
        try:
            return {person: self._master.unwrap(person, wrapped) for person, wrapped in rows}
        except InvalidTag:
            raise RuntimeError("keys of persons were wrapped by another master key") from None

    async def _add(self, connection: AsyncConnection, persons: list[str]) -> None:
        wrapped = [self._master.wrap(person, new_key()) for person in persons]
        await connection.execute(_ADD, {"person": persons, "key": wrapped})
