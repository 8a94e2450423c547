"""An open request at the end of the log would have every event delivered by itself (ADR 22)."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from aftercare_events.jetstream import pull as pulling
from aftercare_events.jetstream.pull import BATCH, Pull


class Server:
    """Takes down what is asked for, and delivers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.deliver: Callable[[bytes, bytes, bytes, bytes], None]

    def new_inbox(self) -> str:
        return "_INBOX.1"

    async def listen(self, _inbox: str, listener: Any) -> int:
        self.deliver = listener
        return 1

    def write(self, data: bytes) -> bool:
        self.asked.append(json.loads(data.splitlines()[1])["batch"])
        return True

    def send(self, first: int, count: int, left: int) -> None:
        """`left` is what there is behind the last of them."""
        for number in range(first, first + count):
            pending = left + first + count - 1 - number
            self.deliver(b"", b"$JS.ACK.S.c.1.%d.%d.0.%d" % (number, number, pending), b"", b"{}")


async def reader(monkeypatch: pytest.MonkeyPatch, there: int) -> tuple[Server, Pull]:
    async def created(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(num_pending=there)

    monkeypatch.setattr(pulling, "ask", created)
    server: Any = Server()
    pull = Pull(server, "S", lambda: None)
    await pull.start(0, "ac.>", patience=1)
    return server, pull


async def test_at_the_end_the_first_is_asked_for_and_then_what_came_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, pull = await reader(monkeypatch, 0)
    assert server.asked == []
    pull.gather()
    pull.gather()
    server.send(1, 1, left=5)
    assert (server.asked, pull.ready()) == ([1, 5], False)
    server.send(2, 5, left=3)
    assert (server.asked, pull.ready()) == ([1, 5], True)
    assert len(pull.take()) == 6
    assert server.asked == [1, 5]


async def test_long_log_comes_in_batches_that_are_asked_for_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, pull = await reader(monkeypatch, 3 * BATCH + 7)
    assert server.asked == [BATCH, BATCH]
    server.send(1, BATCH, left=2 * BATCH + 7)
    assert (server.asked, pull.ready()) == ([BATCH] * 3, True)
    pull.take()
    server.send(BATCH + 1, 2 * BATCH, left=7)
    pull.take()
    pull.gather()
    assert server.asked == [BATCH] * 3 + [7]
