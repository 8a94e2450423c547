import asyncio

import pytest

from aftercare_events.log import Conflict, Expect, Log, LogUnavailable, whole
from aftercare_events.unit import MAX_EVENT_BYTES, MAX_EVENTS
from support.reading import everything
from support.sample_events import noted

A, B = whole("case", "A"), whole("case", "B")


async def test_positions_count_from_one(any_log: Log) -> None:
    assert await any_log.append([noted("A")]) == 1
    assert await any_log.append([noted("A")]) == 2


async def test_an_append_of_several_answers_the_position_of_its_last(any_log: Log) -> None:
    events = [noted("A", "1"), noted("A", "2"), noted("B"), noted("A", "3", service="sla")]
    assert await any_log.append(events) == 4
    assert [r.event.id for r in await everything(any_log)] == [event.id for event in events]


async def test_an_event_comes_back_as_it_was(any_log: Log) -> None:
    event = noted("A", "没有信号")
    await any_log.append([event])
    [recorded] = await everything(any_log)
    assert recorded.position == 1
    assert recorded.event == event


async def test_opening_twice_is_a_conflict(any_log: Log) -> None:
    await any_log.append([noted("A")], [Expect(A, 0)])
    with pytest.raises(Conflict):
        await any_log.append([noted("A")], [Expect(A, 0)])


async def test_a_whole_case_expectation_sees_what_other_services_said(any_log: Log) -> None:
    opened = await any_log.append([noted("A")], [Expect(A, 0)])
    await any_log.append([noted("A", service="dispatch")], [Expect(A, opened)])
    with pytest.raises(Conflict):
        await any_log.append([noted("A", service="sla")], [Expect(A, opened)])


async def test_a_literal_expectation_sees_its_own_subject_only(any_log: Log) -> None:
    await any_log.append([noted("A")], [Expect(A, 0)])
    event = noted("A", service="sla")
    assert await any_log.append([event], [Expect(event.log_subject, 0)]) == 2


async def test_an_expectation_ahead_of_the_log_is_a_conflict(any_log: Log) -> None:
    with pytest.raises(Conflict):
        await any_log.append([noted("A")], [Expect(A, 7)])


async def test_a_stale_part_refuses_the_whole_append(any_log: Log) -> None:
    await any_log.append([noted("A"), noted("B")])
    with pytest.raises(Conflict):
        await any_log.append([noted("A"), noted("B")], [Expect(A, 1), Expect(B, 1)])
    assert await any_log.end() == 2


async def test_each_aggregate_of_an_append_has_its_expectation(any_log: Log) -> None:
    await any_log.append([noted("A"), noted("A"), noted("B")], [Expect(A, 0), Expect(B, 0)])
    events = [noted("A"), noted("B"), noted("A", service="sla"), noted("B")]
    assert await any_log.append(events, [Expect(B, 3), Expect(A, 2)]) == 7


async def test_the_same_opening_again_has_the_first_answer(any_log: Log) -> None:
    opening = [noted("A", "1"), noted("A", "2")]
    assert await any_log.append(opening, [Expect(A, 0)]) == 2
    await any_log.append([noted("A", "later")], [Expect(A, 2)])
    assert await any_log.append(opening, [Expect(A, 0)]) == 2
    assert await any_log.end() == 3


async def test_the_same_change_again_has_the_first_answer(any_log: Log) -> None:
    await any_log.append([noted("A"), noted("B")])
    change = [noted("B"), noted("A"), noted("A")]
    assert await any_log.append(change, [Expect(A, 1)]) == 5
    await any_log.append([noted("A", service="sla")])
    assert await any_log.append(change, [Expect(A, 1)]) == 5


@pytest.mark.parametrize("count", [1, 3])
async def test_the_same_events_without_expectation_too(any_log: Log, count: int) -> None:
    events = [noted("A", str(number)) for number in range(count)]
    assert await any_log.append(events) == count
    await any_log.append([noted("A", "later")])
    assert await any_log.append(events) == count
    assert await any_log.end() == count + 1


