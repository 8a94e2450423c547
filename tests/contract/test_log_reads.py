import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aftercare_events.log import Log, whole
from support.reading import everything
from support.sample_events import noted

MANY = 2500


async def fill(log: Log, count: int = MANY) -> None:
    """Events of cases C0 to C9 in turn."""
    for start in range(0, count, 500):
        await log.append(
            [noted(f"C{n % 10}", str(n)) for n in range(start, min(start + 500, count))]
        )


async def positions(
    log: Log, *args: int, subject: str = "ac.>", until: int | None = None
) -> list[int]:
    return [r.position for r in await everything(log, *args, subject=subject, until=until)]


async def test_an_empty_log_has_nothing_to_read(any_log: Log) -> None:
    assert await positions(any_log) == []
    assert await any_log.end() == 0
    assert await any_log.last("ac.>") is None


async def test_everything_comes_once_and_in_order(any_log: Log) -> None:
    await fill(any_log)
    assert await positions(any_log) == list(range(1, MANY + 1))
    assert await any_log.end() == MANY


async def test_reading_begins_behind_a_position_and_ends_at_one(any_log: Log) -> None:
    await fill(any_log, 100)
    assert await positions(any_log, 90) == list(range(91, 101))
    assert await positions(any_log, 90, until=93) == [91, 92, 93]
    assert await positions(any_log, 90, until=1000) == list(range(91, 101))
    assert await positions(any_log, 100) == []
    assert await positions(any_log, 1000) == []


async def test_a_filter_leaves_out_the_rest(any_log: Log) -> None:
    await fill(any_log)
    await any_log.append([noted("C3", service="sla"), noted("C30")])
    of_case = list(range(4, MANY, 10))
    assert await positions(any_log, subject=whole("case", "C3")) == [*of_case, MANY + 1]
    assert await positions(any_log, subject="ac.intake.case.C3") == of_case
    assert await positions(any_log, subject="ac.sla.>") == [MANY + 1]
    assert await positions(any_log, subject="ac.feedback.>") == []


async def test_reading_ends_where_the_log_ended_when_it_began(any_log: Log) -> None:
    await fill(any_log)
    seen = 0
    async for batch in any_log.read():
        seen += len(batch)
        await any_log.append([noted("late")])
    assert seen == MANY


async def test_a_follower_gets_what_is_there_and_what_comes(any_log: Log) -> None:
    await fill(any_log)
    seen: list[int] = []
    async for batch in any_log.read(follow=True):
        seen += [recorded.position for recorded in batch]
        if seen[-1] == MANY:
            await fill(any_log, 1500)
        if seen[-1] == MANY + 1500:
            break
    assert seen == list(range(1, MANY + 1501))


async def test_a_follower_of_an_empty_log_waits_for_its_first_event(any_log: Log) -> None:
    follower = any_log.read(follow=True, subject=whole("case", "A"))
    first = asyncio.ensure_future(anext(follower))
    await any_log.append([noted("B"), noted("A")])
    assert [recorded.position for recorded in await first] == [2]


async def test_following_has_no_end(any_log: Log) -> None:
    with pytest.raises(ValueError, match="end"):
        await anext(any_log.read(follow=True, until=3))


async def test_two_followers_see_the_same(any_log: Log) -> None:
    async def follow() -> list[str]:
        seen: list[str] = []
        async for batch in any_log.read(follow=True):
            seen += [recorded.event.id for recorded in batch]
            if len(seen) == 40:
                break
        return seen

    followers = [asyncio.ensure_future(follow()) for _ in range(2)]
    for number in range(40):
        await any_log.append([noted(f"C{number}")])
    one, other = await asyncio.gather(*followers)
    assert one == other == [r.event.id for r in await everything(any_log)]


async def test_the_last_of_a_subject_is_found_by_wildcard(any_log: Log) -> None:
    await any_log.append([noted("A"), noted("A", service="sla"), noted("B")])
    last = await any_log.last(whole("case", "A"))
    assert last is not None
    assert (last.position, last.event.service) == (2, "sla")
    assert await any_log.last(whole("case", "nobody")) is None


async def test_a_time_names_the_position_before_what_was_recorded_then(any_log: Log) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    await fill(any_log, 30)
    filled = datetime.now(UTC)
    while (between := datetime.now(UTC)) <= filled:
        pass
    await any_log.append([noted("A")])
    assert await any_log.position_at(before) == 0
    assert await any_log.position_at(between) == 30
    assert await any_log.position_at(datetime.now(UTC) + timedelta(hours=1)) == 31
