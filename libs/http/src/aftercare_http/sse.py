"""Server-sent events: a live stream that resumes without a gap and ends when it should."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .admission import lift_time_limit
from .problems import unavailable, unprocessable
from .state import HttpState, state

HEARTBEAT_S = 15.0
RETRY_MS = 1000
_HEARTBEAT = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """`id` is a log position; `data` is one line of JSON."""

    id: int
    event: str
    data: bytes

    def encode(self) -> bytes:
        lines = b"".join(b"data: " + line + b"\n" for line in self.data.split(b"\n"))
        head = f"id: {self.id}\nevent: {self.event}\nretry: {RETRY_MS}\n"
        return head.encode() + lines + b"\n"


def last_event_id(request: Request) -> int | None:
    """The position after which the reader wants to go on: header, or `?last_event_id=`.

    Raises Problem 422 for what is no position.
    """
    given = request.headers.get("last-event-id") or request.query_params.get("last_event_id")
    if given is None or given == "":
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise unprocessable("Last-Event-ID", "malformed", "must be a log position")
    return int(given)


def sse(
    request: Request, events: AsyncIterator[ServerEvent], *, heartbeat_s: float = HEARTBEAT_S
) -> Response:
    """Stream `events` until they end, the reader leaves, or the service shuts down.

    The next event is asked for only when the socket took the one before. Raises Problem 503 when
    too many streams are open.
    """
    here = state(request)
    if here.streams >= here.settings.max_streams:
        raise unavailable("too many open streams", slug="overloaded", retry_after_s=5)
    return _EventStream(events, here, heartbeat_s)


async def until_closing(request: Request, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """`chunks` until they end or the service shuts down, whichever comes first."""
    closing = asyncio.ensure_future(state(request).closing.wait())
    upcoming = asyncio.ensure_future(anext(chunks, None))
    try:
        while True:
            await asyncio.wait((upcoming, closing), return_when=asyncio.FIRST_COMPLETED)
            chunk = upcoming.result() if upcoming.done() else None
            if chunk is None:
                return
            yield chunk
            upcoming = asyncio.ensure_future(anext(chunks, None))
    finally:
        closing.cancel()
        upcoming.cancel()
        await asyncio.gather(closing, upcoming, return_exceptions=True)


class _EventStream(Response):
    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncIterator[ServerEvent], here: HttpState, heartbeat_s: float
    ) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._events = events
        self._here = here
        self._heartbeat_s = heartbeat_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lift_time_limit(scope)
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        self._here.streams += 1
        try:
            await send(start)
            await self._until_over(receive, send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._here.streams -= 1

    async def _until_over(self, receive: Receive, send: Send) -> None:
        """Whichever ends first ends the stream; the others are cancelled and awaited."""
        pumping = asyncio.create_task(self._pump(send))
        leaving = asyncio.create_task(_disconnected(receive))
        closing = asyncio.create_task(self._here.closing.wait())
        tasks = (pumping, leaving, closing)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if not pumping.cancelled():
            pumping.result()

    async def _pump(self, send: Send) -> None:
        # A comment, for some clients take a block without data for an event.
        await _write(send, _HEARTBEAT)
        upcoming = asyncio.ensure_future(anext(self._events, None))
        try:
            while True:
                done, _ = await asyncio.wait([upcoming], timeout=self._heartbeat_s)
                if not done:
                    await _write(send, _HEARTBEAT)
                    continue
                event = upcoming.result()
                if event is None:
                    return
                await _write(send, event.encode())
                upcoming = asyncio.ensure_future(anext(self._events, None))
        finally:
            upcoming.cancel()
            await asyncio.gather(upcoming, return_exceptions=True)


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
