"""Group commit: appends that wait together become one atomic batch with one sync to disk.

A few are sent at once, each by itself. A refused batch left no trace: its appends are sent again
each by itself, and only the guilty one fails.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import count
from typing import NamedTuple
from uuid import uuid4

from ..log import Conflict, LogError, LogUnavailable
from ..unit import Unit
from . import wire
from .api import is_transient
from .client import LeanClient
from .grouping import Append, take_group
from .lookup import Lookup
from .settle import settled_position

SINGLES_IN_FLIGHT = 16
# An answer that takes longer was lost with its connection or its server.
ANSWER_SECONDS = 3.0
RETRY_SECONDS = 0.1
SWEEP_SECONDS = 0.25


class Flight(NamedTuple):
    """One publication that is not answered yet."""

    appends: list[Append]
    sent_at: float


class Appender:
    """Sends appends and matches their answers on one inbox, without a task for each.

    `patience` in seconds: after it an unanswered append fails with LogUnavailable.
    """

    def __init__(self, client: LeanClient, lookup: Lookup, *, patience: float) -> None:
        self._client, self._lookup, self._patience = client, lookup, patience
        self._loop = asyncio.get_running_loop()
        self._inbox = client.new_inbox()
        self._tokens = count(1)
        self._queue: deque[Append] = deque()
        self._retries: deque[Append] = deque()
        self._flights: dict[str, Flight] = {}
        self._settling: dict[asyncio.Task[int | None], Append] = {}
        self._pump_due = self._sweep_due = False

    async def start(self) -> None:
        await self._client.listen(f"{self._inbox}.*", self._answered)

    async def append(self, unit: Unit) -> int:
        """The position of the unit's last event, once it is on disk."""
        append = Append(unit, self._loop.time() + self._patience)
        self._queue.append(append)
        self._pump_soon()
        self._sweep_later()
        return await append.answer

    def reconnected(self) -> None:
        """Send again what was in the air: the answers went down with the connection."""
        for token in list(self._flights):
            self._retry(self._flights.pop(token).appends)
        self._pump_soon()

    def close(self) -> None:
        for append in self._unanswered():
            _fail(append, LogUnavailable("the log was closed"))
        for task in self._settling:
            task.cancel()

    def _unanswered(self) -> Iterable[Append]:
        flying = [append for flight in self._flights.values() for append in flight.appends]
        return [*self._queue, *self._retries, *flying, *self._settling.values()]

    # Sending

    def _pump_soon(self) -> None:
        """Once per turn of the loop, so that the appends of one turn meet."""
        if not self._pump_due:
            self._pump_due = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        self._pump_due = False
        if self._client.is_connected:
            # Each write is a call of the system: what leaves together is one.
            self._client.write(b"".join(self._departures()))

    def _departures(self) -> Iterator[bytes]:
        yield from self._singles(self._retries)
        if any(len(flight.appends) > 1 for flight in self._flights.values()):
            return
        if group := take_group(self._queue):
            yield self._take_off(group)
        else:
            yield from self._singles(self._queue)

    def _singles(self, queue: deque[Append]) -> Iterator[bytes]:
        while queue and len(self._flights) < SINGLES_IN_FLIGHT:
            append = queue.popleft()
            if not append.answer.done():
                yield self._take_off([append])

    def _take_off(self, appends: list[Append]) -> bytes:
        token = str(next(self._tokens))
        self._flights[token] = Flight(appends, self._loop.time())
        units = [append.unit for append in appends]
        return wire.publication(units, uuid4().hex, f"{self._inbox}.{token}")

    # Answers

    def _answered(self, subject: bytes, _reply: bytes, _headers: bytes, payload: bytes) -> None:
        flight = self._flights.pop(subject.decode().rpartition(".")[2], None)
        if flight is None:
            return
        self._pump_soon()
        ack = wire.read_ack(payload)
        if ack.error is None:
            _succeed(flight.appends, ack.seq)
        elif is_transient(ack.error):
            self._loop.call_later(RETRY_SECONDS, self._retry, flight.appends)
        elif len(flight.appends) > 1:
            self._retry(flight.appends)
        elif ack.error.err_code in wire.REFUSED:
            self._settle(flight.appends[0])
        else:
            _fail(flight.appends[0], LogError(ack.error.description))

    def _retry(self, appends: list[Append]) -> None:
        self._retries.extend(appends)
        self._pump_soon()
        self._sweep_later()

    def _settle(self, append: Append) -> None:
        task = self._loop.create_task(settled_position(self._lookup, append.unit))
        self._settling[task] = append
        task.add_done_callback(self._settled)

    def _settled(self, task: asyncio.Task[int | None]) -> None:
        append = self._settling.pop(task)
        if task.cancelled():
            _fail(append, LogUnavailable("the log was closed"))
        elif (error := task.exception()) is not None:
            _fail(append, error)
        elif (position := task.result()) is None:
            _fail(append, Conflict(f"no longer so: {append.unit.expect}"))
        else:
            _succeed([append], position)

    # Time

    def _sweep_later(self) -> None:
        if not self._sweep_due:
            self._sweep_due = True
            self._loop.call_later(SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Retry what got no answer, fail what ran out of patience."""
        self._sweep_due, now = False, self._loop.time()
        for token, flight in list(self._flights.items()):
            if now - flight.sent_at > ANSWER_SECONDS:
                del self._flights[token]
                self._retry(flight.appends)
        for append in self._unanswered():
            self._sweep_later()
            if now > append.deadline:
                _fail(append, LogUnavailable(f"no answer within {self._patience} s"))
        self._queue = deque(append for append in self._queue if not append.answer.done())
        self._retries = deque(append for append in self._retries if not append.answer.done())


def _succeed(appends: list[Append], last: int) -> None:
    """Positions count backwards from the last event of the publication."""
    for append in reversed(appends):
        if not append.answer.done():
            append.answer.set_result(last)
        last -= len(append.unit.messages)


def _fail(append: Append, error: BaseException) -> None:
    if not append.answer.done():
        append.answer.set_exception(error)
