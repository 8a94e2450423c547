"""How a command's Idempotency-Key survives in the log: in the ids of the events it caused.

Whoever answers a repeat reads it back from there: for ever, and with no memory beside the log.
"""

import re
from typing import NamedTuple

from .ids import random_id

_LENGTH = 48
_ID = re.compile(r"([0-9a-f]{48})\.([0-9a-f]{48})\.\d+")


class KeyReused(Exception):
    """The same Idempotency-Key was sent with another body."""

    def __init__(self) -> None:
        super().__init__("the same Idempotency-Key was sent with another body")


class CommandKey(NamedTuple):
    """What made a request unique, and what it said (shortened SHA-256 in hex)."""

    identity: str
    body_digest: str

    def repeats(self, earlier: "CommandKey | None") -> bool:
        """Whether `earlier` was the same request. Raises KeyReused."""
        if earlier is None or earlier.identity != self.identity:
            return False
        if earlier.body_digest != self.body_digest:
            raise KeyReused
        return True


def command_key(identity: str, body_digest: str) -> CommandKey:
    return CommandKey(identity[:_LENGTH], body_digest[:_LENGTH])


def event_id(key: CommandKey | None, index: int) -> str:
    """The id of the command's event number `index`; random where there is no key."""
    return f"{key.identity}.{key.body_digest}.{index}" if key else random_id()


def read_key(identifier: str) -> CommandKey | None:
    """The key in an event's id, if it has one."""
    match = _ID.fullmatch(identifier)
    return CommandKey(match[1], match[2]) if match else None


def index_of(identifier: str) -> int:
    """The number of the event in its command; `identifier` holds a key."""
    return int(identifier.rpartition(".")[2])
