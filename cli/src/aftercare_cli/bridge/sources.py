"""Where records come from: a connection that is made again for ever, or a file that grows."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

import websockets

from . import asterisk_ami
from .asterisk_ari import Ari
from .moments import Exchange, Numbering

Record = dict[str, Any]
LOGIN_SECONDS = 10.0


class Refused(Exception):
    """The telephone system does not let us in."""


class Source(Protocol):
    """Says what ended since it was connected; raises OSError, Refused when that is over."""

    def records(self) -> AsyncIterator[Record]: ...


@dataclass(frozen=True, slots=True)
class Manager:
    """Asterisk's AMI: a line protocol over TCP."""

    host: str
    port: int
    user: str
    secret: str
    numbering: Numbering

    async def records(self) -> AsyncIterator[Record]:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        exchange = Exchange()
        try:
            await reader.readline()
            await self._log_in(reader, writer)
            while True:
                event = asterisk_ami.parse(await _packet(reader))
                moments = asterisk_ami.moments(event, datetime.now(UTC), self.numbering)
                for record in exchange.take(moments):
                    yield record
        finally:
            writer.close()

    async def _log_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fields = {
            "Action": "Login",
            "ActionID": "login",
            "Username": self.user,
            "Secret": self.secret,
            "Events": "call,agent",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"{lines}\r\n".encode())
        await writer.drain()
        async with asyncio.timeout(LOGIN_SECONDS):
            while (answer := asterisk_ami.parse(await _packet(reader))).get("ActionID") != "login":
                pass
        if answer.get("Response") != "Success":
            raise Refused(answer.get("Message", "the login was refused"))


async def _packet(reader: asyncio.StreamReader) -> str:
    """Up to the empty line. Raises ConnectionError when the connection ends."""
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ConnectionError("the connection ended") from error


@dataclass(frozen=True, slots=True)
class Rest:
    """Asterisk's ARI: JSON over a WebSocket. The application hears of all channels."""

    url: str
    application: str
    user: str
    secret: str
    numbering: Numbering

    async def records(self) -> AsyncIterator[Record]:
        exchange, ari = Exchange(), Ari(self.numbering)
        address = f"{self.url}?{urlencode({'app': self.application, 'subscribeAll': 'true'})}"
        key = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        try:
            async with websockets.connect(
                address, additional_headers={"Authorization": f"Basic {key}"}
            ) as socket:
                async for message in socket:
                    moments = ari.moments(json.loads(message), datetime.now(UTC))
                    for record in exchange.take(moments):
                        yield record
        except websockets.InvalidStatus as error:
            raise Refused(f"the answer is {error.response.status_code}") from error
        except websockets.WebSocketException as error:
            raise ConnectionError("the connection ended") from error
        raise ConnectionError("the connection ended")
