"""Appends as protocol bytes, and the server's acknowledgements read back."""

from collections.abc import Iterator, Sequence

import msgspec

from ..unit import Message, Unit
from .api import ApiError

# Wrong last sequence (10071, and 10164 inside a batch); a message id is known already (10201).
REFUSED = frozenset({10071, 10164, 10201})


class Ack(msgspec.Struct):
    """What the server said to a publication: the position of its last event, or an error."""

    seq: int = 0
    error: ApiError | None = None


_ack = msgspec.json.Decoder(Ack)
# NATS answers with nothing for a subject that nobody serves: JetStream is not up yet.
_NOBODY = Ack(error=ApiError(code=503, description="nobody keeps the log"))


def read_ack(payload: bytes) -> Ack:
    return _ack.decode(payload) if payload else _NOBODY


def publication(units: Sequence[Unit], batch_id: str, reply: str) -> bytes:
    """All events of all units, atomically, answered once on `reply`."""
    messages = [message for unit in units for message in unit.messages]
    if len(messages) == 1:
        return _publish(messages[0], reply, "")
    return b"".join(_batch(messages, batch_id, reply))


def _batch(messages: Sequence[Message], batch_id: str, reply: str) -> Iterator[bytes]:
    for number, message in enumerate(messages, start=1):
        place = f"Nats-Batch-Id: {batch_id}\r\nNats-Batch-Sequence: {number}\r\n"
        if number < len(messages):
            yield _publish(message, "", place)
        else:
            yield _publish(message, reply, place + "Nats-Batch-Commit: 1\r\n")


def _publish(message: Message, reply: str, place: str) -> bytes:
    headers = (
        f"NATS/1.0\r\nNats-Msg-Id: {message.event_id}\r\n{_expectation(message)}{place}\r\n"
    ).encode()
    size = len(headers) + len(message.payload)
    head = f"HPUB {message.subject} {reply} {len(headers)} {size}\r\n".encode()
    return b"".join((head, headers, message.payload, b"\r\n"))


def _expectation(message: Message) -> str:
    expect = message.expect
    if expect is None:
        return ""
    position = f"Nats-Expected-Last-Subject-Sequence: {expect.position}\r\n"
    if expect.subject == message.subject:
        return position
    return f"{position}Nats-Expected-Last-Subject-Sequence-Subject: {expect.subject}\r\n"
