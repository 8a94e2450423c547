"""Fetches mail from an IMAP mailbox, for a company whose mail server does not deliver to us."""

import asyncio
import secrets
from datetime import datetime
from imaplib import IMAP4
from typing import Protocol

import structlog
from imap_tools import BaseMailBox, ImapToolsError

from aftercare_events.clock import Clock
from aftercare_events.log import LogUnavailable

from ..arrivals import Arrived
from ..opening import Said
from .mailbox import Mailbox

ACTOR = "mail"
PASSING = (OSError, IMAP4.error, ImapToolsError, LogUnavailable)

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.mail")


class Receiving(Protocol):
    """A mailroom."""

    async def receive(self, raw: bytes, said: Said) -> Arrived: ...


class Polling:
    """Looks every `interval` seconds, each time over a connection of its own."""

    def __init__(
        self, mailbox: Mailbox, mailroom: Receiving, clock: Clock, interval: float
    ) -> None:
        self._mailbox = mailbox
        self._mailroom = mailroom
        self._clock = clock
        self._interval = interval
        self._looked_at: datetime = clock.now()

    def lag(self) -> float:
        """Seconds by which the last look that went well is overdue."""
        since = (self._clock.now() - self._looked_at).total_seconds()
        return max(0.0, since - self._interval)

    async def run(self) -> None:
        """Look for ever, whatever happens to the server."""
        while True:
            try:
                await self.look()
            except PASSING as error:
                logger.warning("mailbox cannot be read", error=type(error).__name__)
            await self._clock.sleep(self._interval)

    async def look(self) -> int:
        """Take what waits; how many messages that was. Raises one of PASSING."""
        box = await asyncio.to_thread(self._mailbox.open)
        try:
            waiting = await asyncio.to_thread(self._mailbox.waiting, box)
            taken = sum([await self._take(box, uid) for uid in waiting])
        finally:
            await asyncio.to_thread(_close, box)
        self._looked_at = self._clock.now()
        return taken

    async def _take(self, box: BaseMailBox, uid: str) -> bool:
        """One message, marked after the log has it: after a crash it is the same mail again."""
        raw = await asyncio.to_thread(self._mailbox.raw, box, uid)
        if raw is None:
            return False
        said = Said(self._clock.now(), ACTOR, secrets.token_hex(12))
        try:
            await self._mailroom.receive(raw, said)
        except LogUnavailable:
            raise
        except Exception as error:
            logger.warning("mail not taken", correlation_id=said.correlation_id, exc_info=error)
            return False
        await asyncio.to_thread(self._mailbox.taken, box, uid)
        return True


def _close(box: BaseMailBox) -> None:
    try:
        box.logout()
    except PASSING:
        box.client.shutdown()
