"""A way to a server that can be interrupted without either side being told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import make_url


class Link:
    """Passes bytes on until it is cut, and again once it is healed; nothing is ever closed."""

    def __init__(self, url: str) -> None:
        self._to = make_url(url)
        self._whole = asyncio.Event()
        self._whole.set()
        self._port = 0
        self.outgoing: set[int] = set()
        """The ports from which the server is spoken to."""

    @property
    def url(self) -> str:
        """The server's address by way of this link."""
        through = self._to.set(host="127.0.0.1", port=self._port)
        return through.render_as_string(hide_password=False)

    def cut(self) -> None:
        self._whole.clear()

    def heal(self) -> None:
        self._whole.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Link"]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self.heal()
            server.close()

    async def _connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, on = await asyncio.open_connection(self._to.host, self._to.port)
        self.outgoing.add(on.get_extra_info("sockname")[1])
        await asyncio.gather(self._pass(near, on), self._pass(far, back))

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                await self._whole.wait()
                to.write(data)
                await to.drain()
        to.close()
