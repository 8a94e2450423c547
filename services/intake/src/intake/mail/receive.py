"""One mail, from raw bytes to the log: the same for HTTP and LMTP."""

import asyncio
import dataclasses
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

import structlog
from msgspec.structs import replace

from aftercare_events.attachments import Attachment, Attachments
from aftercare_events.catalogue.case import CaseReported, Kind
from aftercare_events.catalogue.intake import Disposition, MailReceived
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Conflict, Expect, Log
from aftercare_http import Identity

from ..arrivals import Arrived, answer_again
from ..cases import Cases
from ..domain.case import AddMessage, decide
from ..domain.case_state import CaseState
from ..domain.classify import kind_of
from ..fax.by_mail import Gateways
from ..fax.receive import FaxRoom
from ..lookup import Wanted
from ..opening import Said, first_of, open_case, subject_of
from ..people import Person, email_identifier
from ..requests import Door, Request
from ..sealing import Discretion, Recognised
from ..workshop import WorkFailed, Workshop
from .limits import KEPT_BYTES, LimitBroken
from .parse import MAIL, Mail, read
from .text import clean
from .thread import case_of, mail_id, mail_identity, says_the_same, second_identity

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.mail")
SUMMARY_LENGTH = 200
# The second look finds what was faster, the third another mail under the same id.
LOOKS = 3
TURNED_AWAY = f"larger than {KEPT_BYTES >> 20} MB, refused: only its beginning is here"
UNREAD = Mail(
    message_id=None,
    sender="",
    sender_name="",
    subject="",
    text="",
    references=(),
    attachments=(),
    fingerprint="",
    automatic=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail on the table: what it says, who sent it, and where its bytes lie."""

    identity: Identity
    who: Recognised
    original: str
    mail: Mail
    quarantined: str | None = None


class Mailroom:
    """Keeps every mail whole; makes it a case, a message of one, or a note of why neither."""

    def __init__(
        self,
        log: Log,
        door: Door,
        cases: Cases,
        discretion: Discretion,
        attachments: Attachments,
        workshop: Workshop,
        faxroom: FaxRoom,
        gateways: Gateways,
    ) -> None:
        self._log = log
        self._door = door
        self._cases = cases
        self._discretion = discretion
        self._attachments = attachments
        self._workshop = workshop
        self._faxroom = faxroom
        self._gateways = gateways

    async def receive(
        self,
        raw: bytes,
        said: Said,
        envelope_sender: str | None = None,
        envelope_recipients: Sequence[str] = (),
    ) -> Arrived:
        """Answers only when the log has it. Raises LogUnavailable."""
        mail, broken = await self._opened(raw, envelope_sender)
        if (fax := self._gateways.fax_in(mail)) is not None:
            return await self._faxroom.receive(fax.content, fax.sender, fax.job_id, said)
        envelope = tuple(clean(recipient) for recipient in envelope_recipients)
        mail = self._gateways.as_of_a_person(mail)
        mail = dataclasses.replace(mail, recipients=envelope + mail.recipients)
        for _ in range(LOOKS):
            identity, first = await self._identified(mail, raw)
            if first is not None:
                return await answer_again(self._log, first)
            letter = await self._letter(raw, mail, broken, identity)
            with suppress(Conflict):
                return _logged(await self._keep(letter, said))
        raise Conflict(f"others were faster {LOOKS} times")

    async def turn_away(self, beginning: bytes, said: Said, sender: str = "") -> Arrived:
        """A mail larger than what is kept: whoever sends it is told, and a clerk sees that it came
        (R6). `beginning` is what there is of it. Raises LogUnavailable."""
        identity = mail_identity(sha256(beginning).hexdigest(), UNREAD.fingerprint)
        if (first := await first_of(self._log, "mail", mail_id(identity))) is not None:
            return await answer_again(self._log, first)
        mail = dataclasses.replace(UNREAD, sender=clean(sender.lower()))
        letter = await self._letter(beginning, mail, TURNED_AWAY, identity)
        return _logged(await self._keep(letter, said))

    async def _identified(self, mail: Mail, raw: bytes) -> tuple[Identity, Recorded | None]:
        """Which mail this is, and what the log has of it if it came before.

        Programs that give out a Message-ID twice, or want a mail to be swallowed, are no excuse.
        """
        if mail.message_id is None:
            digest = await asyncio.to_thread(lambda: sha256(raw).hexdigest())
            identity = mail_identity(digest, mail.fingerprint)
            return identity, await first_of(self._log, "mail", mail_id(identity))
        identity = mail_identity(mail.message_id, mail.fingerprint)
        first = await first_of(self._log, "mail", mail_id(identity))
        if first is None or says_the_same(first, identity):
            return identity, first
        identity = second_identity(mail.message_id, mail.fingerprint)
        return identity, await first_of(self._log, "mail", mail_id(identity))

    async def _opened(self, raw: bytes, envelope_sender: str | None) -> tuple[Mail, str | None]:
        """The mail, or an empty one and why it could not be opened."""
        try:
            return await self._workshop.run(read, raw, envelope_sender), None
        except (LimitBroken, WorkFailed) as error:
            return UNREAD, str(error)
        except Exception as error:  # noqa: BLE001 - hostile bytes find every defect of a parser
            return UNREAD, f"unreadable: {type(error).__name__}"

    async def _letter(
        self, raw: bytes, mail: Mail, broken: str | None, identity: Identity
    ) -> Letter:
        person = Person(name=mail.sender_name, email=mail.sender, reference=identity.identity)
        who = await self._discretion.recognise(person)
        original = await self._attachments.put(who.key, Attachment("message.eml", MAIL, raw))
        return Letter(
            identity=identity,
            who=who,
            original=original,
            mail=mail,
            quarantined=broken,
        )

    async def _keep(self, letter: Letter, said: Said) -> Arrived:
        if reason := letter.quarantined:
            return await self._note(letter, said, "quarantined", reason)
        if reason := letter.mail.automatic:
            return await self._note(letter, said, "automatic", reason)
        mail = letter.mail
        thread = (*filter(None, [mail.message_id]), *mail.references)
        case_id = await case_of(self._log, thread, mail.subject, letter.who)
        if case_id is None:
            return await self._open(letter, said)
        case = await self._cases.goes_on_as(case_id)
        if case.ended is None:
            return await self._join(letter, said, case)
        return await self._open(letter, said, arises_from=case.case_id)

    async def _note(
        self, letter: Letter, said: Said, disposition: Disposition, reason: str
    ) -> Arrived:
        received = await self._received(letter, said, disposition, reason)
        position = await self._log.append([said.event(received)], [_first_time(received)])
        return Arrived(position, disposition, duplicate=False, reason=reason)

    async def _join(self, letter: Letter, said: Said, case: CaseState) -> Arrived:
        mail = letter.mail
        message = AddMessage(
            channel="email",
            identity=letter.identity.identity,
            text=await self._discretion.seal(letter.who, subject=mail.subject, text=mail.text),
            attachments=await self._files(letter),
        )
        added = [said.event(data) for data in decide(message, case)]
        received = replace(await self._received(letter, said, "joined"), case_id=case.case_id)
        position = await self._log.append([*added, said.event(received)], [_first_time(received)])
        return Arrived(position, "joined", duplicate=False, case_id=case.case_id)

    async def _open(self, letter: Letter, said: Said, arises_from: str | None = None) -> Arrived:
        mail = letter.mail
        request = Request(
            channel="email",
            kind=await self._kind(mail),
            summary=mail.subject[:SUMMARY_LENGTH] or "E-mail without a subject",
            description=mail.text,
            who=letter.who,
            reported_at=said.time,
            wanted=Wanted(strict=False),
            attachments=await self._files(letter),
            arises_from=arises_from,
        )
        report = await self._door.prepare(request, letter.identity)
        received = await self._received(letter, said, "opened")

        def beside(reported: CaseReported) -> list[tuple[Event, Expect]]:
            about = replace(received, case_id=reported.case_id)
            return [(said.event(about), _first_time(about))]

        opened = await open_case(self._log, letter.identity, report, said, beside)
        case_id = opened.reported.case_id
        return Arrived(opened.position, "opened", opened.duplicate, case_id=case_id)

    async def _kind(self, mail: Mail) -> Kind:
        """That of the line it was written to (IN-12), else of its subject."""
        reached = [email_identifier(recipient) for recipient in mail.recipients]
        return await self._door.kind_by_line(reached) or kind_of(mail.subject)

    async def _files(self, letter: Letter) -> tuple[str, ...]:
        """The attachments, and last the message itself as it came."""
        kept = [
            await self._attachments.put(letter.who.key, attachment)
            for attachment in letter.mail.attachments
        ]
        return (*kept, letter.original)

    async def _received(
        self, letter: Letter, said: Said, disposition: Disposition, reason: str | None = None
    ) -> MailReceived:
        return MailReceived(
            mail_id=mail_id(letter.identity),
            body_digest=letter.identity.body_digest,
            customer_id=letter.who.customer_id,
            received_at=said.time,
            original=letter.original,
            disposition=disposition,
            reason=reason,
            unanswered=letter.mail.unanswered,
            sender=await self._discretion.seal(letter.who, message_id=letter.mail.message_id),
        )


def _logged(arrived: Arrived) -> Arrived:
    logger.info(
        "mail received",
        case_id=arrived.case_id,
        position=arrived.position,
        disposition=arrived.disposition,
        reason=arrived.reason,
    )
    return arrived


def _first_time(received: MailReceived) -> Expect:
    return Expect(subject_of("mail", received.mail_id), 0)
