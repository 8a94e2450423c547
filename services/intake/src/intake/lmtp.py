"""The mail doors: a mail server hands over what it accepted for us, by LMTP (RFC 2033) or SMTP."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from email.utils import format_datetime
from typing import AnyStr

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from aftercare_events.clock import Clock

from .mail.limits import KEPT_BYTES
from .mail.receive import Mailroom
from .opening import Said

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.lmtp")
ACTOR = "mail"
IDLE_SECONDS = 60.0
# What the server answers when the data was more than it takes.
TOO_LARGE = frozenset(
    {"552 Error: Too much mail data", "500 Line too long (see RFC5321 4.5.3.1.6)"}
)


class MailDoor:
    """Acknowledges a message when the log has it, and asks for it again when it has not."""

    def __init__(self, mailroom: Mailroom, clock: Clock) -> None:
        self._mailroom = mailroom
        self._clock = clock

    async def handle_DATA(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        said = Said(self._clock.now(), ACTOR, secrets.token_hex(12))
        try:
            arrived = await self._mailroom.receive(
                _content(envelope),
                said,
                (envelope.mail_from or "").strip("<>"),
                [recipient.strip("<>") for recipient in envelope.rcpt_tos],
            )
        except Exception as error:
            logger.warning("mail not taken", correlation_id=said.correlation_id, exc_info=error)
            return _answer(server, envelope, "451 4.3.0 Not taken, try again")
        said_so = f"250 2.0.0 {arrived.disposition} {arrived.case_id or '-'}"
        return _answer(server, envelope, said_so)

    async def handle_EHLO(  # noqa: N802 - the server's name for it
        self, server: SMTP, session: Session, envelope: Envelope, host: str, able: list[str]
    ) -> list[str]:
        """Without SIZE: a mail that a client keeps back for its size would be seen by nobody."""
        del server, envelope
        session.host_name = host
        return [line for line in able if not line.startswith("250-SIZE")]

    async def turn_away(self, server: SMTP, envelope: Envelope) -> str:
        """The answer to a mail of which only the envelope is left, once the log has it."""
        now = self._clock.now()
        said = Said(now, ACTOR, secrets.token_hex(12))
        sender = (envelope.mail_from or "").strip("<>")
        lines = [f"Return-Path: <{sender}>", f"Date: {format_datetime(now)}"]
        lines += [f"Delivered-To: {recipient.strip('<>')}" for recipient in envelope.rcpt_tos]
        beginning = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")
        try:
            await self._mailroom.turn_away(beginning, said, sender)
        except Exception as error:
            logger.warning("mail not noted", correlation_id=said.correlation_id, exc_info=error)
            return _answer(server, envelope, "451 4.3.0 Not taken, try again")
        return _answer(server, envelope, f"552 5.3.4 Larger than {KEPT_BYTES >> 20} MB")


class _Taking(SMTP):
    """Takes lines of any length, as HTTP does, and notes a mail that is too large to be kept."""

    line_length_limit = KEPT_BYTES

    async def push(self, status: AnyStr) -> None:
        if status in TOO_LARGE and self.envelope is not None:
            await super().push(await self.event_handler.turn_away(self, self.envelope))
        else:
            await super().push(status)


class LmtpDoor(_Taking, LMTP):
    """For the mail server of the house."""


class SmtpDoor(_Taking):
    """For whatever speaks no LMTP."""


@asynccontextmanager
async def listening(
    door: MailDoor, host: str, port: int, kind: type[SMTP] = LmtpDoor
) -> AsyncGenerator[int]:
    """Take mail for as long as the block lasts; yields the port (`port` 0 finds a free one)."""
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return kind(
            door,
            hostname="aftercare",
            ident="Aftercare",
            data_size_limit=KEPT_BYTES,
            enable_SMTPUTF8=True,
            timeout=IDLE_SECONDS,
            loop=loop,
        )

    server = await loop.create_server(protocol, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _content(envelope: Envelope) -> bytes:
    content = envelope.content
    return content if isinstance(content, bytes) else (content or "").encode()


def _answer(server: SMTP, envelope: Envelope, answer: str) -> str:
    """LMTP answers once for every recipient, and all of them are us."""
    if not isinstance(server, LMTP):
        return answer
    return "\r\n".join([answer] * max(1, len(envelope.rcpt_tos)))
