"""Tells whoever watches that the tables have moved on."""

import asyncio
from collections.abc import AsyncIterator


class Updates:
    """One bell for all watchers: it says that something changed, never what."""

    def __init__(self) -> None:
        self._position = 0
        self._rung = asyncio.Event()

    @property
    def position(self) -> int:
        """Where the tables stood when they last moved."""
        return self._position

    def ring(self, position: int) -> None:
        self._position = position
        self._rung.set()
        self._rung = asyncio.Event()

    async def follow(self, after: int | None) -> AsyncIterator[int]:
        """Positions as they become visible; those that come while one is used are joined."""
        seen = self._position if after is None else after
        while True:
            rung = self._rung
            if self._position > seen:
                seen = self._position
                yield seen
            else:
                await rung.wait()
