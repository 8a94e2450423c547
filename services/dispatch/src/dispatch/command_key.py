"""How a command's Idempotency-Key survives in the log: in the ids of the events it caused.

The projection reads it back, so that a repeat finds its answer for ever, and needs no memory
beside the log.
"""

import re
from typing import NamedTuple
from uuid import uuid4

_LENGTH = 48
_ID = re.compile(r"([0-9a-f]{48})\.([0-9a-f]{48})\.\d+")


class CommandKey(NamedTuple):
    """What made a request unique, and what it said (shortened SHA-256 in hex)."""

    identity: str
    body_digest: str


def command_key(identity: str, body_digest: str) -> CommandKey:
    return CommandKey(identity[:_LENGTH], body_digest[:_LENGTH])


def event_id(key: CommandKey | None, index: int) -> str:
    """The id of the command's event number `index`; random where there is no key."""
    return f"{key.identity}.{key.body_digest}.{index}" if key else str(uuid4())


def read_key(identifier: str) -> CommandKey | None:
    """The key in an event's id, if it has one."""
    match = _ID.fullmatch(identifier)
    return CommandKey(match[1], match[2]) if match else None
