"""Where the edge of a service asks for the time; pure code is handed an instant instead."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as the edge sees it. Instants are timezone-aware and in UTC."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""
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

    async def sleep(self, seconds: float) -> None:
        wake_at = self._now + timedelta(seconds=seconds)
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= wake_at)

    async def move_to(self, instant: datetime) -> None:
        """Set the time and wake every sleeper whose instant has come."""
        async with self._moved:
            self._now = instant.astimezone(UTC)
            self._moved.notify_all()

    async def advance(self, by: timedelta) -> None:
        await self.move_to(self._now + by)
