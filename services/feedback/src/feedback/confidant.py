"""Sealing what customers say in their own words, and opening whom to call."""

from typing import Any

from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .domain.case import Case


class Confidant:
    """Keeps a customer's words under the key of the person who was the contact of the case."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def seal(self, case_id: str, case: Case, words: str) -> Sealed:
        """For the contact of the case; a case without one has a person of its own."""
        person = case.contact.person if case.contact else self._vault.person_id(f"case:{case_id}")
        return await self._vault.seal(person, {"text": words})

    async def words(self, sealed: Sealed | None) -> str | None:
        """None for nothing said, and after the person's data was erased."""
        return (await self.open(sealed)).get("text")

    async def open(self, sealed: Sealed | None) -> dict[str, Any]:
        """Empty for nothing sealed, and after the person's data was erased."""
        return (await self._vault.open(sealed) if sealed else None) or {}

    async def name_in(self, case: Case) -> str | None:
        """What the contact of the case is called, as long as we may know."""
        return await self._vault.name_in(case.contact)

    async def seal_name(self, staff_id: str, name: str | None) -> Sealed | None:
        if name is None:
            return None
        return await self._vault.seal(self._vault.person_id(f"staff:{staff_id}"), {"name": name})
