"""DP-17: one communication to all customers concerned, on the status page and by mail, once."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.todo import NEVER
from intake.tables import infra
from intake.todos import NOTIFY
from support.intake_desk import Desk, fields
from support.intake_desk import desk as running
from support.mail_corpus import mail, plain, word
from support.mail_server import MailServer, mail_server
from support.running import eventually

LI_JING = "li.jing@citylibrary.example"
SERVICE = "service@aftercare.example"


@pytest.fixture
async def post() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def desk(tables_url: str, post: MailServer) -> AsyncIterator[Desk]:
    async with running(tables_url, smtp_url=post.url, mail_from=SERVICE) as at:
        await at.publish()
        await at.load()
        yield at


async def opened(desk: Desk, message_id: str) -> str:
    """A case that Li Jing opened by mail, acknowledged."""
    headers = f"Message-ID: <{message_id}>"
    raw = mail(LI_JING, word("灯不亮"), plain("坏了"), headers, threaded=False)
    case_id = (await desk.mail(raw)).json()["case_id"]
    await desk.promise(case_id)
    return case_id


async def announce(desk: Desk, *case_ids: str) -> int:
    position = 0
    for case_id in case_ids:
        notice = NoticeIssued(case_id=case_id, notice_id="A-1", zh="正在抢修", en="We are on it")
        position = await desk.say(notice)
    return position


async def notices(desk: Desk) -> list[dict[str, Any]]:
    """What the log says of notices sent and given up."""
    return [
        fields(one.event)
        async for batch in desk.log.read(subject="ac.intake.mail.*")
        for one in batch
        if fields(one.event).get("notice_id")
    ]


async def nothing_waits(desk: Desk) -> bool:
    """Everything said is projected, and no notice is still to be sent."""
    await desk.http.get("/v1/arrivals", params={"min_position": await desk.log.end()})
    todo = infra.todo
    query = select(func.count()).where(todo.c.kind == NOTIFY, todo.c.not_before < NEVER)
    async with desk.intake.engine.connect() as connection:
        return (await connection.execute(query)).scalar_one() == 0


async def test_person_with_two_cases_is_mailed_once_and_both_say_so(
    desk: Desk, post: MailServer
) -> None:
    cases = [await opened(desk, "m-1@x"), await opened(desk, "m-2@x")]
    await announce(desk, *cases)

    async def settled() -> bool:
        return bool(await notices(desk))

    await eventually(settled)
    late = await opened(desk, "m-3@x")
    await announce(desk, late)
    await eventually(partial(nothing_waits, desk))
    told = [one for one in post.mails if "服务通告" in one["Subject"]]
    assert [one["To"] for one in told] == [LI_JING]
    assert told[0]["Auto-Submitted"] == "auto-generated"
    body = told[0].get_body(("plain",))
    assert body is not None
    assert "正在抢修" in body.get_content()
    [said] = await notices(desk)
    assert said["case_id"] in cases


async def test_notice_stands_on_the_status_page_in_the_readers_language(desk: Desk) -> None:
    case_id = await opened(desk, "m-1@x")
    position = await announce(desk, case_id)
    path = desk.intake.links.path(case_id)
    at = f"{path}?min_position={position}"
    assert "正在抢修" in (await desk.http.get(f"{at}&lang=zh")).text
    assert "We are on it" in (await desk.http.get(f"{at}&lang=en")).text


async def test_whoever_has_no_address_is_not_mailed_and_that_is_on_record(
    desk: Desk, post: MailServer
) -> None:
    request = await desk.request(contact={"name": "王", "phone": "+86 139 5550 0001"})
    await announce(desk, request.json()["case_id"])

    async def settled() -> bool:
        return bool(await notices(desk))

    await eventually(settled)
    assert [one["reason"] for one in await notices(desk)] == ["no-address"]
    assert post.mails == []
