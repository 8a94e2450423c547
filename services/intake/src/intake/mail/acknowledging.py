"""Tells whoever opened a case its number and the promised times, once (ADR 17)."""

from datetime import timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import MailReceived
from aftercare_events.catalogue.mail import MailGivenUp, MailSent
from aftercare_events.catalogue.sla import CasePromised
from aftercare_events.clock import Clock
from aftercare_events.log import Expect, Log
from aftercare_events.sealing import Sealed
from aftercare_events.todo import Item
from aftercare_events.vault import Vault
from aftercare_http import Identity

from .. import tables
from ..cases import Cases
from ..opening import Said, first_of, subject_of
from ..people import Person
from ..sealing import Discretion
from ..status_link import StatusLinks
from .acknowledgement import Acknowledgement, compose, is_address, language_of
from .outbox import Outbox, Returned
from .thread import mail_id, mail_identity

ACTOR = "intake"
# Two programs that answer each other stop here.
MOST_PER_HOUR = 5
GIVE_UP_AFTER = timedelta(hours=4)

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.mail")


class Acknowledging:
    """The handler of the to-do list's acknowledgements; `domain` of the sender names the mails."""

    def __init__(
        self,
        log: Log,
        engine: AsyncEngine,
        cases: Cases,
        vault: Vault,
        discretion: Discretion,
        links: StatusLinks,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._log = log
        self._engine = engine
        self._cases = cases
        self._vault = vault
        self._discretion = discretion
        self._links = links
        self._outbox = outbox
        self._clock = clock

    async def acknowledge(self, item: Item) -> None:
        """Send it and record that; a crash in between sends the very same mail again.

        Raises NotTaken while the mail server does not take it, Conflict, LogUnavailable.
        """
        case_id, message_id = item.key, self._message_id(item.key)
        ours = mail_id(mail_identity(message_id, ""))
        row = await self._cases.row(case_id)
        if row is None or await first_of(self._log, "mail", ours) is not None:
            return
        contact = msgspec.convert(row["report"]["contact"], Sealed)
        person = await self._vault.open(contact)
        reason = await self._obstacle(item, contact.person, person)
        if person is None or reason is not None:
            await self._record(MailGivenUp(mail_id=ours, case_id=case_id, reason=reason or ""))
            return
        said = await self._said(row, message_id, person)
        try:
            await self._outbox.send(compose(said, self._outbox.sender, self._clock.now()))
        except Returned:
            await self._record(MailGivenUp(mail_id=ours, case_id=case_id, reason="refused"))
            return
        sent = MailSent(
            mail_id=ours, case_id=case_id, person_id=contact.person, promised=bool(said.times)
        )
        await self._record(sent)

    async def _obstacle(self, item: Item, key: str, person: dict[str, Any] | None) -> str | None:
        """Why nothing is sent, as a stable code."""
        if person is None:
            return "erased"
        if not is_address(str(person.get("email", ""))):
            return "no-address"
        if self._clock.now() > item.due_at + GIVE_UP_AFTER:
            return "expired"
        return "too-many" if await self._sent_lately(key) >= MOST_PER_HOUR else None

    async def _sent_lately(self, person: str) -> int:
        sent = tables.sent_mails
        since = self._clock.now() - timedelta(hours=1)
        statement = select(func.count()).where(sent.c.person_id == person, sent.c.sent_at > since)
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def _said(
        self, row: dict[str, Any], message_id: str, person: dict[str, Any]
    ) -> Acknowledgement:
        address = str(person["email"])
        who = await self._discretion.recognise(Person(reference=row["case_id"], email=address))
        written = f"{row['report']['summary']} {person.get('description', '')}"
        return Acknowledgement(
            case_id=row["case_id"],
            message_id=message_id,
            to=address,
            language=who.contacts[0].language if who.contacts else language_of(written),
            times=await self._promised(row["case_id"]),
            link=self._links.url(row["case_id"]),
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

    def _message_id(self, case_id: str) -> str:
        """The same for a case for ever, and nothing that can be guessed from its number."""
        secret = self._vault.person_id(f"acknowledgement:{case_id}")
        return f"{secret}@{self._outbox.sender.rpartition('@')[2]}"

    async def _record(self, fact: MailSent | MailGivenUp) -> None:
        said = Said(self._clock.now(), ACTOR, fact.case_id)
        expect = Expect(subject_of("mail", fact.mail_id), 0)
        position = await self._log.append([said.event(fact)], [expect])
        is_sent = isinstance(fact, MailSent)
        logger.info("acknowledged", case_id=fact.case_id, sent=is_sent, position=position)
