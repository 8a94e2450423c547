"""Whatever is due gets done: in time, once, and again by somebody else if its worker dies."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import ManualClock
from aftercare_events.log import Conflict, Expect, LogUnavailable
from aftercare_events.memory import MemoryLog
from aftercare_events.projector import Projector
from aftercare_events.todo import Item, TodoRunner, drop, finish, put
from aftercare_events.todo.items import claiming
from support.running import eventually, running
from support.sample_events import NOON, noted
from support.toy_tables import DUE, Notes, infra


class Visits:
    """Answers each item with `done`, based on the event that put it on the list."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self.seen: Counter[str] = Counter()

    async def visit(self, item: Item) -> None:
        self.seen[item.key] += 1
        expect = Expect(f"ac.*.case.{item.key}", item.position)
        await self._log.append([noted(item.key, "done")], [expect])


class AlwaysReady:
    caught_up = True

    def on_commit(self, callback: object) -> None:
        """Nothing is projected here."""


@pytest.fixture
def projector(engine: AsyncEngine, memory: MemoryLog, clock: ManualClock) -> Projector:
    return Projector(Notes(), memory, engine, infra, clock)


@pytest.fixture
def visits(memory: MemoryLog) -> Visits:
    return Visits(memory)


def runner_of(
    handler: object, engine: AsyncEngine, clock: ManualClock, projector: object, **options: object
) -> TodoRunner:
    return TodoRunner({"visit": handler}, engine, infra, clock, projector=projector, **options)


async def listed(engine: AsyncEngine) -> dict[str, tuple[int, str | None, datetime]]:
    todo = infra.todo
    query = select(todo.c.key, todo.c.attempts, todo.c.last_error, todo.c.not_before)
    async with engine.connect() as connection:
        return {key: (n, error, at) for key, n, error, at in await connection.execute(query)}


async def put_visits(engine: AsyncEngine, *keys: str, due: datetime = NOON) -> None:
    async with engine.begin() as connection:
        await put(connection, infra, [Item("visit", key, due, 1) for key in keys])


async def test_nothing_is_done_before_its_time(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, projector: Projector, visits: Visits
) -> None:
    await memory.append([noted("C1", "todo")])
    await projector.catch_up()
    runner = runner_of(visits.visit, engine, clock, projector)
    await clock.move_to(DUE - timedelta(microseconds=1))
    assert await runner.run_due() == 0
    await clock.move_to(DUE)
    assert await runner.run_due() == 1
    await projector.catch_up()
    assert await listed(engine) == {}


async def test_sleeping_runner_wakes_when_the_clock_or_the_projection_moves(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, projector: Projector, visits: Visits
) -> None:
    async def nothing_left() -> bool:
        return await listed(engine) == {}

    runner = runner_of(visits.visit, engine, clock, projector)
    async with running(projector.run(), runner.run()):
        assert await projector.wait_for(await memory.append([noted("C1", "todo")]))
        await asyncio.sleep(0.1)
        assert not visits.seen
        await clock.move_to(DUE)
        await eventually(nothing_left)
        assert await projector.wait_for(await memory.append([noted("C2", "todo")]))
        await eventually(nothing_left)
    assert visits.seen == {"C1": 1, "C2": 1}


async def test_two_runners_share_a_list_without_doing_anything_twice(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, projector: Projector, visits: Visits
) -> None:
    await memory.append([noted(f"C{n}", "todo") for n in range(500)])
    await clock.move_to(DUE)
    runners = [runner_of(visits.visit, engine, clock, projector) for _ in range(2)]

    async def nothing_left() -> bool:
        return await listed(engine) == {}

    async with running(projector.run(), *(runner.run() for runner in runners)):
        assert await projector.wait_for(500)
        await eventually(nothing_left)
    assert len(visits.seen) == 500
    assert set(visits.seen.values()) == {1}
    assert await memory.end() == 1_000


