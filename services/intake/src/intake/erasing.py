"""Erasing a person: every key that holds data of theirs, said in the log and gone at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.archive import ContactRecorded
from aftercare_events.catalogue.person import PersonErased
from aftercare_events.envelope import Recorded
from aftercare_events.log import Expect, Log
from aftercare_events.redact import redact
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Leftover, Vault

from . import tables
from .opening import Said, subject_of
from .people import Person

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.persons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person as the vault and the archive know them.

    `keys` are the keys that hold data of theirs, with the time when each was made; none are left
    once the person was erased, at `erased_at` by the event at `position`.
    """

    person_id: str
    contact: ContactRecorded | None
    keys: Mapping[str, datetime]
    erased_at: datetime | None = None
    position: int = 0


class Erasure:
    """Finds all that is sealed for a person, and makes it unreadable."""

    def __init__(self, log: Log, engine: AsyncEngine, vault: Vault) -> None:
        self._log = log
        self._engine = engine
        self._vault = vault

    async def find(self, person: Person) -> Known | None:
        """Whoever has this number or address."""
        for identifier in person.identifiers:
            if (known := await self.known(self._vault.person_id(identifier))) is not None:
                return known
        return None

    async def known(self, identifier: str) -> Known | None:
        """By the id of a contact, engineer, officer or recipient, or by a pseudonym."""
        contact = await self._contact(identifier)
        person_id = contact.details.person if contact else identifier
        pseudonyms = sorted(await self._keys(person_id, contact))
        keys = await self._vault.made_at(pseudonyms)
        last = await self._last_erasure(pseudonyms)
        if not keys and last is None:
            return None
        return Known(
            person_id=person_id,
            contact=contact,
            keys=keys,
            erased_at=last.event.time if last else None,
            position=last.position if last else 0,
        )

    async def erase(self, known: Known, reason: str, said: Said) -> tuple[Leftover, ...]:
        """Destroy the keys; where copies of them may be left. Raises Conflict, LogUnavailable.

        What is appended here is done even if this process ends now: the projection follows.
        """
        if known.keys:
            name = await self._vault.name_in(known.contact.details) if known.contact else None
            await self._say(known, redact(reason, name), said)
        for person, made_at in known.keys.items():
            await self._vault.erase(person, made_at)
        logger.info("person erased", person=known.person_id, keys=len(known.keys))
        return await self._vault.wipe()

    async def _say(self, known: Known, reason: str, said: Said) -> None:
        events = [
            said.event(PersonErased(person_id=person, key_made_at=made_at, reason=reason))
            for person, made_at in known.keys.items()
        ]
        subjects = [subject_of("person", person) for person in known.keys]
        before = [await self._log.last(subject) for subject in subjects]
        expected = [
            Expect(subject, last.position if last else 0)
            for subject, last in zip(subjects, before, strict=True)
        ]
        await self._log.append(events, expected)

    async def _last_erasure(self, pseudonyms: Iterable[str]) -> Recorded | None:
        found = [await self._log.last(subject_of("person", one)) for one in pseudonyms]
        return max(filter(None, found), key=lambda last: last.position, default=None)

    async def _contact(self, identifier: str) -> ContactRecorded | None:
        contacts, keys = tables.contacts, tables.contact_keys
        named = select(keys.c.contact_id).where(keys.c.known_by == identifier)
        statement = select(contacts.c.entry).where(
            or_(
                contacts.c.contact_id == identifier,
                contacts.c.contact_id.in_(named),
                contacts.c.entry["details"]["person"].astext == identifier,
            )
        )
        async with self._engine.connect() as connection:
            entry = (await connection.execute(statement.limit(1))).scalar_one_or_none()
        return None if entry is None else msgspec.convert(entry, ContactRecorded)

    async def _keys(self, person_id: str, contact: ContactRecorded | None) -> set[str]:
        """The pseudonyms of one person: by each number, address and name that we have."""
        person = self._vault.person_id
        staff = {person("engineer", person_id), person(f"staff:{person_id}")}
        numbers, names = set[str](), set[str]()
        if contact is not None:
            numbers |= set(contact.known_by)
            names |= self._names(contact.customer_id, await self._vault.open(contact.details))
        numbers |= await self._released(person_id)
        for report in await self._reports(person_id):
            said = await self._vault.open(msgspec.convert(report["contact"], Sealed))
            owner = report.get("customer_id") or report["case_id"]
            numbers |= {person(one) for one in _identifiers(said)}
            names |= self._names(owner, said)
        ours = numbers - await self._of_others(numbers, contact)
        return {person_id} | staff | ours | names

    def _names(self, customer_id: str, said: Mapping[str, Any] | None) -> set[str]:
        name = (said or {}).get("name")
        return {self._vault.named(customer_id, name)} if name else set()

    async def _reports(self, person_id: str) -> Sequence[dict[str, Any]]:
        report = tables.reports.c.report
        theirs = select(report).where(tables.reported_by(person_id))
        async with self._engine.connect() as connection:
            return (await connection.execute(theirs)).scalars().all()

    async def _released(self, person_id: str) -> set[str]:
        """The keys of what lay in quarantine before it became a case of theirs."""
        arrivals, reports = tables.arrivals, tables.reports
        statement = (
            select(arrivals.c.sealed_for)
            .join(reports, reports.c.case_id == arrivals.c.case_id)
            .where(arrivals.c.sealed_for.is_not(None))
            .where(tables.reported_by(person_id))
        )
        async with self._engine.connect() as connection:
            keys = (await connection.execute(statement)).scalars().all()
        return {key for key in keys if await self._contact(key) is None}

    async def _of_others(self, numbers: Iterable[str], contact: ContactRecorded | None) -> set[str]:
        """Numbers that others are reached by too: a switchboard is nobody's alone."""
        keys = tables.contact_keys
        statement = select(keys.c.known_by).where(keys.c.known_by.in_(numbers))
        if contact is not None:
            statement = statement.where(keys.c.contact_id != contact.contact_id)
        async with self._engine.connect() as connection:
            return set((await connection.execute(statement)).scalars())


def _identifiers(said: Mapping[str, Any] | None) -> Iterator[str]:
    fields = said or {}
    person = Person(reference="", phone=fields.get("phone"), email=fields.get("email"))
    yield from person.identifiers
