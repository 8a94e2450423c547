"""Turns what somebody said about herself into what an event may carry."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from aftercare_events.catalogue.archive import ContactRecorded
from aftercare_events.redact import MARK, redact
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .archive import Archive
from .people import Person, forget_numbers, identifiers, written_as

REMEMBERED = 10_000
_PREFIXES = re.compile(r"(?<=[A-Za-z])(?=\d)")


class Recognised(msgspec.Struct, frozen=True):
    """A person, the contacts she may be, and whose key seals her data: that of the contact she
    is, else one of her own. `called` is what the archive calls those contacts."""

    person: Person
    key: str
    contacts: Sequence[ContactRecorded] = ()
    called: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """All that no text may call her in clear."""
        return tuple(dict.fromkeys(filter(None, (self.person.name, *self.called))))

    @property
    def known_as(self) -> str | None:
        """What the archive calls her who did not say it herself."""
        return None if self.person.name else " ".join(self.called) or None

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
        self._known_by = lru_cache(maxsize=REMEMBERED)(self._hashed)

    def known_by(self, person: Person) -> str | None:
        """The surest keyed hash by which the archive may know her."""
        return next(iter(self._known_by(person.phone, person.email)), None)

    async def recognise(self, person: Person, nobody: str | None = None) -> Recognised:
        """Who has this number or address. What somebody says who gives neither is sealed with the
        key `nobody`, else with one that only this arrival has."""
        known_by = self._known_by(person.phone, person.email)
        contacts = await self._archive.contacts(known_by)
        if contacts:
            called = [await self._archive.name_of(contact) for contact in contacts]
            return Recognised(
                person, contacts[0].details.person, contacts, tuple(filter(None, called))
            )
        if known_by:
            return Recognised(person, known_by[0])
        return Recognised(person, nobody or self._vault.person_id(f"arrival:{person.reference}"))

    async def names_in(self, sealed: Mapping[str, Any] | None) -> Sequence[str]:
        """All that the one who said this is called; nothing since she was erased."""
        said = await self._vault.open(msgspec.convert(sealed, Sealed)) if sealed else None
        if not said:
            return ()
        person = Person("", *(said.get(field) for field in ("name", "phone", "email")))
        return (await self.recognise(person)).names

    def forget(self) -> None:
        """Keep no number, address or name in memory that was heard before."""
        self._known_by.cache_clear()
        forget_numbers()
        self._archive.forget()

    async def seal(self, who: Recognised, **more: Any) -> Sealed:
        """Who she is and what she said in her own words, sealed for her."""
        person = who.person
        said = {"name": person.name, "phone": person.phone, "email": person.email, **more}
        present = {name: value for name, value in said.items() if value not in (None, "")}
        return await self._vault.seal(who.key, present)

    def _hashed(self, phone: str | None, email: str | None) -> Sequence[str]:
        return tuple(map(self._vault.person_id, identifiers(phone, email)))


def unnumbered(reference: str, who: Recognised) -> str:
    """The id that another system gave a call or a fax, without the number it may be made of.

    Which call or fax it is, its identity says, that keeps nothing of it. A prefix such as `fax` is
    no announcement of a number.
    """
    for number in sorted(written_as(who.person.phone), key=len, reverse=True):
        reference = reference.replace(number, MARK)
    return "".join(redact(part, *who.names) for part in _PREFIXES.split(reference))
