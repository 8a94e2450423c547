"""The log as every service sees it: the only thing that is written first.

`JetStreamLog` keeps it, `MemoryLog` is its twin for tests; one contract suite runs on both.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from .envelope import Event, Recorded

EVERYTHING = "ac.>"


class LogError(Exception):
    """The log could not do what was asked."""


class Conflict(LogError):
    """Somebody was faster: an expected position is no longer the last one. Nothing was written."""


class LogUnavailable(LogError):
    """The log did not answer in time, and whether it wrote could not be found out."""


class Expect(msgspec.Struct, frozen=True, gc=False):
    """`subject` (`*` and `>` allowed) must still have its last event at `position`.

    Position 0 means that nothing was ever written there.
    """

    subject: str
    position: int


def whole(aggregate: str, aggregate_id: str) -> str:
    """Everything that any service ever said about one aggregate."""
    return f"ac.*.{aggregate}.{aggregate_id}"


class Log(Protocol):
    @property
    def connected(self) -> bool:
        """Whether the log can be reached right now."""
        ...

    async def append(self, events: Sequence[Event], expect: Sequence[Expect] = ()) -> int:
        """Write all `events` or none, and return the position of the last once it is on disk.

        Each expectation must cover an event of its own. Appending the same events (by id) again
        with the same expectations returns the first answer, for ever; without any expectation
        for two minutes.

        Raises Conflict, LogUnavailable, ValueError (an expectation without an event of its own,
        an id that cannot be a subject's token, no events or too many, too large).
        """
        ...

    def read(
        self,
        after: int = 0,
        *,
        subject: str = EVERYTHING,
        until: int | None = None,
        follow: bool = False,
    ) -> AsyncGenerator[Sequence[Recorded]]:
        """Batches of events with a position greater than `after`, oldest first, without gaps.

        Ends at `until`, or at the end of the log as it was when reading began; with `follow`
        it waits for more instead, for ever, across lost connections and restarts of the server.

        Raises LogUnavailable (only without `follow`), ValueError (`follow` and `until`).
        """
        ...

    async def last(self, subject: str) -> Recorded | None:
        """The newest event on a subject (`*` and `>` allowed)."""
        ...

    async def end(self) -> int:
        """The position of the newest event in the log; 0 when it is empty."""
        ...

    async def position_at(self, instant: datetime) -> int:
        """The position after which events were *recorded* at `instant` or later."""
        ...

    async def tell(self, subject: str, data: bytes) -> None:
        """Say something beside the log, to whoever listens right now: at most once.

        `subject` lies outside of the log's own branch.
        """
        ...

    async def close(self) -> None: ...
