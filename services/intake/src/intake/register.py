"""Keeping the archive: an entry is recorded when it is new or has changed, and only then."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

from aftercare_events import catalogue
from aftercare_events.catalogue.archive import (
    ContactRecorded,
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
    LineRecorded,
)
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.decider import Refused
from aftercare_events.log import Conflict, Expect, Log
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .opening import Said, subject_of
from .people import Person
from .policy_document import check_options

Change = Literal["created", "changed", "unchanged"]
ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Recorded:
    """`position` is that of the event which made the entry what it is."""

    position: int
    change: Change


class Register:
    """Writes entries of the archive."""

    def __init__(self, log: Log, vault: Vault) -> None:
        self._log = log
        self._vault = vault

    async def record(self, entry: Any, said: Said, after: int | None = None) -> Recorded:
        """`after` is the position of what it replaces, 0 for nothing: with it nothing else is.

        Raises Refused (an entry it names is unknown), Conflict, LogUnavailable.
        """
        await self._check_references(entry)
        kind = catalogue.entry_of(entry)
        subject = subject_of(kind.aggregate, getattr(entry, kind.key))
        for _ in range(ATTEMPTS):
            last = await self._log.last(subject)
            if last is not None and catalogue.decode(last.event) == entry:
                return Recorded(last.position, "unchanged")
            expect = Expect(subject, last.position if last else 0)
            if after not in (None, expect.position):
                break
            try:
                position = await self._log.append([said.event(entry)], [expect])
            except Conflict:
                continue
            return Recorded(position, "changed" if last else "created")
        raise Conflict(subject)

    async def contact(self, contact_id: str) -> tuple[int, ContactRecorded | None]:
        """A contact as the log knows her, and the position where it says so."""
        last = await self._log.last(subject_of("contact", contact_id))
        return (last.position, catalogue.decode(last.event)) if last else (0, None)

    async def sealed(
        self, contact_id: str, name: str, phones: Sequence[str], emails: Sequence[str]
    ) -> tuple[Sealed, tuple[str, ...]]:
        """A contact's details under her key, and the keyed hashes by which she is found.

        She keeps the key, and unchanged details the box, that she was first recorded with.
        """
        details = {"name": name, "phones": list(phones), "emails": list(emails)}
        people = [
            *(Person(reference=contact_id, phone=phone) for phone in phones),
            *(Person(reference=contact_id, email=email) for email in emails),
        ]
        known_by = tuple(
            self._vault.person_id(identifier)
            for person in people
            for identifier in person.identifiers
        )
        _, before = await self.contact(contact_id)
        if before is None:
            # Never that of a number: two contacts may share one, and one of them be erased.
            key = self._vault.person_id(f"contact:{contact_id}")
            return await self._vault.seal(key, details), known_by
        if await self._vault.open(before.details) == details:
            return before.details, known_by
        return await self._vault.seal(before.details.person, details), known_by

    async def _check_references(self, entry: Any) -> None:
        """What was recorded a moment ago counts, projected or not."""
        if isinstance(entry, CustomerRecorded | LineRecorded):
            return
        if await self._log.last(subject_of("customer", entry.customer_id)) is None:
            raise Refused(
                "customer-unknown", f"There is no customer {entry.customer_id}.", "customer_id"
            )
        if isinstance(entry, ContractRecorded):
            await self._check_policy(entry)
        if isinstance(entry, DeviceRecorded) and entry.site_id is not None:
            site = await self._log.last(subject_of("site", entry.site_id))
            if site is None or catalogue.decode(site.event).customer_id != entry.customer_id:
                raise Refused("site-unknown", "The customer has no such site.", "site_id")

    async def _check_policy(self, contract: ContractRecorded) -> None:
        """A contract on terms that nobody published would leave its cases without clocks."""
        published = await self._published(contract.policy, contract.policy_version)
        check_options(contract.policy_options, published)

    async def _published(self, name: str, version: int | None) -> PolicyPublished:
        """That version of a policy, or its newest. Raises Refused where nobody published it.

        Versions grow, but none need be the next one: only the log says which there are.
        """
        subject = f"ac.sla.policy.{name}"
        last = await self._log.last(subject)
        if last is None:
            raise Refused("policy-unknown", f"No policy {name} is published.", "policy")
        newest: PolicyPublished = catalogue.decode(last.event)
        if version in (None, newest.version):
            return newest
        versions: dict[int, PolicyPublished] = {}
        async with aclosing(self._log.read(subject=subject)) as batches:
            async for batch in batches:
                for recorded in batch:
                    published: PolicyPublished = catalogue.decode(recorded.event)
                    versions[published.version] = published
        if version not in versions:
            known = ", ".join(map(str, versions))
            detail = f"{name} has no version {version}; it has: {known}."
            raise Refused("policy-version-unknown", detail, "policy_version")
        return versions[version]
