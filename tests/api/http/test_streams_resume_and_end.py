"""Streams need a socket: the in-process client hears an answer only when it is complete."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message

from aftercare_http.state import state_of
from support.toy_service import toy

HEADERS = [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer reader-key-1")]


class Stream:
    """One request to the stream, message by message."""

    def __init__(self, app: FastAPI, *, query: bytes = b"", headers: Any = ()) -> None:
        self.messages: list[Message] = []
        self.left = asyncio.Event()
        self._heard = asyncio.Condition()
        self._app = app
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/stream",
            "raw_path": b"/v1/stream",
            "query_string": query,
            "root_path": "",
            "scheme": "http",
            "headers": [*HEADERS, *headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "state": {},
        }

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    async def _receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        async with self._heard:
            self.messages.append(message)
            self._heard.notify_all()

    async def until_over(self) -> None:
        async with asyncio.timeout(5):
            await self._app(self._scope, self._receive, self._send)

    async def until(self, text: str) -> None:
        async with asyncio.timeout(5), self._heard:
            await self._heard.wait_for(lambda: text in self.text)


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    app = toy(request_timeout_s=0.3, max_streams=2, max_in_flight=2)
    async with app.router.lifespan_context(app):
        yield app


async def test_events_arrive_with_their_positions_and_heartbeats(app: FastAPI) -> None:
    stream = Stream(app)
    running = asyncio.create_task(stream.until_over())
    await stream.until("\n\n: still here")
    assert stream.text.startswith(": still here\n\n")
    assert 'id: 1\nevent: alert\nretry: 1000\ndata: {"n":1}\n\n' in stream.text
    headers = dict(stream.messages[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-length" not in headers

    stream.left.set()
    await running
    assert state_of(app).streams == 0


@pytest.mark.parametrize(
    ("query", "headers"),
    [(b"last_event_id=41", ()), (b"", [(b"last-event-id", b"41")])],
)
async def test_a_reader_resumes_after_what_it_saw(app: FastAPI, query: bytes, headers: Any) -> None:
    stream = Stream(app, query=query, headers=headers)
    running = asyncio.create_task(stream.until_over())
    await stream.until("id: 44")
    assert "id: 42\n" in stream.text
    assert "id: 41\n" not in stream.text
    stream.left.set()
    await running


@pytest.mark.parametrize("given", [b"x", b"-1", b"1.5", "½".encode("latin-1"), b"9" * 19])
async def test_a_place_that_is_none_is_refused(app: FastAPI, given: bytes) -> None:
    stream = Stream(app, headers=[(b"last-event-id", given)])
    await stream.until_over()
    assert stream.status == 422


async def test_a_stream_outlives_the_time_limit_and_ends_with_the_service(app: FastAPI) -> None:
    stream = Stream(app)
    running = asyncio.create_task(stream.until_over())
    await asyncio.sleep(0.5)
    assert not running.done()

    state_of(app).closing.set()
    await running
    assert stream.messages[-1].get("more_body", False) is False


async def test_too_many_streams_are_refused_and_take_no_place_of_requests(app: FastAPI) -> None:
    streams = [Stream(app) for _ in range(2)]
    running = [asyncio.create_task(stream.until_over()) for stream in streams]
    for stream in streams:
        await stream.until("id: 3")
    refused = Stream(app)
    await refused.until_over()
    assert refused.status == 503
    assert b"retry-after" in dict(refused.messages[0]["headers"])

    for stream in streams:
        stream.left.set()
    await asyncio.gather(*running)
