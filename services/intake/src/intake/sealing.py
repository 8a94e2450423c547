"""Turns what somebody said about herself into what an event may carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aftercare_events.catalogue.archive import ContactRecorded
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .archive import Archive
from .people import Person

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Recognised:
    """A person, the contacts she may be, and whose key seals her data: that of the contact she
    is, else one of her own."""

    person: Person
    key: str
    contacts: Sequence[ContactRecorded] = ()

    @property
    def customer_id(self) -> str | None:
        """The customer she belongs to, where the archive knows her as a contact of one."""
        customers = {contact.customer_id for contact in self.contacts}
        return customers.pop() if len(customers) == 1 else None


class Discretion:
    """Finds the one key of a person, whichever number or address she used this time."""

    def __init__(self, vault: Vault, archive: Archive) -> None:
        self._vault = vault
        self._archive = archive
        self._pseudonym = lru_cache(maxsize=REMEMBERED)(vault.person_id)

    def known_by(self, person: Person) -> str | None:
        """The surest keyed hash by which the archive may know her."""
        return next(map(self._pseudonym, person.identifiers), None)

    async def recognise(self, person: Person) -> Recognised:
        known_by = [self._pseudonym(identifier) for identifier in person.identifiers]
        contacts = await self._archive.contacts(known_by)
        if contacts:
            return Recognised(person, contacts[0].details.person, contacts)
        own = known_by[0] if known_by else self._vault.person_id(f"arrival:{person.reference}")
        return Recognised(person, own)

    def forget(self) -> None:
        """Keep no number or address in memory that was heard before."""
        self._pseudonym.cache_clear()

    async def seal(self, who: Recognised, **more: Any) -> Sealed:
        """Who she is and what she said in her own words, sealed for her."""
        person = who.person
        said = {"name": person.name, "phone": person.phone, "email": person.email, **more}
        present = {name: value for name, value in said.items() if value not in (None, "")}
        return await self._vault.seal(who.key, present)
