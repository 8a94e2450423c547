"""A real IMAP server in this process, its mailbox kept in memory."""

import asyncio
import imaplib
from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

USER, PASSWORD = "service", "imap-password"


@dataclass(frozen=True, slots=True)
class ImapServer:
    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    async def put(self, *raws: bytes) -> None:
        """Let mails arrive in the mailbox."""
        await asyncio.to_thread(self._put, raws)

    async def count(self, condition: str = "ALL", folder: str = "INBOX") -> int:
        """How many messages of a folder answer an IMAP search."""
        return await asyncio.to_thread(self._count, condition, folder)

    def _put(self, raws: tuple[bytes, ...]) -> None:
        with self._client() as client:
            for raw in raws:
                assert client.append("INBOX", "", "", raw)[0] == "OK"

    def _count(self, condition: str, folder: str) -> int:
        with self._client() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return 0
            return len(client.search(None, condition)[1][0].split())

    def _client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        return client


@asynccontextmanager
async def imap_server() -> AsyncGenerator[ImapServer]:
    args = Namespace(
        debug=False,
        tls=False,
        insecure_login=True,
        reject_dirs=None,
        preauth=False,
        proxy_protocol=None,
        passlib_cfg=None,
        demo_data=False,
        demo_user=USER,
        demo_password=PASSWORD,
        host=None,
        port="0",
        cert=None,
        key=None,
    )
    backend, config = await DictBackend.init(args)
    connected = ProxyProtocolReader(config.proxy_protocol).get_callback(
        IMAPServer(backend.login, config)
    )
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield ImapServer(server.sockets[0].getsockname()[1])
