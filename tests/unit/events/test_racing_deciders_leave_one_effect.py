"""A hundred decide at the same moment: each decision rests on all that was there before it."""

import asyncio
from dataclasses import dataclass

import pytest

from aftercare_events.catalogue import decode
from aftercare_events.decider import Basis, Refused, commit, see
from aftercare_events.envelope import Event
from aftercare_events.log import Conflict, Expect, LogUnavailable, whole
from aftercare_events.memory import MemoryLog
from support.reading import everything
from support.sample_events import noted

CASE = whole("case", "C1")
OTHER = whole("case", "C2")


class EverythingVisible:
    """Rows that are always level with the log."""

    async def wait_for(self, position: int, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        return True


class NothingVisible:
    async def wait_for(self, position: int, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        return False


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes a seat at a case that has room for one."""

    log: MemoryLog
    subjects: tuple[str, ...] = (CASE,)

    async def load(self) -> Basis[list[str]]:
        seen = await see(self.log, EverythingVisible(), *self.subjects)
        said = [decode(recorded.event).note for recorded in await everything(self.log)]
        return Basis(said, [Expect(subject, at) for subject, at in seen.items()])

    async def sit_down(self, who: str) -> int | None:
        def decide(seated: list[str]) -> list[Event]:
            if seated:
                raise Refused("taken", f"{seated[0]} sits here")
            cases = ["C1"] if self.subjects == (CASE,) else ["C1", "C2"]
            return [noted(case_id, who) for case_id in cases]

        return await commit(self.log, self.load, decide)


async def test_one_of_a_hundred_gets_the_seat() -> None:
    desk = Desk(MemoryLog())
    results = await asyncio.gather(
        *(desk.sit_down(f"W{n}") for n in range(100)), return_exceptions=True
    )
    assert [r for r in results if isinstance(r, int)] == [1]
    assert sum(isinstance(r, Refused) for r in results) == 99


async def test_decision_about_two_aggregates_is_written_once_and_whole() -> None:
    desk = Desk(MemoryLog(), (CASE, OTHER))
    results = await asyncio.gather(
        *(desk.sit_down(f"W{n}") for n in range(100)), return_exceptions=True
    )
    assert [r for r in results if isinstance(r, int)] == [2]
    assert len({decode(r.event).note for r in await everything(desk.log)}) == 1


async def test_everybody_gets_a_turn_where_there_is_room_for_all() -> None:
    log = MemoryLog()
    desk = Desk(log)
    await asyncio.gather(
        *(commit(log, desk.load, lambda said: [noted("C1", str(len(said)))]) for _ in range(15))
    )
    assert [decode(r.event).note for r in await everything(log)] == [str(n) for n in range(15)]


async def test_nothing_to_say_writes_nothing() -> None:
    log = MemoryLog()
    assert await commit(log, Desk(log).load, lambda _: []) is None
    assert await log.end() == 0


async def test_whoever_is_always_slower_hears_of_it() -> None:
    log = MemoryLog()

    async def outdated() -> Basis[None]:
        await log.append([noted("C1")])
        return Basis(None, [Expect(CASE, 0)])

    with pytest.raises(Conflict):
        await commit(log, outdated, lambda _: [noted("C1", "late")], attempts=3)
    assert await log.end() == 3


async def test_silent_log_is_not_asked_again() -> None:
    log = MemoryLog()
    log.fail_next(written=True)
    with pytest.raises(LogUnavailable):
        await commit(log, Desk(log).load, lambda _: [noted("C1")])
    assert await log.end() == 1


async def test_rows_that_stay_behind_are_no_basis() -> None:
    log = MemoryLog()
    await log.append([noted("C1")])
    with pytest.raises(LogUnavailable):
        await see(log, NothingVisible(), CASE)


async def test_positions_are_told_by_subject() -> None:
    log = MemoryLog()
    await log.append([noted("C1"), noted("C2"), noted("C1")])
    seen = await see(log, EverythingVisible(), CASE, OTHER, whole("case", "C3"))
    assert seen == {CASE: 3, OTHER: 2, whole("case", "C3"): 0}
