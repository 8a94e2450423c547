"""An acknowledgement with the number and the promised times goes back, once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from aftercare_events.catalogue.sla import PromisedTime
from aftercare_events.log import LogUnavailable
from aftercare_events.todo import Item
from intake.background import mail_kinds
from intake.mail.correspondence import GIVE_UP_AFTER, MOST_PER_HOUR
from intake.settings import IntakeSettings
from intake.todos import ACKNOWLEDGE, PATIENCE
from support.intake_desk import MASTER_KEY, START, Desk, fields
from support.intake_desk import desk as running
from support.mail_corpus import mail, plain, word
from support.mail_server import MailServer, mail_server

LI_JING = "li.jing@citylibrary.example"
SERVICE = "service@aftercare.example"
RESPOND = PromisedTime(clock="respond", due_at=START + timedelta(hours=2), provisional=True)
REPAIR = PromisedTime(clock="cleaning", due_at=START + timedelta(hours=30))


@pytest.fixture
async def post() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def desk(database_url: str, post: MailServer) -> AsyncIterator[Desk]:
    settings = {"smtp_url": post.url, "mail_from": SERVICE}
    async with running(database_url, **settings) as at:
        await at.publish()
        await at.load()
        yield at


async def opened(
    desk: Desk, message_id: str = "m-1@x", sender: str = LI_JING, *headers: str, text: str = "坏了"
) -> str:
    raw = mail(
        sender, word(text), plain(text), f"Message-ID: <{message_id}>", *headers, threaded=False
    )
    said = (await desk.mail(raw)).json()
    assert said["disposition"] == "opened", said
    return said["case_id"]


def settings_of(post: MailServer) -> IntakeSettings:
    values = {"smtp_url": post.url, "mail_from": SERVICE, "master_key": MASTER_KEY}
    return IntakeSettings.model_validate(values)


async def said(desk: Desk, count: int = 1) -> list[dict[str, Any]]:
    """What the log says of that many acknowledgements, as soon as it does."""
    found: list[dict[str, Any]] = []
    async for batch in desk.log.read(subject="ac.intake.mail.*", follow=True):
        found += [fields(one.event) for one in batch if "received" not in one.event.type]
        if len(found) >= count:
            return found
    raise AssertionError("the log ended")


def words(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


async def test_number_and_promised_times_go_back_in_the_thread(
    desk: Desk, post: MailServer
) -> None:
    case_id = await opened(desk)
    await desk.promise(case_id, RESPOND, REPAIR)
    [fact] = await said(desk)
    assert (fact["case_id"], fact["promised"]) == (case_id, True)

    [answer] = post.mails
    assert (post.recipients, answer["To"]) == ([LI_JING], LI_JING)
    assert SERVICE in answer["From"]
    assert answer["Subject"] == f"[{case_id}] 您的请求已受理"
    assert answer["In-Reply-To"] == answer["References"] == "<m-1@x>"
    assert answer["Auto-Submitted"] == "auto-replied"
    text = words(answer)
    assert "- 响应: 11月2日 周一 11:00（暂定" in text
    assert "- cleaning: 11月3日 周二 15:00\n" in text
    assert f"/status/{case_id}/" in text
    assert "坏了" not in answer.as_string()
    rich = answer.get_body(("html",))
    assert rich is not None
    assert case_id in rich.get_content()


async def test_answer_to_the_acknowledgement_joins_the_case(desk: Desk, post: MailServer) -> None:
    case_id = await opened(desk)
    await desk.promise(case_id, RESPOND)
    await said(desk)
    ours = post.mails[0]["Message-ID"]
    raw = mail(
        "colleague@citylibrary.example",
        "thanks",
        plain("x"),
        f"In-Reply-To: {ours}",
        threaded=False,
    )
    assert (await desk.mail(raw)).json()["case_id"] == case_id


async def test_acknowledgement_that_comes_back_is_recorded_and_not_answered(
    desk: Desk, post: MailServer
) -> None:
    await desk.promise(await opened(desk), RESPOND)
    await said(desk)
    returned = (await desk.mail(post.mails[0].as_bytes())).json()
    assert (returned["disposition"], returned["reason"]) == ("automatic", "loop")


async def test_without_a_promise_it_goes_out_after_a_while_without_times(
    desk: Desk, post: MailServer
) -> None:
    await opened(desk)
    assert post.mails == []
    await desk.clock.advance(PATIENCE)
    [fact] = await said(desk)
    assert "promised" not in fact
    assert "承诺" not in words(post.mails[0])


async def test_contact_reads_the_language_she_chose_and_others_the_one_they_write(
    desk: Desk, post: MailServer
) -> None:
    entry = {"customer_id": "C-1", "name": "Li", "emails": [LI_JING], "language": "en"}
    await desk.http.put("/v1/contacts/P-1", json=entry)
    await desk.promise(await opened(desk), RESPOND)
    await said(desk)
    await desk.promise(await opened(desk, "m-2@x", "stranger@x.example", text="broken"))
    await said(desk, 2)
    await desk.promise(await opened(desk, "m-3@x", "other@x.example", text="坏了"))
    await said(desk, 3)
    assert [("Hello" in words(one)) for one in post.mails] == [True, True, False]


async def test_same_case_is_acknowledged_once_whoever_asks_again(
    desk: Desk, post: MailServer
) -> None:
    case_id = await opened(desk)
    await desk.promise(case_id, RESPOND)
    await said(desk)
    handler = mail_kinds(desk.intake, settings_of(post))[ACKNOWLEDGE]
    await handler(Item(ACKNOWLEDGE, case_id, desk.clock.now(), 1))
    raw = mail(LI_JING, word("坏了"), plain("坏了"), "Message-ID: <m-1@x>", threaded=False)
    assert (await desk.mail(raw)).json()["duplicate"] is True
    assert len(post.mails) == len(await desk.events("mail.sent")) == 1


async def test_crash_after_sending_repeats_the_very_same_mail(desk: Desk, post: MailServer) -> None:
    case_id = await opened(desk)
    handler = mail_kinds(desk.intake, settings_of(post))[ACKNOWLEDGE]
    item = Item(ACKNOWLEDGE, case_id, desk.clock.now(), 1)
    assert await desk.intake.projector.wait_for(await desk.log.end())
    desk.log.fail_next(written=False)
    with pytest.raises(LogUnavailable):
        await handler(item)
    await handler(item)
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert len(await desk.events("mail.sent")) == 1


async def test_follow_up_is_not_acknowledged(desk: Desk, post: MailServer) -> None:
    case_id = await opened(desk)
    await desk.promise(case_id, RESPOND)
    await said(desk)
    raw = mail(LI_JING, f"re {case_id}", plain("more"), threaded=False)
    assert (await desk.mail(raw)).json()["disposition"] == "joined"
    await desk.promise(await opened(desk, "m-2@x"), RESPOND)
    assert len(await said(desk, 2)) == len(post.mails) == 2


async def test_mail_over_a_list_is_not_answered(desk: Desk, post: MailServer) -> None:
    case_id = await opened(desk, "m-1@x", LI_JING, "List-Id: <all.x>")
    await desk.promise(case_id, RESPOND)
    await desk.promise(await opened(desk, "m-2@x"), RESPOND)
    assert [fact["case_id"] != case_id for fact in await said(desk)] == [True]


async def test_programs_that_answer_each_other_stop(desk: Desk, post: MailServer) -> None:
    for number in range(MOST_PER_HOUR + 1):
        await desk.promise(await opened(desk, f"m-{number}@x"), RESPOND)
        facts = await said(desk, number + 1)
    assert facts[-1]["reason"] == "too-many"
    assert len(post.mails) == MOST_PER_HOUR


async def test_server_that_refuses_for_good_is_not_asked_again(
    desk: Desk, post: MailServer
) -> None:
    post.answer = "550 no such user"
    await desk.promise(await opened(desk), RESPOND)
    [fact] = await said(desk)
    assert fact["reason"] == "refused"


async def test_server_that_is_away_is_asked_again_until_nobody_waits_any_more(
    desk: Desk, post: MailServer
) -> None:
    post.answer = "451 later"
    case_id = await opened(desk)
    await desk.promise(case_id, RESPOND)
    await post.asked.wait()
    post.answer = "250 OK"
    await desk.clock.advance(timedelta(minutes=10))
    assert [fact["case_id"] for fact in await said(desk)] == [case_id]

    post.answer = "451 later"
    await desk.promise(await opened(desk, "m-2@x"), RESPOND)
    post.asked.clear()
    await post.asked.wait()
    await desk.clock.advance(GIVE_UP_AFTER + timedelta(minutes=1))
    assert (await said(desk, 2))[-1]["reason"] == "expired"


async def test_address_that_is_none_is_never_written_to(desk: Desk, post: MailServer) -> None:
    case_id = await opened(desk, "m-1@x", '"a@b.example,c"@d.example')
    await desk.promise(case_id)
    assert [fact["reason"] for fact in await said(desk)] == ["no-address"]


async def test_web_request_is_answered_and_a_call_is_not(desk: Desk, post: MailServer) -> None:
    contact = {"name": "Wu", "email": "wu@x.example"}
    call = (await desk.request(contact=contact)).json()["case_id"]
    web = (await desk.request(channel="web", contact=contact)).json()["case_id"]
    for case_id in (call, web):
        await desk.promise(case_id, RESPOND)
    assert [fact["case_id"] for fact in await said(desk)] == [web]
    assert post.recipients == ["wu@x.example"]


async def test_web_request_without_an_address_never_waits(desk: Desk, post: MailServer) -> None:
    nobody = (await desk.request(channel="web", contact={"name": "Wu"})).json()
    answer = await desk.request(channel="web", contact={"name": "Li", "email": "li@x.example"})
    await desk.promise(nobody["case_id"], RESPOND)
    await desk.promise(answer.json()["case_id"], RESPOND)
    await said(desk)
    await desk.clock.advance(GIVE_UP_AFTER)
    assert await desk.events("mail.given_up") == []
    [reported, _] = await desk.events("case.reported")
    assert fields(reported)["unanswered"] == "no-address"
    assert post.recipients == ["li@x.example"]
