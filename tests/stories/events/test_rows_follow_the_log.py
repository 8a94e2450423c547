"""A read model is the fold of its log, whatever happens between the two."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import ManualClock
from aftercare_events.envelope import Recorded
from aftercare_events.memory import MemoryLog
from aftercare_events.projector import Projector, rebuild
from aftercare_events.projector import projector as projecting
from aftercare_events.sql import create_engine
from aftercare_events.testing import diff_tables, fold_into
from support.running import eventually, running
from support.sample_events import noted
from support.toy_tables import Notes, create_toy_tables, infra, notes

TABLES = (notes, infra.todo, infra.poison)


def project(
    engine: AsyncEngine, log: MemoryLog, clock: ManualClock, projection: Notes | None = None
) -> Projector:
    return Projector(projection or Notes(), log, engine, infra, clock)


async def fill(log: MemoryLog, count: int, *, cases: int = 7) -> None:
    for number in range(count):
        note = ("todo", "done", f"note {number}")[number % 3]
        await log.append([noted(f"C{number % cases}", note)])


async def assert_rows_are_the_fold(engine: AsyncEngine, url: str, log: MemoryLog) -> None:
    truth = create_engine(url, schema="truth")
    try:
        await create_toy_tables(truth, "truth")
        await fold_into(truth, Notes(), infra, log)
        assert await diff_tables(engine, truth, TABLES) == []
    finally:
        await truth.dispose()


async def test_catching_up_reaches_the_end(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, database_url: str
) -> None:
    await fill(memory, 2_500)
    projector = project(engine, memory, clock)
    assert await projector.catch_up() == 2_500
    assert (projector.position, projector.lag(), projector.caught_up) == (2_500, 0, True)
    await assert_rows_are_the_fold(engine, database_url, memory)


async def test_reader_waits_for_its_own_write(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    projector = project(engine, memory, clock)
    moves: list[int] = []
    projector.on_commit(moves.append)
    async with running(projector.run()):
        position = await memory.append([noted("C1", "mine")])
        assert await projector.wait_for(position)
        assert not await projector.wait_for(position + 1, 0.05)
    assert moves[-1] == position


async def test_small_commits_are_gathered_unless_somebody_waits(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting, "LINGER_SECONDS", 3600)
    projection = Notes()
    projector = project(engine, memory, clock, projection)
    async with running(projector.run()):
        assert await projector.wait_for(await memory.append([noted("C1")]))
        before = projection.batches
        await fill(memory, 50)
        assert await projector.wait_for(51)
        assert await projector.wait_for(await memory.append([noted("C1")]))
    assert projection.batches - before <= 3


async def test_process_that_does_not_lead_sees_what_the_leader_wrote(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    leader, other = project(engine, memory, clock), project(engine, memory, clock)
    heard: list[int] = []
    other.on_commit(heard.append)
    async with running(leader.run()):
        assert await leader.wait_for(await memory.append([noted("C1")]))
        async with running(other.run()):
            position = await memory.append([noted("C2")])
            assert await other.wait_for(position)
    assert heard[-1] == position


async def test_leader_hurries_for_whoever_waits_in_another_process(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting, "LINGER_SECONDS", 3600)
    leader, other = project(engine, memory, clock), project(engine, memory, clock)
    async with running(leader.run(), other.watch()):
        for _ in range(3):
            assert await other.wait_for(await memory.append([noted("C1")]))


async def test_two_projectors_apply_each_event_once(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, database_url: str
) -> None:
    first, second = Notes(), Notes()
    racers = [project(engine, memory, clock, one) for one in (first, second)]
    async with running(*(racer.run() for racer in racers)):
        await fill(memory, 300)
        for racer in racers:
            assert await racer.wait_for(300, 10)
    assert 0 in (first.batches, second.batches)
    await assert_rows_are_the_fold(engine, database_url, memory)


async def test_split_brain_changes_nothing(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, database_url: str
) -> None:
    """Both believe that they lead: the checkpoint lets one of them move it, and the other out."""
    await fill(memory, 3_000)
    racers = [project(engine, memory, clock) for _ in range(4)]
    await asyncio.gather(*(one.catch_up() for one in racers), return_exceptions=True)
    await project(engine, memory, clock).catch_up()
    await assert_rows_are_the_fold(engine, database_url, memory)


async def test_another_takes_over_when_the_lock_is_lost(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    projector = project(engine, memory, clock)
    async with running(projector.run()):
        assert await projector.wait_for(await memory.append([noted("C1")]))
        async with engine.connect() as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks"
                    " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                )
            )
        assert await projector.wait_for(await memory.append([noted("C2")]), 10)


async def test_crash_before_the_commit_leaves_nothing_behind(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, database_url: str
) -> None:
    class Crash(BaseException):
        """The process ends here."""

    def crash(_: Sequence[Recorded]) -> None:
        raise Crash

    await fill(memory, 50)
    with pytest.raises(Crash):
        await project(engine, memory, clock, Notes(crash)).catch_up()
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(notes)) == 0
    assert await project(engine, memory, clock).catch_up() == 50
    await assert_rows_are_the_fold(engine, database_url, memory)


async def test_rebuild_under_a_running_projector_gives_the_same_rows(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock, database_url: str
) -> None:
    projection = Notes()
    projector = project(engine, memory, clock, projection)
    await fill(memory, 500)
    async with running(projector.run()):
        assert await projector.wait_for(500)
        before = projection.batches
        await rebuild(projection, engine, infra)

        async def built_again() -> bool:
            return projection.batches > before and projector.position == 500

        await eventually(built_again)
        for number in range(5):
            await rebuild(projection, engine, infra)
            await memory.append([noted("C1", f"meanwhile {number}")])
        assert await projector.wait_for(505, 10)
    await project(engine, memory, clock).catch_up()
    await assert_rows_are_the_fold(engine, database_url, memory)


async def test_projector_of_an_empty_schema_waits_for_its_tables(
    database_url: str, memory: MemoryLog, clock: ManualClock
) -> None:
    """A service that is not migrated yet must not set the whole log aside as poison."""
    engine = create_engine(database_url, schema="late")
    await memory.append([noted("C1")])
    projector = project(engine, memory, clock)
    try:
        async with running(projector.run()):
            await asyncio.sleep(0.7)
            assert not projector.caught_up
            await create_toy_tables(engine, "late")
            assert await projector.wait_for(1, 10)
        async with engine.connect() as connection:
            assert (await connection.execute(select(infra.poison))).all() == []
    finally:
        await engine.dispose()
