"""Whoever asks while a query is under way is answered by the next one, never by an older one."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from aftercare_events.gathering import Gathering


class Table:
    """Answers when it is let; remembers what it was asked at a time."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.let = asyncio.Event()

    async def fetch(self, keys: Sequence[str]) -> Mapping[str, int]:
        self.asked.append(list(keys))
        await self.let.wait()
        return {key: len(self.asked) for key in keys if key != "unknown"}


async def test_questions_at_once_are_one_query() -> None:
    table = Table()
    table.let.set()
    gathering = Gathering(table.fetch)
    assert await asyncio.gather(*map(gathering.get, ["a", "b", "a", "unknown"])) == [1, 1, 1, None]
    assert table.asked == [["a", "b", "unknown"]]


async def test_question_during_a_query_is_answered_by_the_next() -> None:
    table = Table()
    gathering = Gathering(table.fetch)
    first = asyncio.create_task(gathering.get("a"))
    while not table.asked:
        await asyncio.sleep(0)
    second = asyncio.create_task(gathering.get("a"))
    await asyncio.sleep(0)
    table.let.set()
    assert await asyncio.gather(first, second) == [1, 2]


async def test_failure_reaches_all_who_wait_and_nobody_after_them() -> None:
    failures = [OSError("away")]

    async def fetch(keys: Sequence[str]) -> Mapping[str, int]:
        if failures:
            raise failures.pop()
        return dict.fromkeys(keys, 1)

    gathering = Gathering(fetch)
    both = await asyncio.gather(gathering.get("a"), gathering.get("b"), return_exceptions=True)
    assert [type(one) for one in both] == [OSError, OSError]
    assert await gathering.get("a") == 1


async def test_one_who_gives_up_takes_nobody_along() -> None:
    table = Table()
    gathering = Gathering(table.fetch)
    impatient = asyncio.create_task(gathering.get("a"))
    patient = asyncio.create_task(gathering.get("a"))
    while not table.asked:
        await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    table.let.set()
    assert await patient == 1
