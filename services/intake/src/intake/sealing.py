"""Turns what somebody said about herself into what an event may carry."""

from typing import Any

from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .archive import Archive
from .people import Person


class Discretion:
    """Finds the one key of a person, whichever number or address she used this time."""

    def __init__(self, vault: Vault, archive: Archive) -> None:
        self._vault = vault
        self._archive = archive

    def known_by(self, person: Person) -> list[str]:
        """The keyed hashes under which the archive may know her."""
        return [self._vault.person_id(identifier) for identifier in person.identifiers]

    async def key_of(self, person: Person) -> str:
        """Whose key seals her data: that of the contact she is, else one of her own."""
        known_by = self.known_by(person)
        for contact in await self._archive.contacts(known_by):
            return contact.details.person
        return known_by[0] if known_by else self._vault.person_id(f"arrival:{person.reference}")

    async def customer_of(self, person: Person) -> str | None:
        """The customer she belongs to, where the archive knows her as a contact of one."""
        contacts = await self._archive.contacts(self.known_by(person))
        customers = {contact.customer_id for contact in contacts}
        return customers.pop() if len(customers) == 1 else None

    async def seal(self, person: Person, **more: Any) -> Sealed:
        """Who she is and what she said in her own words, sealed for her."""
        said = {"name": person.name, "phone": person.phone, "email": person.email, **more}
        present = {name: value for name, value in said.items() if value not in (None, "")}
        return await self._vault.seal(await self.key_of(person), present)
