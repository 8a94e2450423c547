"""One pull consumer: messages on their way from the server to a reader's buffer."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec

from .api import ask
from .client import LeanClient

BATCH = 1000
HEARTBEAT_SECONDS = 2.0
_EXPIRES_SECONDS = 60.0
_INACTIVE_SECONDS = 30.0
_NANO = 1_000_000_000
_UNSENT = re.compile(rb"Nats-Pending-Messages: (\d+)")
_TERMS = {
    "expires": int(_EXPIRES_SECONDS * _NANO),
    "idle_heartbeat": int(HEARTBEAT_SECONDS * _NANO),
}


class Delivery(NamedTuple):
    """A stored event as it was delivered: `number` counts within this consumer from 1."""

    position: int
    number: int
    payload: bytes


class _Created(msgspec.Struct):
    num_pending: int = 0


class Pull:
    """An ephemeral consumer: a long log comes in batches that are requested ahead, and at its end
    what has gathered since comes at once.

    A request for more than is there would have every event delivered by itself, the moment it is
    stored, which costs server and reader a multiple: only what is known to be there is asked for,
    or the first of what is to come.

    `wake` is called when there is enough to hand on, when the server gave a sign of life, and
    when the consumer is lost. `remaining` is what the server had left behind the last delivery.
    """

    def __init__(self, client: LeanClient, stream: str, wake: Callable[[], None]) -> None:
        self._client, self._stream, self._wake = client, stream, wake
        self._name = f"r{uuid4().hex}"
        self._inbox = client.new_inbox()
        self._sid: int | None = None
        self._wanted = 0
        self._gathering = False
        self.buffer: list[Delivery] = []
        self.remaining = 0
        self.lost = False

    async def start(self, after: int, subject: str, *, patience: float) -> None:
        """Begin behind position `after`. Raises LogUnavailable."""
        self._sid = await self._client.listen(self._inbox, self._received)
        request = {"stream_name": self._stream, "config": self._config(after, subject)}
        created = await ask(
            self._client,
            f"CONSUMER.CREATE.{self._stream}.{self._name}",
            request,
            _Created,
            patience=patience,
        )
        self.remaining = created.num_pending
        self._request_ahead()

    def stop(self) -> None:
        if self._sid is not None:
            self._client.unlisten(self._sid)
        self._client.write(
            f"PUB $JS.API.CONSUMER.DELETE.{self._stream}.{self._name} 0\r\n\r\n".encode()
        )

    def ready(self) -> bool:
        """Whether the buffer is worth handing on: full, or nothing more is on its way."""
        return bool(self.buffer) and (len(self.buffer) >= BATCH or not self._wanted or self.lost)

    def gather(self) -> None:
        """Ask for what has come since the last time, or else for the first that will."""
        if not self._wanted and not self.lost:
            self._gathering = True
            self._request(max(1, self.remaining))

    def take(self) -> list[Delivery]:
        taken, self.buffer = self.buffer, []
        self._request_ahead()
        return taken

    def _config(self, after: int, subject: str) -> dict[str, Any]:
        return {
            "name": self._name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": after + 1,
            "filter_subject": subject,
            "ack_policy": "none",
            "replay_policy": "instant",
            "inactive_threshold": int(_INACTIVE_SECONDS * _NANO),
            "num_replicas": 1,
            "mem_storage": True,
        }

    def _request_ahead(self) -> None:
        """Keep whole batches of a long log on their way while another one is being worked on."""
        while self._wanted <= BATCH and len(self.buffer) <= BATCH and not self.lost:
            if self.remaining - self._wanted < BATCH:
                return
            self._request(BATCH)

    def _request(self, events: int) -> None:
        events = min(events, BATCH)
        self._wanted += events
        terms = msgspec.json.encode({"batch": events, **_TERMS})
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._name}"
        head = f"PUB {subject} {self._inbox} {len(terms)}\r\n".encode()
        self.lost = not self._client.write(head + terms + b"\r\n")

    def _received(self, _subject: bytes, reply: bytes, headers: bytes, payload: bytes) -> None:
        if not reply:
            self._told(headers)
            return
        position, number, self.remaining = _numbers(reply)
        self.buffer.append(Delivery(position, number, payload))
        self._wanted -= 1
        self._request_ahead()
        if not self._wanted and self._gathering:
            # What was not known of when the first was asked for; what comes now waits for its turn.
            self._gathering = False
            if self.remaining and len(self.buffer) < BATCH:
                self._request(self.remaining)
        if self.ready():
            self._wake()

    def _told(self, headers: bytes) -> None:
        """A status: 100 a sign of life, 408 a request ran out; anything else ends the consumer."""
        status = headers[9:12]
        if status == b"408" and (unsent := _UNSENT.search(headers)):
            self._wanted -= int(unsent[1])
        elif status != b"100":
            self.lost = True
        self._wake()


def _numbers(reply: bytes) -> tuple[int, int, int]:
    """Position, number within the consumer, and what remains, out of `$JS.ACK.…`."""
    fields = reply.split(b".")
    first = 5 if len(fields) == 9 else 7
    return int(fields[first]), int(fields[first + 1]), int(fields[first + 3])
