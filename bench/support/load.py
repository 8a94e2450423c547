"""Clients that each send the next request when the last was answered; prints what it saw.

Run as a process of its own, so that it never shares the server's interpreter:
`python -m support.load PORT PATH CLIENTS SECONDS`, request bodies as JSON lines on stdin.
Prints requests per second and the 50th and 99th percentile of the latency in milliseconds.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import cast

import msgspec
import uvloop


class Measured(msgspec.Struct, frozen=True):
    rate: float
    p50_ms: float
    p99_ms: float


class Client(asyncio.Protocol):
    """One connection; answers other than 2xx end the measurement with an error."""

    def __init__(self, requests: Iterator[bytes], latencies: list[float]) -> None:
        self._requests = requests
        self._latencies = latencies
        self._received = b""
        self._sent_at = 0.0
        self.failed: bytes | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _content_length(head):
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self.failed = self._received
            self._transport.close()
            return
        self._latencies.append(time.perf_counter() - self._sent_at)
        self._received = b""
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))


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


async def load(port: int, requests: list[bytes], clients: int, seconds: float) -> Measured:
    latencies: list[float] = []
    waiting = cycle(requests)
    loop = asyncio.get_running_loop()
    connected = [
        await loop.create_connection(lambda: Client(waiting, latencies), "127.0.0.1", port)
        for _ in range(clients)
    ]
    await asyncio.sleep(seconds / 4)
    latencies.clear()
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    elapsed, seen = time.perf_counter() - started, sorted(latencies)
    for transport, client in connected:
        if client.failed or not seen:
            raise RuntimeError(f"no answer but {client.failed!r:.600}")
        transport.close()
    return Measured(
        len(seen) / elapsed, seen[len(seen) // 2] * 1000, seen[len(seen) * 99 // 100] * 1000
    )


def main() -> None:
    port, path, clients, seconds = sys.argv[1:]
    requests = [request(path, line.strip()) for line in sys.stdin.buffer]
    measured = uvloop.run(load(int(port), requests, int(clients), float(seconds)))
    sys.stdout.buffer.write(msgspec.json.encode(measured))


if __name__ == "__main__":
    main()
