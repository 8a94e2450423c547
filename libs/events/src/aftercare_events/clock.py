"""Where the edge of a service asks for the time; pure code is handed an instant instead."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


class Clock(Protocol):
    """Time as the edge sees it. Instants are timezone-aware and in UTC."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Return when `seconds` have passed on this clock, counted from the call."""
        ...


class SystemClock:
    """The machine's wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that moves only when told to: stories fast-forward instead of sleeping."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        # The end is fixed when the sleep is asked for: time may move before it is awaited.
        return self._sleep_until(self._now + timedelta(seconds=seconds))

    async def _sleep_until(self, instant: datetime) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= instant)

    async def move_to(self, instant: datetime) -> None:
        """Set the time and wake every sleeper whose instant has come."""
        async with self._moved:
            self._now = instant.astimezone(UTC)
            self._moved.notify_all()

    async def advance(self, by: timedelta) -> None:
        await self.move_to(self._now + by)