async def test_item_of_a_killed_worker_is_taken_over(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    class Killed(BaseException):
        """What a worker does not survive."""

    async def die(_: Item) -> None:
        raise Killed

    seen: list[str] = []

    async def note(item: Item) -> None:
        seen.append(item.key)

    await put_visits(engine, "C1")
    lease = timedelta(seconds=10)
    with pytest.raises(Killed):
        await runner_of(die, engine, clock, AlwaysReady(), lease=lease).run_due()
    survivor = runner_of(note, engine, clock, AlwaysReady(), lease=lease)
    await clock.advance(lease - timedelta(seconds=1))
    assert await survivor.run_due() == 0
    await clock.advance(timedelta(seconds=1))
    assert await survivor.run_due() == 1
    assert seen == ["C1"]


async def test_worker_that_slept_through_its_lease_does_not_begin(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    seen: list[str] = []

    async def doze_once(item: Item) -> None:
        seen.append(item.key)
        if len(seen) == 1:
            await clock.advance(timedelta(seconds=11))
        async with engine.begin() as connection:
            await drop(connection, infra, [(item.kind, item.key)])

    await put_visits(engine, "C1", "C2")
    lease = timedelta(seconds=10)
    runner = runner_of(doze_once, engine, clock, AlwaysReady(), lease=lease, concurrency=1)
    claimed = await runner.run_due()
    assert (sorted(seen), claimed) == (["C1", "C2"], 3)


async def _is(value: bool) -> bool:
    return value


async def test_failure_is_put_off_longer_each_time_and_tells_why(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    async def fail(_: Item) -> None:
        raise RuntimeError("printer of li@example.com on fire")

    runner = runner_of(fail, engine, clock, AlwaysReady())
    await put_visits(engine, "C1")
    waits: list[float] = []
    for _ in range(10):
        assert await runner.run_due() == 1
        attempts, error, not_before = (await listed(engine))["C1"]
        waits.append((not_before - clock.now()).total_seconds())
        await clock.move_to(not_before)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert (attempts, error) == (10, "RuntimeError: printer of […] on fire")


@pytest.mark.parametrize("passing", [Conflict("moved"), LogUnavailable("away"), TimeoutError()])
async def test_what_passes_by_itself_is_tried_again_soon(
    engine: AsyncEngine, clock: ManualClock, passing: Exception
) -> None:
    async def fail(_: Item) -> None:
        raise passing

    runner = runner_of(fail, engine, clock, AlwaysReady())
    await put_visits(engine, "C1")
    for _ in range(5):
        await runner.run_due()
        await clock.advance(timedelta(seconds=1))
    assert (await listed(engine))["C1"][0] == 5


async def test_changed_item_is_due_at_once_and_the_same_keeps_its_retries(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    async def fail(_: Item) -> None:
        raise RuntimeError

    runner = runner_of(fail, engine, clock, AlwaysReady())
    await put_visits(engine, "C1")
    await runner.run_due()
    await put_visits(engine, "C1")
    assert await runner.run_due() == 0
    await put_visits(engine, "C1", due=NOON - timedelta(minutes=1))
    assert await runner.run_due() == 1
    assert (await listed(engine))["C1"][0] == 1


async def test_slow_handler_holds_up_no_more_than_its_own_place(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    done: list[str] = []

    async def handle(item: Item) -> None:
        if item.key == "slow":
            await asyncio.sleep(3600)
        async with engine.begin() as connection:
            await drop(connection, infra, [(item.kind, item.key)])
        done.append(item.key)

    await put_visits(engine, "slow", *(f"C{n}" for n in range(50)))
    runner = runner_of(handle, engine, clock, AlwaysReady(), concurrency=2)
    async with running(runner.run()):
        await eventually(lambda: _is(len(done) == 50))


async def test_lag_is_what_the_oldest_due_item_has_waited(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    async def pass_by(_: Item) -> None:
        """Leaves the item where it is."""

    runner = runner_of(pass_by, engine, clock, AlwaysReady())
    await put_visits(engine, "C1", due=NOON + timedelta(minutes=1))
    await runner.run_due()
    assert runner.lag() == 0
    await clock.advance(timedelta(minutes=3))
    assert runner.lag() == 120


async def test_nobody_works_while_the_tables_are_behind(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    class Behind(AlwaysReady):
        caught_up = False

    async def never(item: Item) -> None:
        raise AssertionError(item)

    await put_visits(engine, "C1")
    runner = runner_of(never, engine, clock, Behind())
    async with running(runner.run()):
        await asyncio.sleep(0.3)
    assert (await listed(engine))["C1"][0] == 0


async def test_due_items_are_found_by_their_index(engine: AsyncEngine) -> None:
    """Cost grows with what is due, never with what is on the list."""
    await put_visits(engine, *(f"C{n}" for n in range(5_000)), due=NOON + timedelta(days=1))
    statement = claiming(infra, ["visit"], now=NOON, until=NOON, limit=10)
    plain = statement.compile(dialect=engine.dialect, compile_kwargs={"literal_binds": True})
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ANALYZE todo")
        plan = [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {plain}")]
    assert any("todo_next" in line for line in plan), plan
    assert not any("Seq Scan on todo" in line for line in plan), plan


async def test_batch_too_large_for_its_lease_is_done_in_smaller_ones(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    """Else the same batch would come again for ever, and nothing of it would be done."""
    sizes: list[int] = []

    async def handle(items: Sequence[Item]) -> None:
        sizes.append(len(items))
        if len(items) > 2:
            raise TimeoutError
        async with engine.begin() as connection:
            await drop(connection, infra, [(one.kind, one.key) for one in items])

    await put_visits(engine, *"ABCDEFGH")
    together = {"visit": handle}
    runner = TodoRunner({}, engine, infra, clock, projector=AlwaysReady(), together=together)
    for seconds in range(0, 9, 3):
        await clock.move_to(NOON + timedelta(seconds=seconds))
        await runner.run_due()
    assert sizes == [8, 4, 4, 2, 2, 2, 2]
    assert await listed(engine) == {}


async def test_finished_item_stands_and_is_handled_again_only_when_put_anew(
    engine: AsyncEngine, clock: ManualClock
) -> None:
    """R1: what was looked at to no effect stays a row that follows from the log."""
    seen: list[int] = []

    async def look(item: Item) -> None:
        seen.append(item.position)
        if item.position == 2:
            await put_at(3)
        await finish(engine, infra, item, now=clock.now())

    async def put_at(position: int) -> None:
        async with engine.begin() as connection:
            await put(connection, infra, [Item("visit", "C1", NOON, position)])

    runner = runner_of(look, engine, clock, AlwaysReady())
    for position in (1, 1, 2):
        await put_at(position)
        await runner.run_due()
        await clock.advance(timedelta(days=1))
    await runner.run_due()
    assert seen == [1, 2, 3]
    assert set(await listed(engine)) == {"C1"}
