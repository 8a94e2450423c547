"""The connection to NATS: nats-py with a short way for the two hot paths of the log.

nats-py parses every header and hands every message through a queue to a task. Acknowledgements
of appends and the messages of a reader need neither, so for the subjects given to `listen` the
parser calls a function at once. Everything else is nats-py's own. Written against nats-py 2.16;
the contract suite would show a change of the members used here.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError
from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

from ..log import LogUnavailable
from ..racing import heeding_cancellation

# Called with (subject, reply, headers, payload) while the socket is read: it must not fail.
Listener = Callable[[bytes, bytes, bytes, bytes], None]

_logger = structlog.get_logger(__name__)


class LeanClient(Client):
    """A nats-py client with listeners, direct writes, and no end to reconnecting."""

    def __init__(self, on_reconnect: Callable[[], None]) -> None:
        super().__init__()
        self._on_reconnect = on_reconnect
        self.listeners: dict[int, Listener] = {}
        self._ps = LeanParser(self)

    async def open(self, url: str, *, name: str, patience: float) -> None:
        """Connect, and stay so for ever.

        Raises LogUnavailable when no server answers within `patience` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                await self.connect(
                    url,
                    name=name,
                    error_cb=self._erred,
                    disconnected_cb=self._disconnected,
                    reconnected_cb=self._reconnected,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    ping_interval=1,
                    max_outstanding_pings=2,
                )
        except TimeoutError as error:
            raise LogUnavailable(f"no NATS server at {url} within {patience} s") from error

    async def listen(self, subject: str, listener: Listener) -> int:
        """Subscribe; the subscription outlives reconnects and ends with `unlisten`."""
        subscription = await self.subscribe(subject)
        sid = subscription._id  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self.listeners[sid] = listener
        return sid

    def unlisten(self, sid: int) -> None:
        if self.listeners.pop(sid, None) is not None and self._subs.pop(sid, None) is not None:
            self.write(f"UNSUB {sid}\r\n".encode())

    def write(self, data: bytes) -> bool:
        """Hand protocol bytes to the socket at once; False without a connection."""
        if self._status != Client.CONNECTED or self._transport is None:
            return False
        try:
            self._transport.write(data)
        except RuntimeError:
            return False
        return True

    async def request(self, *args: Any, **options: Any) -> Msg:
        """Ends when it is told to, which nats-py's own does not always do."""
        return await heeding_cancellation(super().request(*args, **options))

    async def _flush_pending(self, force_flush: bool = False) -> Any:
        """Raises ConnectionClosedError.

        A killed server closes the socket before nats-py knows of it; uvloop says so by a
        RuntimeError, which nobody would take for a lost connection.
        """
        try:
            return await super()._flush_pending(force_flush)
        except RuntimeError as error:
            raise ConnectionClosedError from error

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        listener = self.listeners.get(sid)
        if listener is None:
            await super()._process_msg(sid, subject, reply, data, headers)
        else:
            listener(subject, reply, headers or b"", data)

    async def _erred(self, error: Exception) -> None:
        # Each attempt to reconnect fails anew; that the connection is gone was said once.
        if self.is_connected or not isinstance(error, OSError):
            _logger.warning("nats_error", error=str(error) or type(error).__name__)

    async def _disconnected(self) -> None:
        if not self.is_closed:
            _logger.warning("nats_disconnected")

    async def _reconnected(self) -> None:
        _logger.info("nats_reconnected")
        self._on_reconnect()


class LeanParser(Parser):
    """Hands whole messages to listeners; whatever else arrives goes to nats-py's parser."""

    def __init__(self, client: LeanClient) -> None:
        super().__init__(client)
        self._listeners = client.listeners

    async def parse(self, data: bytes = b"") -> None:
        if self.state == AWAITING_CONTROL_LINE:
            data = bytes(self.buf) + data if self.buf else data
            done, foreign = self._dispatch(data)
            self.buf = bytearray(data[done:])
            data = b""
            if not foreign:
                return
        await super().parse(data)

    def _dispatch(self, data: bytes) -> tuple[int, bool]:
        """Bytes used up, and whether what follows is not for a listener."""
        start, size = 0, len(data)
        while (end := data.find(b"\r\n", start)) >= 0:
            line = data[start:end].split()
            headed = line[0] == b"HMSG"
            if not headed and line[0] != b"MSG":
                return start, True
            listener = self._listeners.get(int(line[2]))
            if listener is None:
                return start, True
            body, stop = end + 2, end + 2 + int(line[-1])
            if stop + 2 > size:
                break
            split = body + int(line[-2]) if headed else body
            reply = line[3] if len(line) == 5 + headed else b""
            listener(line[1], reply, data[body:split], data[split:stop])
            start = stop + 2
        return start, False
