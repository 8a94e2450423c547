"""Sends whoever opened a case what all customers concerned are told, to one person once (DP-17)."""

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.mail import MailSent
from aftercare_events.sealing import Sealed
from aftercare_events.todo import Item, finish
from aftercare_events.vault import Vault
from aftercare_http.i18n import translate

from .. import tables
from ..cases import Cases
from ..status_link import StatusLinks
from .correspondence import Correspondence, own_mail_id
from .message import WORDS, Letter, put_in_form


class Notifying:
    """The handler of the to-do list's notices."""

    def __init__(
        self,
        engine: AsyncEngine,
        cases: Cases,
        vault: Vault,
        links: StatusLinks,
        letters: Correspondence,
    ) -> None:
        self._engine = engine
        self._cases = cases
        self._vault = vault
        self._links = links
        self._letters = letters

    async def notify(self, item: Item) -> None:
        """Raises NotTaken while the mail server does not take it, Conflict, LogUnavailable."""
        case_id, notice_id = item.payload["case_id"], item.payload["notice_id"]
        row, notice = await self._cases.row(case_id), await self._notice(case_id, notice_id)
        if row is None or notice is None:
            return
        contact = msgspec.convert(row["report"]["contact"], Sealed)
        message_id = self._letters.message_id(f"notice:{item.key}")
        ours = own_mail_id(message_id)
        if not await self._letters.is_settled(ours):
            person = await self._vault.open(contact)
            reason = await self._letters.obstacle(item, contact.person, person)
            if person is None or reason is not None:
                await self._letters.give_up(ours, case_id, reason or "", notice_id)
            else:
                await self._send(row, notice, message_id, contact.person, str(person["email"]))
        await finish(self._engine, tables.infra, item, now=self._letters.now())

    async def _send(
        self, row: dict[str, Any], notice: Any, message_id: str, person_id: str, address: str
    ) -> None:
        case_id = row["case_id"]
        language = await self._letters.language_for(case_id, address, row["report"]["summary"])
        words = WORDS[language]
        letter = Letter(
            message_id=message_id,
            to=address,
            language=language,
            subject=translate(words, "notice.subject", {"case": case_id}),
            paragraphs=[
                words["acknowledgement.greeting"],
                notice[language],
                translate(words, "acknowledgement.follow", {"link": self._links.url(case_id)}),
                words["acknowledgement.more"],
                words["acknowledgement.automatic"],
            ],
            submitted="auto-generated",
        )
        sent = MailSent(
            mail_id=own_mail_id(message_id),
            case_id=case_id,
            person_id=person_id,
            notice_id=notice["notice_id"],
        )
        message = put_in_form(letter, self._letters.sender, self._letters.now())
        await self._letters.send(message, sent)

    async def _notice(self, case_id: str, notice_id: str) -> Any:
        table = tables.notices
        query = select(table).where(table.c.case_id == case_id, table.c.notice_id == notice_id)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).mappings().one_or_none()
