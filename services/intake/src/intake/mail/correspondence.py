"""Mail from us to whoever opened a case: each once, few an hour, on record either way (ADR 17)."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.mail import MailGivenUp, MailSent
from aftercare_events.clock import Clock
from aftercare_events.log import Expect, Log
from aftercare_events.todo import Item
from aftercare_events.vault import Vault
from aftercare_http.i18n import Language

from .. import tables
from ..opening import Said, first_of, subject_of
from ..people import Person
from ..sealing import Discretion
from .message import is_address, language_of
from .outbox import Outbox, Returned
from .thread import mail_id, mail_identity

ACTOR = "intake"
# Two programs that answer each other stop here.
MOST_PER_HOUR = 5
GIVE_UP_AFTER = timedelta(hours=4)

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.mail")


class Correspondence:
    """What acknowledgements and notices share; `domain` of the sender names the mails."""

    def __init__(
        self,
        log: Log,
        engine: AsyncEngine,
        vault: Vault,
        discretion: Discretion,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._log = log
        self._engine = engine
        self._vault = vault
        self._discretion = discretion
        self._outbox = outbox
        self._clock = clock

    @property
    def sender(self) -> str:
        return self._outbox.sender

    def now(self) -> datetime:
        return self._clock.now()

    def message_id(self, purpose: str) -> str:
        """The same for a purpose for ever, and nothing that can be guessed from it."""
        secret = self._vault.person_id(purpose)
        return f"{secret}@{self.sender.rpartition('@')[2]}"

    async def is_settled(self, ours: str) -> bool:
        """Whether a mail of this id was sent, or given up."""
        return await first_of(self._log, "mail", ours) is not None

    async def obstacle(self, item: Item, key: str, person: dict[str, Any] | None) -> str | None:
        """Why nothing is sent to the person of this key, as a stable code."""
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

    async def language_for(self, case_id: str, address: str, written: str) -> Language:
        """What her entry says she reads, else what she writes."""
        who = await self._discretion.recognise(Person(reference=case_id, email=address))
        return who.contacts[0].language if who.contacts else language_of(written)

    async def send(self, message: EmailMessage, sent: MailSent) -> None:
        """Send it and record that; a crash in between sends the very same mail again.

        Raises NotTaken while the mail server does not take it, Conflict, LogUnavailable.
        """
        try:
            await self._outbox.send(message)
        except Returned:
            await self.give_up(sent.mail_id, sent.case_id, "refused", sent.notice_id)
            return
        await self._record(sent)

    async def give_up(
        self, ours: str, case_id: str, reason: str, notice_id: str | None = None
    ) -> None:
        """Raises Conflict, LogUnavailable."""
        await self._record(
            MailGivenUp(mail_id=ours, case_id=case_id, notice_id=notice_id, reason=reason)
        )

    async def _record(self, fact: MailSent | MailGivenUp) -> None:
        said = Said(self._clock.now(), ACTOR, fact.case_id)
        expect = Expect(subject_of("mail", fact.mail_id), 0)
        position = await self._log.append([said.event(fact)], [expect])
        is_sent = isinstance(fact, MailSent)
        logger.info("mail_settled", case_id=fact.case_id, sent=is_sent, position=position)


def own_mail_id(message_id: str) -> str:
    """The id in the log of a mail that we send."""
    return mail_id(mail_identity(message_id, ""))
