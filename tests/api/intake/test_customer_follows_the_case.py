"""The status page: by case number and secret link, nothing for anybody else (IN-01, IN-14)."""

import re
from datetime import timedelta
from typing import Any

import msgspec

from aftercare_events import catalogue
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import CasePromised, PromisedTime
from support.intake_desk import DESK, Desk, fields
from support.web_form import case_id_in, send, token_of

PHOTO = b"\xff\xd8\xff\xe0 a photo of the rack"


async def reported(desk: Desk) -> tuple[str, str]:
    """A case, and the way to its page that its reporter was shown."""
    desk.http.headers["Accept-Language"] = "en"
    received = await send(desk)
    [path] = re.findall(r'href="(/status/[^"]+)"', received.text)
    return case_id_in(received.text), path


async def happens(desk: Desk, *facts: msgspec.Struct, service: str = "dispatch") -> None:
    events = [
        catalogue.record(fact, service=service, time=desk.clock.now(), actor="E-1")
        for fact in facts
    ]
    assert await desk.intake.projector.wait_for(await desk.log.append(events))


async def add(desk: Desk, path: str, text: str, token: str | None = None, files: Any = None) -> Any:
    token = await token_of(desk, path) if token is None else token
    return await desk.http.post(path, data={"token": token, "text": text}, files=files)


async def test_link_shows_the_case_at_once_and_tells_no_one_else(desk: Desk) -> None:
    case_id, path = await reported(desk)
    page = await desk.http.get(path)
    assert page.status_code == 200
    assert case_id in page.text
    assert "We have it" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta name="referrer" content="no-referrer">' in page.text
    assert "李静" not in page.text


async def test_wrong_link_and_unknown_case_look_the_same(desk: Desk) -> None:
    case_id, path = await reported(desk)
    secret = path.rpartition("/")[2]
    wrong = [f"/status/{case_id}/{secret[:-1]}x", f"/status/4F7K-Q2M9/{secret}", "/status/é/é"]
    pages = [await desk.http.get(one) for one in wrong]
    pages.append(await desk.http.post(wrong[0], data={"text": "hello"}))
    assert {page.status_code for page in pages} == {404}
    mains = {page.text.partition("<main")[2].partition("</main>")[0] for page in pages}
    assert len(mains) == 1


async def test_page_tells_who_comes_and_by_when(desk: Desk) -> None:
    case_id, path = await reported(desk)
    now = desk.clock.now()
    times = (
        PromisedTime(clock="contact", due_at=now + timedelta(minutes=10)),
        PromisedTime(clock="restore", due_at=now + timedelta(hours=2)),
    )
    promised = CasePromised(
        case_id=case_id, policy="it-integration", policy_version=1, promised=times
    )
    assigned = c.CaseAssigned(
        case_id=case_id,
        engineer_id="E-77",
        mode="onsite",
        slot_start=now + timedelta(hours=1),
        slot_end=now + timedelta(hours=3),
    )
    await happens(desk, promised, service="sla")
    await happens(desk, assigned, c.CustomerContacted(case_id=case_id, note="rude man"))
    text = (await desk.http.get(path)).text
    assert "An engineer, who comes to you" in text
    assert (now + timedelta(hours=1)).isoformat() in text
    assert (now + timedelta(hours=2)).isoformat() in text
    assert times[0].due_at.isoformat() not in text
    assert "E-77" not in text
    assert "rude man" not in text


async def test_what_is_added_joins_the_case_once(desk: Desk) -> None:
    case_id, path = await reported(desk)
    token = await token_of(desk, path)
    files = [("files", ("机柜.jpg", PHOTO, "image/jpeg"))]
    first, again = [await add(desk, path, "<b>two</b> more lamps", token, files) for _ in "12"]
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    page = await desk.http.get(first.headers["Location"])
    assert "&lt;b&gt;two&lt;/b&gt; more lamps" in page.text
    assert "机柜.jpg" in page.text
    [event] = await desk.events("message_added")
    assert "lamps" not in str(fields(event))
    kept = await desk.http.get(f"/v1/cases/{case_id}/attachments/1", headers=DESK)
    assert kept.content == PHOTO


async def test_what_came_by_other_doors_is_not_shown(desk: Desk) -> None:
    case_id, path = await reported(desk)
    body = {"channel": "phone", "text": "my secret", "name": "王五"}
    await desk.http.post(f"/v1/cases/{case_id}/messages", json=body, headers=DESK)
    page = await desk.http.get(path)
    assert "Something was added by phone" in page.text
    assert "my secret" not in page.text


async def test_nothing_typed_is_lost_when_it_cannot_be_added(desk: Desk) -> None:
    _, path = await reported(desk)
    program = [("files", ("tool.exe", b"MZ\x90\x00", "image/png"))]
    answer = await add(desk, path, "the lamps", files=program)
    assert answer.status_code == 422
    assert ">the lamps</textarea>" in answer.text
    assert "<li>tool.exe</li>" in answer.text
    for wrong in ("", "x" * 5_001):
        assert (await add(desk, path, wrong)).status_code == 422
    assert not await desk.events("message_added")


async def test_case_that_goes_on_as_another_leads_there(desk: Desk) -> None:
    case_id, path = await reported(desk)
    into, other = await reported(desk)
    await desk.http.post(f"/v1/cases/{case_id}/merge", json={"into": into}, headers=DESK)
    answer = await desk.http.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, other)


async def test_who_looks_too_often_waits(desk: Desk) -> None:
    _, path = await reported(desk)
    seen = [(await desk.http.get(path)).status_code for _ in range(121)]
    assert seen == [200] * 120 + [429]
