"""Workers that go through a to-do list: next due first, none left behind, no polling storms."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from .. import metrics
from ..clock import Clock
from ..log import Conflict
from ..outage import is_outage
from ..racing import end_if_cancelled, first_of
from ..redact import redact
from ..sql import InfraTables
from ..transactions import brief
from .items import Claim, Item, claim, next_due, put_off

# What a worker that died or hangs had taken is another's after this time.
LEASE = timedelta(seconds=3)
# A wall clock may jump while everybody sleeps.
LONGEST_REST_SECONDS = 5.0
# Commits that come together are one reason to look.
PAUSE_SECONDS = 0.01
RETRY_SECONDS = 0.5
SOON = timedelta(seconds=1)
LONGEST_PUT_OFF = timedelta(minutes=5)
ERROR_LENGTH = 1_000

_logger: structlog.stdlib.BoundLogger = structlog.get_logger("todo")

Handler = Callable[[Item], Awaitable[None]]
JointHandler = Callable[[Sequence[Item]], Awaitable[None]]


class Followed(Protocol):
    """The projector that keeps the list."""

    @property
    def caught_up(self) -> bool: ...

    def on_commit(self, callback: Callable[[int], None]) -> None: ...


class TodoRunner:
    """Hands each due item to the handler of its kind; any number of runners share a list.

    A handler decides and appends; the projection of what it appended takes the item off. One that
    is still there when its lease ends is handled again, so a handler must be idempotent by its
    expectations. `concurrency` handlers run at a time, each for one lease at most. Items of the
    kinds in `together` go to their handler by the batch, for decisions that concern all of them;
    where a batch takes longer than its lease, smaller ones follow, lest all come to nothing.
    """

    def __init__(
        self,
        kinds: Mapping[str, Handler],
        engine: AsyncEngine,
        infra: InfraTables,
        clock: Clock,
        *,
        projector: Followed,
        lease: timedelta = LEASE,
        batch: int = 100,
        concurrency: int = 8,
        together: Mapping[str, JointHandler] | None = None,
    ) -> None:
        self._joint = dict(together or {})
        one_by_one = {kind: _one_by_one(handler) for kind, handler in kinds.items()}
        self._handlers = one_by_one | self._joint
        self._engine = engine
        self._infra = infra
        self._clock = clock
        self._projector = projector
        self._lease = lease
        self._batch = batch
        self._most = dict.fromkeys(self._joint, batch)
        self._concurrency = concurrency
        self._claimed: asyncio.Queue[Sequence[Claim]] = asyncio.Queue(concurrency)
        self._wake = asyncio.Event()
        self._next: Mapping[str, datetime | None] = {}
        projector.on_commit(lambda _: self._wake.set())
        for kind in self._handlers:
            lag = metrics.todo_lag_seconds.labels(kind)
            lag.set_function(lambda kind=kind: self._lag_of(kind))

    def lag(self) -> float:
        """Seconds for which the oldest due item has waited for a worker."""
        return max(map(self._lag_of, self._handlers), default=0.0)

    async def run(self) -> None:
        """Work for ever, whatever happens to the servers."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._feed())
            for _ in range(self._concurrency):
                tasks.create_task(self._work())

    async def run_due(self) -> int:
        """Handle everything that is due now, once; how many items that was."""
        handled = 0
        while claims := await self._claim():
            lots = self._lots(claims)
            for start in range(0, len(lots), self._concurrency):
                some = lots[start : start + self._concurrency]
                await asyncio.gather(*map(self._handle, some))
            handled += len(claims)
        return handled

    async def _feed(self) -> None:
        while True:
            self._wake.clear()
            try:
                claims = await self._claim() if self._projector.caught_up else None
            except Exception as error:  # noqa: BLE001 - it is logged with its trace
                end_if_cancelled(error)
                _log_trouble(error, "todo_claim")
                claims = None
            for lot in self._lots(claims or ()):
                await self._claimed.put(lot)
            if claims is None:
                await asyncio.sleep(RETRY_SECONDS)
            elif not claims:
                await self._rest()

    def _lots(self, claims: Sequence[Claim]) -> Sequence[Sequence[Claim]]:
        """What one handler gets at a time, in the order of what is due first in each."""
        lots: dict[tuple[str, str], list[Claim]] = {}
        for one in claims:
            kind = one.item.kind
            lots.setdefault((kind, "" if kind in self._joint else one.item.key), []).append(one)
        return [part for (kind, _), lot in lots.items() for part in self._parts(kind, lot)]

    def _parts(self, kind: str, lot: Sequence[Claim]) -> Sequence[Sequence[Claim]]:
        most = self._most.get(kind, self._batch)
        return [lot[start : start + most] for start in range(0, len(lot), most)]

    def _fitted(self, kind: str, size: int, *, in_time: bool) -> None:
        """Learn how much is handled in one lease: half of what was too much, else one more."""
        if kind in self._joint:
            most = self._most[kind]
            self._most[kind] = min(most + 1, self._batch) if in_time else max(1, size // 2)

    async def _claim(self) -> Sequence[Claim]:
        kinds, now = list(self._handlers), self._clock.now()
        async with brief(self._engine) as connection:
            claims = await claim(
                connection,
                self._infra,
                kinds,
                now=now,
                until=now + self._lease,
                limit=self._batch,
            )
            self._next = await next_due(connection, self._infra, kinds)
        return claims

    async def _rest(self) -> None:
        """Sleep until the next item is due or the projection has moved."""
        await asyncio.sleep(PAUSE_SECONDS)
        await first_of(self._clock.sleep(self._seconds_to_next()), self._wake.wait())

    def _seconds_to_next(self) -> float:
        coming = [at for at in self._next.values() if at is not None]
        if not coming:
            return LONGEST_REST_SECONDS
        seconds = (min(coming) - self._clock.now()).total_seconds()
        return min(max(seconds, 0.0), LONGEST_REST_SECONDS)

    def _lag_of(self, kind: str) -> float:
        due = self._next.get(kind)
        return 0.0 if due is None else max(0.0, (self._clock.now() - due).total_seconds())

    async def _work(self) -> None:
        while True:
            await self._handle(await self._claimed.get())

    async def _handle(self, mine: Sequence[Claim]) -> None:
        kind, until = mine[0].item.kind, mine[0].until
        if self._clock.now() >= until:
            return
        try:
            async with asyncio.timeout(self._lease.total_seconds()):
                await self._handlers[kind]([one.item for one in mine])
        except Exception as error:  # noqa: BLE001 - one item must not stop the others
            end_if_cancelled(error)
            if isinstance(error, TimeoutError):
                self._fitted(kind, len(mine), in_time=False)
            for one in mine:
                await self._fail(one, error)
        else:
            self._fitted(kind, len(mine), in_time=True)
            metrics.todo_handled.labels(kind, "done").inc(len(mine))

    async def _fail(self, mine: Claim, error: Exception) -> None:
        item, passing = mine.item, isinstance(error, Conflict) or is_outage(error)
        metrics.todo_handled.labels(item.kind, "postponed" if passing else "failed").inc()
        _log_trouble(error, "todo_item", kind=item.kind, key=item.key, attempt=mine.attempt)
        wait = SOON if passing else min(SOON * 2 ** min(mine.attempt, 16), LONGEST_PUT_OFF)
        reason = redact(f"{type(error).__name__}: {error}")[:ERROR_LENGTH].replace("\0", "")
        while self._clock.now() < mine.until:
            try:
                async with brief(self._engine) as connection:
                    until = self._clock.now() + wait
                    await put_off(connection, self._infra, mine, until, reason)
                return
            except Exception as trouble:  # noqa: BLE001 - it is logged with its trace
                end_if_cancelled(trouble)
                _log_trouble(trouble, "todo_put_off", kind=item.kind, key=item.key)
                await asyncio.sleep(RETRY_SECONDS)


def _one_by_one(handler: Handler) -> JointHandler:
    async def handle(items: Sequence[Item]) -> None:
        for item in items:
            await handler(item)

    return handle


def _log_trouble(error: Exception, what: str, **context: object) -> None:
    """What passes by itself is worth a line, a defect its trace."""
    if isinstance(error, Conflict) or is_outage(error):
        _logger.warning(f"{what}_postponed", error=type(error).__name__, **context)
    else:
        _logger.error(f"{what}_failed", exc_info=error, **context)
