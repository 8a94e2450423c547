"""Whoever asks the archive at once shares a query; what changed meanwhile is asked again."""

import asyncio
from collections.abc import Mapping, Sequence

from intake.remembered import Remembered


class Entries:
    """Answers when it is let, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.let = asyncio.Event()
        self.remembered = Remembered(self.fetch, 2, "nobody is there")
        self.remembered.told_of_changes = True

    async def fetch(self, keys: Sequence[str]) -> Mapping[str, str]:
        self.asked.append(list(keys))
        await self.let.wait()
        return {key: key.upper() for key in keys if key != "nobody"}


async def test_everybody_who_asks_after_a_change_shares_one_query() -> None:
    entries = Entries()
    entries.let.set()
    for _ in range(2):
        entries.remembered.forget()
        answers = await asyncio.gather(*(entries.remembered.get("a") for _ in range(100)))
        assert set(answers) == {"A"}
    assert entries.asked == [["a"], ["a"]]


async def test_what_was_not_found_is_remembered_as_well() -> None:
    entries = Entries()
    entries.let.set()
    for _ in range(2):
        assert await entries.remembered.get("nobody") == "nobody is there"
    assert entries.asked == [["nobody"]]


async def test_answer_under_way_at_a_change_is_not_remembered() -> None:
    entries = Entries()
    answer = asyncio.create_task(entries.remembered.get("a"))
    while not entries.asked:
        await asyncio.sleep(0)
    entries.remembered.forget()
    entries.let.set()
    await answer
    await entries.remembered.get("a")
    assert entries.asked == [["a"], ["a"]]


async def test_nothing_is_remembered_while_nobody_tells_of_changes() -> None:
    entries = Entries()
    entries.let.set()
    entries.remembered.told_of_changes = False
    for _ in range(2):
        await entries.remembered.get("a")
    assert entries.asked == [["a"], ["a"]]


async def test_oldest_answer_goes_first() -> None:
    entries = Entries()
    entries.let.set()
    for key in ("a", "b", "a", "c", "a", "b"):
        await entries.remembered.get(key)
    assert entries.asked == [["a"], ["b"], ["c"], ["b"]]
