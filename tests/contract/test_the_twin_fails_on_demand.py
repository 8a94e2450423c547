import pytest

from aftercare_events.log import Conflict, Expect, LogUnavailable, whole
from aftercare_events.memory import MemoryLog
from support.sample_events import noted

OPEN = [Expect(whole("case", "A"), 0)]


async def test_an_ambiguous_append_is_written_and_its_repeat_answered() -> None:
    log, event = MemoryLog(), noted("A")
    log.fail_next(written=True)
    with pytest.raises(LogUnavailable):
        await log.append([event], OPEN)
    assert await log.append([event], OPEN) == 1
    assert await log.end() == 1


async def test_an_append_that_was_not_written_can_be_repeated() -> None:
    log, event = MemoryLog(), noted("A")
    log.fail_next(written=False)
    with pytest.raises(LogUnavailable):
        await log.append([event], OPEN)
    assert await log.end() == 0
    assert await log.append([event], OPEN) == 1


async def test_without_a_connection_nothing_is_written() -> None:
    log = MemoryLog()
    log.connected = False
    with pytest.raises(LogUnavailable):
        await log.append([noted("A")], OPEN)
    log.connected = True
    assert await log.append([noted("A")], OPEN) == 1


async def test_a_conflict_is_one_even_when_the_answer_is_lost() -> None:
    log = MemoryLog()
    await log.append([noted("A")], OPEN)
    log.fail_next(written=True)
    with pytest.raises(Conflict):
        await log.append([noted("A")], OPEN)
