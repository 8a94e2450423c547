"""A fax is read once it is in the log, and never again (IN-16)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.intake import FaxProposal, FaxRead, FaxReadingFailed
from aftercare_events.envelope import Event
from aftercare_events.projector import rebuild
from intake import tables, todos
from intake.projection import IntakeProjection
from support.faxes import tiff, typed
from support.intake_desk import Desk
from support.intake_desk import desk as running

FAX = tiff(typed(["序列号 IT-SRV-01", "系统瘫痪 level 1"], size=(640, 256)))


@asynccontextmanager
async def reading_desk(database_url: str) -> AsyncIterator[Desk]:
    async with running(database_url, read_faxes=True) as desk:
        await desk.publish()
        await desk.load()
        yield desk


async def send(desk: Desk, content: bytes = FAX, job_id: str = "fax-1") -> str:
    form = {"job_id": job_id, "sender": "+86 138 5550 0119"}
    answer = await desk.http.post("/v1/faxes", files={"file": ("fax.tif", content)}, data=form)
    assert answer.status_code == 202, answer.text
    return answer.json()["case_id"]


async def said(desk: Desk, kind: str, count: int = 1) -> list[Event]:
    while len(events := await desk.events(kind)) < count:
        await asyncio.sleep(0.05)
    return events


async def waiting(desk: Desk) -> list[str]:
    """What stands on the list once the tables know the whole log."""
    end = len(await desk.events())
    checkpoint, todo = tables.infra.checkpoint, tables.infra.todo
    items = select(todo.c.key).where(todo.c.kind == todos.READ_FAX)
    async with desk.intake.engine.connect() as connection:
        while (await connection.execute(select(checkpoint.c.position))).scalar() != end:
            await asyncio.sleep(0.05)
        return list((await connection.execute(items)).scalars())


async def test_words_are_sealed_and_the_fax_leaves_the_list(database_url: str) -> None:
    async with reading_desk(database_url) as desk:
        case_id = await send(desk)
        [event] = await said(desk, "fax.read.")
        read: FaxRead = decode(event)
        assert (read.case_id, read.pages) == (case_id, 1)
        assert read.confidence > 0.8
        assert b"SRV" not in bytes(event.data)
        opened = await desk.intake.vault.open(read.text)
        assert opened is not None
        assert "IT-SRV-01" in opened["pages"][0]
        assert read.proposal == FaxProposal(
            kind="fault", severity="1", device_id="D-1", customer_id="C-1"
        )
        assert await waiting(desk) == []


async def test_rebuilt_tables_do_not_have_it_read_again(database_url: str) -> None:
    async with reading_desk(database_url) as desk:
        await send(desk)
        await said(desk, "fax.read.")
        await rebuild(IntakeProjection(), desk.intake.engine, tables.infra)
        assert await waiting(desk) == []
        assert len(await desk.events("fax.read.")) == 1


async def test_fax_that_cannot_be_read_is_tried_three_times(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.fax.reading.read_page", divmod)
    async with reading_desk(database_url) as desk:
        await send(desk)
        for attempt in (1, 2, 3):
            failed: FaxReadingFailed = decode((await said(desk, "reading_failed", attempt))[-1])
            assert (failed.attempt, failed.reason) == (attempt, "unreadable: TypeError")
            await desk.clock.advance(timedelta(minutes=10))
        assert await waiting(desk) == []
