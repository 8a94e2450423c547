"""The log's twin for tests: the same answers, in memory, with faults on demand."""

import asyncio
from bisect import bisect_left
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime

import msgspec

from .envelope import Event, Recorded
from .log import EVERYTHING, Conflict, Expect, LogUnavailable
from .objects import MemoryObjects, ObjectStore
from .unit import Unit, covers, unit_of

BATCH = 1000
_decode = msgspec.json.Decoder(Event).decode


class MemoryLog:
    """See `log.Log`.

    `fail_next` makes the next append raise LogUnavailable, with the events written all the same
    (an ambiguous time-out) or not. `connected = False` makes every append fail so.
    """

    def __init__(self) -> None:
        self._events: list[Recorded] = []
        self._by_id: dict[str, int] = {}
        self._subjects: list[str] = []
        self._times: list[datetime] = []
        self._grown = asyncio.Condition()
        self._fault: bool | None = None
        self._objects = MemoryObjects()
        self.connected = True
        self.told: list[tuple[str, bytes]] = []

    def fail_next(self, *, written: bool) -> None:
        self._fault = written

    def objects(self) -> ObjectStore:
        return self._objects

    async def append(self, events: Sequence[Event], expect: Sequence[Expect] = ()) -> int:
        unit = unit_of(events, expect)
        written, self._fault = self._fault, None
        if written is False or not self.connected:
            raise LogUnavailable("the log does not answer")
        position = await self._write(unit)
        if written:
            raise LogUnavailable("the log wrote, and its answer was lost")
        return position

    async def _write(self, unit: Unit) -> int:
        if any(self._last(wanted.subject) != wanted.position for wanted in unit.expect):
            return self._settled(unit)
        if not unit.expect and (position := self._by_id.get(unit.messages[0].event_id)):
            return position + len(unit.messages) - 1
        async with self._grown:
            for message in unit.messages:
                event = _decode(message.payload)
                self._events.append(Recorded(len(self._events) + 1, event))
                self._by_id[message.event_id] = len(self._events)
                self._subjects.append(message.subject)
                self._times.append(datetime.now(UTC))
            self._grown.notify_all()
        return len(self._events)

    def _settled(self, unit: Unit) -> int:
        """Written by an earlier attempt, or a conflict; the same rule as the real log's."""
        for index, message in enumerate(unit.messages):
            if message.expect is not None:
                first = self._first_after(message.expect)
                if first is None or first.event.id != message.event_id:
                    break
                return first.position + len(unit.messages) - 1 - index
        raise Conflict(f"no longer so: {unit.expect}")

    def _first_after(self, wanted: Expect) -> Recorded | None:
        covered = covers(wanted.subject)
        later = self._events[wanted.position :]
        return next((r for r in later if covered(r.event.log_subject)), None)

    def _last(self, subject: str) -> int:
        covered = covers(subject)
        for position in range(len(self._subjects), 0, -1):
            if covered(self._subjects[position - 1]):
                return position
        return 0

    async def read(
        self,
        after: int = 0,
        *,
        subject: str = EVERYTHING,
        until: int | None = None,
        follow: bool = False,
    ) -> AsyncGenerator[Sequence[Recorded], None]:
        if follow and until is not None:
            raise ValueError("following has no end")
        covered = covers(subject)
        end = len(self._events) if until is None else min(until, len(self._events))
        while True:
            if follow:
                end = await self._wait_beyond(after)
            if after >= end:
                return
            upto = min(after + BATCH, end)
            if batch := [r for r in self._events[after:upto] if covered(r.event.log_subject)]:
                yield batch
            after = upto

    async def _wait_beyond(self, position: int) -> int:
        async with self._grown:
            await self._grown.wait_for(lambda: len(self._events) > position)
        return len(self._events)

    async def last(self, subject: str) -> Recorded | None:
        position = self._last(subject)
        return self._events[position - 1] if position else None

    async def end(self) -> int:
        return len(self._events)

    async def position_at(self, instant: datetime) -> int:
        return bisect_left(self._times, instant.astimezone(UTC))

    async def tell(self, subject: str, data: bytes) -> None:
        self.told.append((subject, data))

    async def close(self) -> None:
        self.connected = False
