"""Clients of one server, as a process of its own that never shares the server's interpreter.

`python -m support.load PORT PATH CLIENTS SECONDS [RATE]`, request bodies as JSON lines on stdin.
Without a rate each client sends its next request when the last was answered. With one, requests
fall due at that many a second whatever the server does, and latency counts from when they fell
due, so that a server which stalls cannot hide it.
"""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Iterator
from itertools import cycle
from typing import cast

import msgspec
import uvloop

TICK_S = 0.001


class Measured(msgspec.Struct, frozen=True):
    """What the clients saw. `answered` counts the warm-up as well; `busy` is the share of a core
    that the clients themselves took: near 1 they were the limit."""

    rate: float
    p50_ms: float
    p99_ms: float
    answered: int
    busy: float


class Crowd:
    """All clients of one measurement, and what they have seen so far."""

    def __init__(self, requests: Iterator[bytes], *, eager: bool) -> None:
        self.requests = requests
        self.eager = eager
        self.idle: deque[Client] = deque()
        self.due: deque[float] = deque()
        self.latencies: list[float] = []
        self.answered = 0
        self.failed: bytes | None = None

    def send(self) -> None:
        """Let idle clients send what is due."""
        while self.due and self.idle:
            self.idle.popleft().send(self.due.popleft())

    async def keep_pace(self, rate: float) -> None:
        """Let requests fall due, `rate` of them a second, for ever."""
        began, fallen = time.perf_counter(), 0
        while True:
            now = time.perf_counter()
            while began + fallen / rate <= now:
                self.due.append(began + fallen / rate)
                fallen += 1
            self.send()
            await asyncio.sleep(TICK_S)


class Client(asyncio.Protocol):
    """One connection; an answer other than 2xx spoils the measurement."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._received = b""
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._go_on()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self._crowd.failed = self._received
            self._transport.close()
            return
        self._crowd.latencies.append(time.perf_counter() - self._since)
        self._crowd.answered += 1
        self._received = b""
        self._go_on()

    def send(self, since: float) -> None:
        self._since = since
        self._transport.write(next(self._crowd.requests))

    def close(self) -> None:
        self._transport.close()

    def _go_on(self) -> None:
        if self._crowd.eager:
            self.send(time.perf_counter())
        else:
            self._crowd.idle.append(self)
            self._crowd.send()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer local-dev-key\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def load(
    port: int, requests: list[bytes], clients: int, seconds: float, rate: float
) -> Measured:
    crowd = Crowd(cycle(requests), eager=not rate)
    loop = asyncio.get_running_loop()
    connected = [
        (await loop.create_connection(lambda: Client(crowd), "127.0.0.1", port))[1]
        for _ in range(clients)
    ]
    pacing = asyncio.create_task(crowd.keep_pace(rate)) if rate else None
    await asyncio.sleep(seconds / 4)
    crowd.latencies.clear()
    started, worked = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    elapsed, seen = time.perf_counter() - started, sorted(crowd.latencies)
    busy = (time.process_time() - worked) / elapsed
    if pacing is not None:
        pacing.cancel()
    for client in connected:
        client.close()
    if crowd.failed or not seen:
        raise RuntimeError(f"no answer but {crowd.failed!r:.600}")
    return Measured(
        rate=len(seen) / elapsed,
        p50_ms=seen[len(seen) // 2] * 1000,
        p99_ms=seen[len(seen) * 99 // 100] * 1000,
        answered=crowd.answered,
        busy=busy,
    )


def main() -> None:
    port, path, clients, seconds, *rate = sys.argv[1:]
    requests = [request(path, line.strip()) for line in sys.stdin.buffer]
    wanted = float(rate[0]) if rate else 0.0
    measured = uvloop.run(load(int(port), requests, int(clients), float(seconds), wanted))
    sys.stdout.buffer.write(msgspec.json.encode(measured))


if __name__ == "__main__":
    main()
