"""Verifying who asked: the customer is looked up, the contact may be kept, the case goes on."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec

from aftercare_events.catalogue.archive import ContactRecorded
from aftercare_events.decider import ATTEMPTS
from aftercare_events.log import Conflict
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .archive import Archive
from .case_rows import Row, state_of
from .cases import Cases
from .contacts import Contact, kept_as, taken
from .domain.clerk import Verify, decide
from .domain.report import decide_attribution
from .lookup import Wanted, look_up
from .opening import Said
from .register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a clerk found out. `wanted` names whose case it is, where that was not known;
    `contact_id` keeps who asked as a contact of theirs from now on, None lets it pass once."""

    wanted: Wanted
    severity: str | None = None
    contact_id: str | None = None
    role: str | None = None
    reason: str | None = None


class Verifier:
    """Takes cases off the list of those that are held."""

    def __init__(
        self, cases: Cases, archive: Archive, register: Register, vault: Vault, fallback_policy: str
    ) -> None:
        self._cases = cases
        self._archive = archive
        self._register = register
        self._vault = vault
        self._fallback_policy = fallback_policy

    async def verify(self, case_id: str, wanted: Verification, said: Said) -> int:
        """The position after which the case is verified. Raises Refused, Conflict.

        The contact is kept first: should the rest fail, she is known, and the case still held.
        """

        async def command_for(row: Row) -> Verify:
            command = await self._command(row, wanted)
            decide(command, state_of(row))
            if wanted.contact_id is not None:
                whose = command.assigned.customer_id if command.assigned else row["customer_id"]
                await self._keep(wanted.contact_id, row, wanted, whose, said)
            return command

        return await self._cases.change_by(case_id, command_for, said)

    async def _command(self, row: Row, wanted: Verification) -> Verify:
        report, reported_at = row["report"], row["reported_at"]
        assigned, terms = None, await self._archive.terms(report["policy"])
        if wanted.wanted.customer_id is not None:
            found = await look_up(
                self._archive, wanted.wanted, (), reported_at, self._fallback_policy
            )
            terms = found.terms
            assigned = decide_attribution(
                row["case_id"],
                found,
                kind=row["kind"],
                channel=report["channel"],
                reported_at=reported_at,
            )
        return Verify(
            assigned=assigned,
            severity=wanted.severity,
            terms=terms,
            contact_id=wanted.contact_id,
            reason=wanted.reason,
        )

    async def _keep(
        self, contact_id: str, row: Row, wanted: Verification, customer_id: str, said: Said
    ) -> None:
        asked = await self._who_asked(row)
        for _ in range(ATTEMPTS):
            position, before = await self._register.contact(contact_id)
            contact = kept_as(asked, await self._known(before, customer_id))
            details, known_by = await self._register.sealed(
                contact_id, contact.name, contact.phones, contact.emails
            )
            entry = ContactRecorded(
                contact_id=contact_id,
                customer_id=customer_id,
                details=details,
                known_by=known_by,
                role=wanted.role or (before.role if before else None),
                language=before.language if before else "zh",
            )
            with suppress(Conflict):
                await self._register.record(entry, said, after=position)
                return
        raise Conflict(contact_id)

    async def _known(self, before: ContactRecorded | None, customer_id: str) -> Contact | None:
        """Raises Refused where the id is that of another customer's contact, or of one erased."""
        if before is None:
            return None
        details = await self._vault.open(before.details)
        if details is None or before.customer_id != customer_id:
            raise taken()
        return msgspec.convert(details, Contact)

    async def _who_asked(self, row: Row) -> dict[str, Any]:
        sealed = row["report"].get("contact")
        if sealed is None:
            return {}
        return await self._vault.open(msgspec.convert(sealed, Sealed)) or {}
