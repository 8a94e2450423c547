from collections import deque

from aftercare_events.jetstream.grouping import (
    BATCH_BYTES,
    BATCH_EVENTS,
    BATCH_FROM,
    Append,
    take_group,
)
from aftercare_events.log import Expect, whole
from aftercare_events.unit import unit_of
from support.sample_events import noted


def append(*case_ids: str, note: str = "", expect: str | None = None) -> Append:
    wanted = [Expect(expect, 0)] if expect else []
    return Append(unit_of([noted(case_id, note) for case_id in case_ids], wanted), 0.0)


def queue(*appends: Append) -> deque[Append]:
    return deque(appends)


async def test_a_few_travel_alone() -> None:
    waiting = queue(*(append(f"C{n}") for n in range(BATCH_FROM - 1)))
    assert take_group(waiting) == []
    assert len(waiting) == BATCH_FROM - 1


async def test_many_travel_together() -> None:
    appends = [append(f"C{n}") for n in range(BATCH_FROM)]
    waiting = queue(*appends)
    assert take_group(waiting) == appends
    assert not waiting


async def test_two_of_one_aggregate_never_share_a_batch() -> None:
    appends = [append(f"C{n}") for n in range(BATCH_FROM)]
    second, third = append("C3", "X"), append("X")
    waiting = queue(*appends, second, third)
    assert take_group(waiting) == appends
    # The third touches what the second touches, and must not overtake it.
    assert list(waiting) == [second, third]


async def test_one_aggregate_alone_makes_no_batch() -> None:
    waiting = queue(*(append("A") for _ in range(3 * BATCH_FROM)))
    assert take_group(waiting) == []


async def test_an_expectation_on_everything_travels_alone() -> None:
    appends = [append(f"C{n}") for n in range(BATCH_FROM)]
    watchful = append("X", expect="ac.>")
    waiting = queue(watchful, append("Y", expect=whole("case", "Y")), *appends)
    assert watchful not in take_group(waiting)
    assert list(waiting) == [watchful]


async def test_a_batch_has_a_largest_size() -> None:
    many = [append(*(f"C{n}-{i}" for i in range(20))) for n in range(2 * BATCH_FROM)]
    waiting = queue(*many)
    assert len(take_group(waiting)) == BATCH_EVENTS // 20
    large = [append(f"C{n}", note="x" * 150_000) for n in range(2 * BATCH_FROM)]
    group = take_group(queue(*large))
    assert 0 < sum(a.unit.size for a in group) <= BATCH_BYTES


async def test_nobody_waits_for_what_was_given_up() -> None:
    appends = [append(f"C{n}") for n in range(BATCH_FROM + 1)]
    appends[0].answer.cancel()
    waiting = queue(*appends)
    assert take_group(waiting) == appends[1:]
    assert not waiting
