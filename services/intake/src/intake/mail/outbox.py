"""Handing mail to the mail server that sends it for us (SMTP)."""

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

TIMEOUT_SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}
_PERMANENT = 500


class Returned(Exception):
    """The server will never take this mail: trying again is of no use."""


class NotTaken(Exception):
    """The server cannot be reached or does not take it now. Names no address."""


class Outbox:
    """`url`: `smtp://user:password@host:port` (STARTTLS where offered) or `smtps://…`."""

    def __init__(self, url: str, sender: str) -> None:
        self._server = urlsplit(url)
        self.sender = sender

    async def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken it. Raises Returned, NotTaken."""
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.hostname,
            port=server.port or PORTS[server.scheme],
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            timeout=TIMEOUT_SECONDS,
        )
        try:
            async with client:
                await client.send_message(message, sender=self.sender)
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(one.code >= _PERMANENT for one in error.recipients):
                raise Returned from error
            raise NotTaken("recipient refused for now") from error
        except aiosmtplib.SMTPDataError as error:
            if error.code >= _PERMANENT:
                raise Returned from error
            raise NotTaken(f"refused for now ({error.code})") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotTaken(type(error).__name__) from None
