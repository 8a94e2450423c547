"""The register of those who answer for a rank: names and addresses sealed, the rest to choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue import decode, record
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.decider import Basis, commit
from aftercare_events.envelope import Event
from aftercare_events.log import Expect, Log
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .tables import recipients

SERVICE = "sla"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the register, and the position in the log where that was said."""

    said: RecipientRegistered
    position: int


class Recipients:
    def __init__(self, log: Log, engine: AsyncEngine, vault: Vault) -> None:
        self._log = log
        self._engine = engine
        self._vault = vault

    async def register(
        self, entry: RecipientRegistered, person: dict[str, Any], *, by: str, at: datetime
    ) -> int:
        """The position of the entry as it stands from now on; the old one if nothing changed.

        Raises Conflict, LogUnavailable.
        """
        subject = f"ac.{SERVICE}.recipient.{entry.recipient_id}"
        position = 0

        async def read() -> Basis[tuple[RecipientRegistered | None, RecipientRegistered]]:
            nonlocal position
            last = await self._log.last(subject)
            position = last.position if last else 0
            known: RecipientRegistered | None = decode(last.event) if last else None
            sealed = await self._resealed(entry.recipient_id, person, known)
            wanted = msgspec.structs.replace(entry, person=sealed)
            return Basis((known, wanted), [Expect(subject, position)])

        def decide(
            stands: tuple[RecipientRegistered | None, RecipientRegistered],
        ) -> Sequence[Event]:
            known, wanted = stands
            return [] if wanted == known else [record(wanted, service=SERVICE, time=at, actor=by)]

        return await commit(self._log, read, decide) or position

    async def _resealed(
        self, recipient_id: str, person: dict[str, Any], known: RecipientRegistered | None
    ) -> Sealed | None:
        """The box we have where it holds the same already: an unchanged entry stays equal."""
        if not person:
            return None
        if known and await self.person(known) == person:
            return known.person
        # An engineer who is told is one person: erased once, unreadable in both registers.
        return await self._vault.seal(self._vault.person_id("engineer", recipient_id), person)

    async def person(self, entry: RecipientRegistered) -> Mapping[str, Any]:
        """`name` and `channels`; empty where none were given, and after an erasure."""
        return (await self._vault.open(entry.person) if entry.person else None) or {}

    async def page(self, after: str, limit: int) -> Sequence[Entry]:
        """By id, those after `after`."""
        query = select(recipients).where(recipients.c.recipient_id > after)
        query = query.order_by(recipients.c.recipient_id).limit(limit)
        async with self._engine.connect() as connection:
            rows = await connection.execute(query)
            return [Entry(entry_of(row.entry), row.position) for row in rows]

    async def one(self, recipient_id: str) -> Entry | None:
        query = select(recipients).where(recipients.c.recipient_id == recipient_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Entry(entry_of(row.entry), row.position)


def entry_of(stored: Any) -> RecipientRegistered:
    return msgspec.convert(stored, RecipientRegistered)
