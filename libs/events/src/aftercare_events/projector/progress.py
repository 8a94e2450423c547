"""How far a read model stands behind its log, and who wants to know."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from .. import metrics


class Progress:
    """Where the rows stand. The goal is what the log held a look ago, about a second."""

    def __init__(self, name: str) -> None:
        self.position = 0
        self._end = 0
        self._goal: int | None = None
        self._looked = False
        self._caught_up_at = time.monotonic()
        self._moved = asyncio.Event()
        self._wanted = asyncio.Event()
        self._callbacks: list[Callable[[int], None]] = []
        self._position_gauge = metrics.projector_position.labels(name)
        metrics.projector_lag_events.labels(name).set_function(self.lag)
        metrics.projector_lag_seconds.labels(name).set_function(self.lag_seconds)

    @property
    def caught_up(self) -> bool:
        return self._goal is not None and self.position >= self._goal

    def on_move(self, callback: Callable[[int], None]) -> None:
        self._callbacks.append(callback)

    def stand_at(self, position: int) -> None:
        if position == self.position:
            return
        self.position = position
        self._position_gauge.set(position)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        for callback in self._callbacks:
            callback(position)

    async def moved(self) -> None:
        """Wait for the next step on, which is not put off then."""
        self.want()
        await self._moved.wait()

    def want(self) -> None:
        """Somebody waits for rows: here, or in another process."""
        self._wanted.set()

    async def wanted(self, timeout: float) -> None:  # noqa: ASYNC109
        """Wait until somebody waits for rows, or so many seconds have passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._wanted.wait()
        self._wanted.clear()

    def look(self, end: int) -> None:
        """Compare with the log, whose last position is `end` now."""
        self._goal = self._end if self._looked else end
        self._end, self._looked = end, True
        if self.caught_up:
            self._caught_up_at = time.monotonic()

    def lose_sight(self) -> None:
        """Nobody can say how far the log has grown."""
        self._goal, self._looked = None, False

    def lag(self) -> int:
        """Events that the log was known to hold and the rows do not."""
        return max(0, self._end - self.position)

    def lag_seconds(self) -> float:
        """For how long something has been missing in the rows."""
        return 0.0 if self.caught_up else time.monotonic() - self._caught_up_at
