"""A mail server that takes what is sent, or answers what a test wants."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(slots=True)
class MailServer:
    """`mails` came with `recipients`; `answer` is what the next one is told."""

    port: int = 0
    answer: str = "250 OK"
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[str] = field(default_factory=list[str])
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the server's name for it
        del server, session
        self.asked.set()
        if self.answer.startswith("250"):
            content = cast("bytes", envelope.content)
            self.mails.append(message_from_bytes(content, policy=default))
            self.recipients += envelope.rcpt_tos
        return self.answer


@asynccontextmanager
async def mail_server() -> AsyncGenerator[MailServer]:
    taking = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taking, loop=loop), "127.0.0.1", 0)
    taking.port = server.sockets[0].getsockname()[1]
    try:
        yield taking
    finally:
        server.close()
