"""Many questions asked at about the same time are one query."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Gathering(Generic[K, V]):
    """Asks `fetch` for all that was wanted while the query before was under way.

    An answer is never older than its question.
    """

    def __init__(self, fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._fetch = fetch
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._fetching: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """None where there is nothing. Raises what `fetch` raises."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch_all())
        return await asyncio.shield(answer)

    async def _fetch_all(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                found = await self._fetch(list(waiting))
            except Exception as error:  # noqa: BLE001 - it reaches all who wait
                _fail(waiting.values(), error)
                continue
            for key, answer in waiting.items():
                if not answer.done():
                    answer.set_result(found.get(key))


def _fail(waiting: Iterable[asyncio.Future[V | None]], error: Exception) -> None:
    for answer in waiting:
        if not answer.done():
            answer.set_exception(error)
            # Those who asked may all have given up: then nobody misses the error.
            answer.exception()
