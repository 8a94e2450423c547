"""R7: an event that cannot be applied delays none of the others, and somebody can see it."""

from collections.abc import Sequence

import nats
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import ManualClock
from aftercare_events.envelope import Recorded
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.memory import MemoryLog
from aftercare_events.projector import Projector, rebuild
from support.running import running
from support.sample_events import NOON, noted
from support.toy_tables import Notes, infra, notes

POISON = range(50, 10_000, 100)


def choke(batch: Sequence[Recorded]) -> None:
    for recorded in batch:
        if b"poison" in bytes(recorded.event.data):
            raise LookupError("no rule for 13800138000")


async def fill(log: MemoryLog, count: int) -> None:
    for start in range(0, count, 500):
        numbers = range(start, start + 500)
        await log.append([noted(f"C{n}", "poison" if n in POISON else "") for n in numbers])


async def test_a_hundred_among_ten_thousand(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    await fill(memory, 10_000)
    await Projector(Notes(choke), memory, engine, infra, clock).catch_up()
    async with engine.connect() as connection:
        aside = (await connection.execute(select(infra.poison))).mappings().all()
        projected = await connection.scalar(select(func.count()).select_from(notes))
    assert projected == 9_900
    assert sorted(row["position"] for row in aside) == [n + 1 for n in POISON]
    assert {row["reason"] for row in aside} == {"LookupError: no rule for […]"}
    assert {row["type"] for row in aside} == {"aftercare.case.responded.v1"}
    assert {row["set_aside_at"] for row in aside} == {NOON}


async def test_poison_refused_by_the_database_stands_alone_too(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    """PostgreSQL takes no NUL character; the transaction it spoiled is done again without it."""
    projector = Projector(Notes(), memory, engine, infra, clock)
    async with running(projector.run()):
        await memory.append([noted("C1"), noted("C2", "a\0b"), noted("C3")])
        assert await projector.wait_for(3)
    async with engine.connect() as connection:
        assert set(await connection.scalars(select(notes.c.case_id))) == {"C1", "C3"}
        assert list(await connection.scalars(select(infra.poison.c.position))) == [2]


async def test_rebuild_with_better_code_takes_poison_back(
    engine: AsyncEngine, memory: MemoryLog, clock: ManualClock
) -> None:
    await memory.append([noted("C1", "poison"), noted("C2")])
    await Projector(Notes(choke), memory, engine, infra, clock).catch_up()
    await rebuild(Notes(), engine, infra)
    await Projector(Notes(), memory, engine, infra, clock).catch_up()
    async with engine.connect() as connection:
        assert set(await connection.scalars(select(notes.c.case_id))) == {"C1", "C2"}
        assert list(await connection.scalars(select(infra.poison.c.position))) == []


@pytest.mark.parametrize(
    "nonsense", [b"", b"{", b"\xff\xfe", b"[]", b'{"id": 7}', b'{"id":"x","type":"y"}', b"\0" * 99]
)
async def test_message_that_is_no_event_stops_nobody(
    nonsense: bytes, engine: AsyncEngine, log: JetStreamLog, nats_url: str, clock: ManualClock
) -> None:
    projector = Projector(Notes(), log, engine, infra, clock)
    async with running(projector.run()):
        await log.append([noted("C1")])
        stranger = await nats.connect(nats_url)
        await stranger.jetstream().publish("ac.intake.case.C1", nonsense)
        await stranger.close()
        position = await log.append([noted("C2")])
        assert await projector.wait_for(position)
    async with engine.connect() as connection:
        assert set(await connection.scalars(select(notes.c.case_id))) == {"C1", "C2"}
        aside = (await connection.execute(select(infra.poison))).mappings().one()
    assert (aside["position"], aside["type"]) == (2, "aftercare.message.unreadable")
    last = await log.last("ac.*.case.C1")
    assert last is not None
    assert (last.position, last.event.type) == (2, "aftercare.message.unreadable")
