"""Events into rows: the rows and the position they stand at are committed together."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from .. import metrics
from ..clock import Clock
from ..envelope import Recorded
from ..log import Log
from ..outage import is_outage
from ..racing import end_if_cancelled, first_of
from ..sql import InfraTables
from ..transactions import rebuildable
from .checkpoint import Checkpoint, Moved
from .isolation import Isolation, is_fault_of_event, is_unreadable
from .leadership import leadership
from .progress import Progress
from .projection import Apply, Projection

LOOK_SECONDS = 1.0
# Nobody who sees nothing may go on saying that all is well.
PATIENCE_SECONDS = 3.0
POLL_SECONDS = 0.02
RETRY_SECONDS = 0.5
# A commit costs the same for one event as for a hundred: while nobody waits for rows, projecting
# takes a small share of the time, and the requests served beside it the rest.
LINGER_SECONDS = 0.05
LINGER_SECONDS_AT_MOST = 0.25
SHARE = 0.1
# Less than the log hands over at a time: there is no more for now.
SMALL_BATCH = 1000
REBUILD_ATTEMPTS = 5
DEADLOCK = "40P01"

_logger: structlog.stdlib.BoundLogger = structlog.get_logger("projector")


class Projector:
    """Keeps a projection level with the log; among replicas one does, and all know how far."""

    def __init__(
        self,
        projection: Projection,
        log: Log,
        engine: AsyncEngine,
        infra: InfraTables,
        clock: Clock,
    ) -> None:
        self._projection = projection
        self._log = log
        self._engine = engine
        self._clock = clock
        self._poison = infra.poison
        self._checkpoint = Checkpoint(infra.checkpoint, projection.name)
        self._progress = Progress(projection.name)
        self._leading = False
        self._restart = asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self._counter = metrics.projected_events.labels(projection.name)

    @property
    def position(self) -> int:
        """The position up to which readers of this process see the log."""
        return self._progress.position

    @property
    def caught_up(self) -> bool:
        """Whether the rows hold what the log held about a second ago."""
        return self._progress.caught_up

    def lag(self) -> int:
        """Events in the log that the rows do not hold."""
        return self._progress.lag()

    def lag_seconds(self) -> float:
        """For how long the log has held something that the rows do not."""
        return self._progress.lag_seconds()

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call back with the position whenever the rows have moved, here or in another replica."""
        self._progress.on_move(callback)

    async def run(self) -> None:
        """Project for ever, whatever happens to the servers."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.watch())
            tasks.create_task(self._persist(self._lead))

    async def watch(self) -> None:
        """Know for ever how far the rows are, leaving it to another process to project."""
        await self._persist(self._watch)

    async def catch_up(self) -> int:
        """Project until the present end of the log, and return the position reached."""
        self._progress.look(await self._log.end())
        await self._load()
        async with aclosing(self._log.read(self.position)) as batches:
            async for batch in batches:
                await self._project(batch)
        self._progress.look(await self._log.end())
        return self.position

    async def wait_for(self, position: int, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        """Wait until the rows show `position`; False when `timeout` seconds did not suffice."""
        try:
            async with asyncio.timeout(timeout):
                while self.position < position:
                    await (self._progress.moved() if self._leading else self._poll())
        except TimeoutError:
            return False
        return True

    async def _persist(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await work()
            except Moved:
                _logger.info("projection_restarts", projection=self._projection.name)
            except Exception as error:
                end_if_cancelled(error)
                if is_outage(error):
                    _logger.warning(
                        "projection_waits", projection=self._projection.name, error=repr(error)
                    )
                else:
                    _logger.exception("projection_failed", projection=self._projection.name)
                self._progress.lose_sight()
                await asyncio.sleep(RETRY_SECONDS)

    async def _lead(self) -> None:
        """Project while the lock is held and nobody rebuilds."""
        self._restart.clear()
        async with leadership(
            self._engine,
            self._checkpoint.leader,
            on_lost=self._restart.set,
            on_call=self._progress.want,
        ):
            self._leading = True
            try:
                await first_of(self._follow(), self._restart.wait())
            finally:
                self._leading = False

    async def _follow(self) -> None:
        await self._load()
        _logger.info("projection_led", projection=self._projection.name, position=self.position)
        async with aclosing(self._log.read(self.position, follow=True)) as batches:
            async for batch in batches:
                began = time.monotonic()
                await self._project(batch)
                if len(batch) < SMALL_BATCH:
                    await self._progress.wanted(_linger(time.monotonic() - began))

    async def _watch(self) -> None:
        """Compare with the log, and with the checkpoint that others may have moved."""
        while True:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._look()
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        before = self.position
        stored = await self._checkpoint.read(self._engine)
        if not self._leading:
            self._progress.stand_at(stored)
        elif stored < before:
            self._restart.set()
        self._progress.look(await self._log.end())

    async def _load(self) -> None:
        self._progress.stand_at(await self._checkpoint.read(self._engine))

    async def _poll(self) -> None:
        """One look at the checkpoint for all who wait in a process that does not lead."""
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll_once())
        await asyncio.shield(self._polling)

    async def _poll_once(self) -> None:
        try:
            stored = await self._checkpoint.read_impatiently(self._engine)
        except Exception as error:
            if not is_outage(error):
                raise
        else:
            if not self._leading:
                self._progress.stand_at(stored)
        await asyncio.sleep(POLL_SECONDS)

    async def _project(self, batch: Sequence[Recorded]) -> None:
        """Commit a batch, if need be without those of its events that cannot be applied."""
        if not batch or await self._project_whole(batch):
            return
        isolation = Isolation(self._projection, self._poison, self._clock)
        await self._commit(batch, isolation.apply)
        isolation.tell()

    async def _project_whole(self, batch: Sequence[Recorded]) -> bool:
        if any(map(is_unreadable, batch)):
            return False
        try:
            await self._commit(batch, self._projection.apply)
        except Exception as error:
            if not is_fault_of_event(error):
                raise
            return False
        return True

    async def _commit(self, batch: Sequence[Recorded], apply: Apply) -> None:
        position = batch[-1].position
        async with rebuildable(self._engine) as connection:
            # First, for its row is the lock on which a second projector or a rebuild waits.
            await self._checkpoint.advance(connection, self.position, position)
            await apply(connection, batch)
        self._counter.inc(len(batch))
        self._progress.stand_at(position)


def _linger(busy: float) -> float:
    return max(LINGER_SECONDS, min(busy / SHARE, LINGER_SECONDS_AT_MOST))


async def rebuild(projection: Projection, engine: AsyncEngine, infra: InfraTables) -> None:
    """Empty the read model; a running projector starts over from the log's beginning.

    Whoever reads several tables meanwhile may be in its way for a moment: it is tried again.
    """
    for attempt in range(1, REBUILD_ATTEMPTS + 1):
        try:
            await _empty(projection, engine, infra)
            return
        except DBAPIError as error:
            deadlocked = getattr(error.orig, "sqlstate", None) == DEADLOCK
            if not deadlocked or attempt == REBUILD_ATTEMPTS:
                raise


async def _empty(projection: Projection, engine: AsyncEngine, infra: InfraTables) -> None:
    async with engine.begin() as connection:
        await Checkpoint(infra.checkpoint, projection.name).reset(connection)
        preparer = connection.dialect.identifier_preparer
        tables = dict.fromkeys([*projection.tables, infra.todo, infra.poison])
        await connection.execute(
            text(f"TRUNCATE {', '.join(preparer.format_table(table) for table in tables)}")
        )