async def test_the_same_event_on_another_basis_is_a_conflict(any_log: Log) -> None:
    event = noted("A")
    await any_log.append([event], [Expect(A, 0)])
    with pytest.raises(Conflict):
        await any_log.append([event], [Expect(A, 5)])


async def test_of_a_hundred_parallel_openings_one_succeeds(any_log: Log) -> None:
    attempts = [any_log.append([noted("A")], [Expect(A, 0)]) for _ in range(100)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert [o for o in outcomes if not isinstance(o, Conflict)] == [1]
    assert await any_log.end() == 1


async def test_a_hundred_repeats_of_one_opening_have_one_answer(any_log: Log) -> None:
    event = noted("A")
    outcomes = await asyncio.gather(*(any_log.append([event], [Expect(A, 0)]) for _ in range(100)))
    assert set(outcomes) == {1}
    assert await any_log.end() == 1


async def test_only_the_guilty_of_many_waiting_appends_fails(any_log: Log) -> None:
    await any_log.append([noted("C7")])
    outcomes = await asyncio.gather(
        *(
            any_log.append(
                [noted(f"C{n}", "1"), noted(f"C{n}", "2")], [Expect(whole("case", f"C{n}"), 0)]
            )
            for n in range(100)
        ),
        return_exceptions=True,
    )
    assert [n for n, o in enumerate(outcomes) if isinstance(o, Exception)] == [7]
    assert isinstance(outcomes[7], Conflict)
    by_position = {r.position: r.event for r in await everything(any_log)}
    assert len(by_position) == 1 + 2 * 99
    for number, position in enumerate(outcomes):
        if isinstance(position, int):
            assert by_position[position].aggregate_id == f"C{number}"
            assert by_position[position - 1].aggregate_id == f"C{number}"


async def test_waiting_appends_to_one_aggregate_keep_their_order(any_log: Log) -> None:
    waiting = [any_log.append([noted("A", str(n)), noted(f"B{n}")]) for n in range(60)]
    positions = await asyncio.gather(*waiting)
    assert len(set(positions)) == 60
    assert await any_log.end() == 120


async def test_nothing_is_no_append(any_log: Log) -> None:
    with pytest.raises(ValueError, match="1 to"):
        await any_log.append([])
    with pytest.raises(ValueError, match="1 to"):
        await any_log.append([noted("A") for _ in range(MAX_EVENTS + 1)])


async def test_the_largest_append_is_one(any_log: Log) -> None:
    assert await any_log.append([noted("A") for _ in range(MAX_EVENTS)]) == MAX_EVENTS


async def test_an_expectation_must_cover_an_event_of_its_own(any_log: Log) -> None:
    with pytest.raises(ValueError, match="covers none"):
        await any_log.append([noted("A")], [Expect(B, 0)])
    with pytest.raises(ValueError, match="cover the same"):
        await any_log.append([noted("A")], [Expect(A, 0), Expect("ac.intake.case.A", 0)])


@pytest.mark.parametrize("case_id", ["", "a b", "a.b", "*", ">", "a\r\nPING", "ä", "x" * 65, "-a"])
async def test_an_id_that_is_no_token_is_refused(any_log: Log, case_id: str) -> None:
    with pytest.raises(ValueError, match="not a subject"):
        await any_log.append([noted(case_id)])


async def test_an_event_id_cannot_smuggle_protocol(any_log: Log) -> None:
    with pytest.raises(ValueError, match="not an event id"):
        await any_log.append([noted("A", event_id="x\r\nNats-Rollup: all")])


async def test_the_same_event_cannot_stand_twice_in_one_append(any_log: Log) -> None:
    event = noted("A")
    with pytest.raises(ValueError, match="twice"):
        await any_log.append([event, event])


async def test_an_event_that_is_too_large_is_refused(any_log: Log) -> None:
    with pytest.raises(ValueError, match="bytes"):
        await any_log.append([noted("A", "x" * MAX_EVENT_BYTES)])
    await any_log.append([noted("A", "x" * (MAX_EVENT_BYTES - 1000))])


async def test_a_closed_log_is_unavailable(any_log: Log) -> None:
    await any_log.close()
    with pytest.raises(LogUnavailable):
        await any_log.append([noted("A")])
