"""Tells whoever opened a case its number and the promised times, once (ADR 17)."""

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import MailReceived
from aftercare_events.catalogue.mail import MailSent
from aftercare_events.catalogue.sla import CasePromised
from aftercare_events.log import Log
from aftercare_events.sealing import Sealed
from aftercare_events.todo import Item
from aftercare_events.vault import Vault
from aftercare_http import Identity

from .. import tables
from ..cases import Cases
from ..opening import first_of
from ..status_link import StatusLinks
from .acknowledgement import Acknowledgement, compose
from .correspondence import Correspondence, own_mail_id
from .thread import mail_id


class Acknowledging:
    """The handler of the to-do list's acknowledgements."""

    def __init__(
        self,
        log: Log,
        engine: AsyncEngine,
        cases: Cases,
        vault: Vault,
        links: StatusLinks,
        letters: Correspondence,
    ) -> None:
        self._log = log
        self._engine = engine
        self._cases = cases
        self._vault = vault
        self._links = links
        self._letters = letters

    async def acknowledge(self, item: Item) -> None:
        """Raises NotTaken while the mail server does not take it, Conflict, LogUnavailable."""
        case_id = item.key
        message_id = self._letters.message_id(f"acknowledgement:{case_id}")
        ours = own_mail_id(message_id)
        row = await self._cases.row(case_id)
        if row is None or await self._letters.is_settled(ours):
            return
        contact = msgspec.convert(row["report"]["contact"], Sealed)
        person = await self._vault.open(contact)
        reason = await self._letters.obstacle(item, contact.person, person)
        if person is None or reason is not None:
            await self._letters.give_up(ours, case_id, reason or "")
            return
        said = await self._said(row, message_id, person)
        sent = MailSent(
            mail_id=ours, case_id=case_id, person_id=contact.person, promised=bool(said.times)
        )
        message = compose(said, self._letters.sender, self._letters.now())
        await self._letters.send(message, sent)

    async def _said(
        self, row: dict[str, Any], message_id: str, person: dict[str, Any]
    ) -> Acknowledgement:
        case_id, address = row["case_id"], str(person["email"])
        written = f"{row['report']['summary']} {person.get('description', '')}"
        return Acknowledgement(
            case_id=case_id,
            message_id=message_id,
            to=address,
            language=await self._letters.language_for(case_id, address, written),
            times=await self._promised(case_id),
            link=self._links.url(case_id),
            answers=await self._opening_mail(row["report"]["identity"]),
        )

    async def _promised(self, case_id: str) -> Any:
        table = tables.promises
        statement = select(table.c.entry).where(table.c.case_id == case_id)
        async with self._engine.connect() as connection:
            entry: Any = (await connection.execute(statement)).scalar_one_or_none()
        return msgspec.convert(entry, CasePromised).promised if entry else ()

    async def _opening_mail(self, identity: str) -> str | None:
        """The Message-ID of the mail that opened the case, which has the mail's identity."""
        first = await first_of(self._log, "mail", mail_id(Identity(identity, "")))
        received: Any = first and catalogue.decode(first.event)
        if not isinstance(received, MailReceived) or received.sender is None:
            return None
        return (await self._vault.open(received.sender) or {}).get("message_id")
