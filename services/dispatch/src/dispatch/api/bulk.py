"""Many entries in one call: each for itself, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from .call import Entered

MOST_AT_ONCE = 500
# Waiting appends share their fsync; more would only take connections from other callers.
TOGETHER = 8

E = TypeVar("E")


async def each(entries: Sequence[E], enter: Callable[[E], Awaitable[Entered]]) -> list[Entered]:
    """What each entry came to. The first that is refused is raised; those before it stand."""
    entered: list[Entered] = []
    for start in range(0, len(entries), TOGETHER):
        some = entries[start : start + TOGETHER]
        for outcome in await asyncio.gather(*map(enter, some), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
            entered.append(outcome)
    return entered
