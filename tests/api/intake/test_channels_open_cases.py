import asyncio
import smtplib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from intake import lmtp
from intake.mail.limits import KEPT_BYTES, MAX_BYTES, MAX_HEADER_BYTES
from support.intake_desk import CALL, REQUEST, SAMPLES, Desk, fields

FIRST = (SAMPLES / "01-mail-gb18030.eml").read_bytes()
REPLY = (SAMPLES / "02-mail-reply-utf8.eml").read_bytes()
LI_JING = "li.jing@citylibrary.example"
AUTOMATIC = (SAMPLES / "05-mail-auto-reply.eml").read_bytes()
FAX = (SAMPLES / "11-fax-two-pages.tif").read_bytes()
TAKEN_DOWN = {
    name: REQUEST[name] for name in ("kind", "device_serial", "severity", "summary", "description")
}


async def call(desk: Desk, **changes: Any) -> Any:
    return await desk.http.post("/v1/calls", json=CALL | changes)


async def fax(desk: Desk, content: bytes = FAX, **form: str) -> Any:
    data = {"job_id": "fax-1", "sender": "+86 138 5550 0119"} | form
    return await desk.http.post("/v1/faxes", files={"file": ("fax.tif", content)}, data=data)


async def test_call_without_a_request_is_only_recorded(desk: Desk) -> None:
    answer = await call(desk)
    assert (answer.status_code, answer.json()["case_id"]) == (202, None)
    [event] = await desk.events("call.recorded")
    data = fields(event)
    assert (data["reference"], data["customer_id"]) == ("1760232005.1187", "C-1")
    assert "5550" not in bytes(event.data).decode()
    assert not await desk.events("case.reported")


async def test_call_with_a_request_opens_a_case_at_the_time_of_the_call(desk: Desk) -> None:
    answer = await call(desk, request=TAKEN_DOWN)
    case = await desk.case(answer)
    assert case["reported_at"] == "2026-11-02T00:50:17Z"
    assert case["report"]["customer_id"] == "C-1"
    assert case["contact"]["phone"] == CALL["caller"]
    [event] = await desk.events("call.recorded")
    assert fields(event)["case_id"] == case["case_id"]


async def test_one_call_is_one_call(desk: Desk) -> None:
    first = await call(desk, request=TAKEN_DOWN)
    again = await call(desk, request=TAKEN_DOWN)
    assert again.json() == first.json() | {"duplicate": True}
    answers = await asyncio.gather(
        *(call(desk, call_id="2", request=TAKEN_DOWN) for _ in range(20))
    )
    assert len({answer.json()["case_id"] for answer in answers}) == 1
    assert len(await desk.events("case.reported")) == 2


async def test_one_call_with_another_content_is_refused(desk: Desk) -> None:
    await call(desk)
    for changes in ({"agent": "agent-08"}, {"request": TAKEN_DOWN}):
        answer = await call(desk, **changes)
        assert (answer.status_code, answer.json()["field"]) == (422, "call_id")
    assert len(await desk.events("call.recorded")) == 1


async def test_contradictory_calls_are_refused(desk: Desk) -> None:
    bad: list[tuple[dict[str, Any], str]] = [
        ({"ended_at": "2026-11-02T08:50:00+08:00"}, "ended_at"),
        ({"answered_at": "2026-11-02T08:55:00+08:00"}, "answered_at"),
        ({"outcome": "abandoned"}, "answered_at"),
        ({"ended_at": "2026-11-02T09:10:00+08:00"}, "ended_at"),
        ({"request": TAKEN_DOWN | {"severity": "9"}}, "severity"),
        ({"request": TAKEN_DOWN | {"customer_id": "C-9"}}, "customer_id"),
        ({"request": {"kind": "fault"}}, "request"),
        ({"outcome": "engaged"}, "outcome"),
    ]
    end = await desk.log.end()
    for changes, field in bad:
        answer = await call(desk, **changes)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert await desk.log.end() == end


async def test_calls_are_listed_and_found_by_their_own_id(desk: Desk) -> None:
    for number in range(3):
        answer = await call(desk, call_id=f"pbx/{number}")
    position = {"min_position": answer.json()["position"]}
    page = await desk.http.get("/v1/calls", params=position | {"limit": 2})
    assert len(page.json()["items"]) == 2
    rest = await desk.http.get("/v1/calls", params={"cursor": page.json()["next"]})
    assert len(rest.json()["items"]) == 1
    found = await desk.http.get("/v1/calls", params={"call_id": "pbx/1"})
    assert [item["reference"] for item in found.json()["items"]] == ["pbx/1"]


async def test_mail_opens_a_case_for_its_sender(desk: Desk) -> None:
    answer = await desk.mail(FIRST)
    assert answer.json()["disposition"] == "opened"
    case = await desk.case(answer)
    assert case["report"]["customer_id"] == "C-1"
    assert case["report"]["summary"] == "图书馆服务器无法启动"
    assert "硬盘灯全红" in case["contact"]["description"]
    for event in await desk.events():
        assert "硬盘灯" not in bytes(event.data).decode()


async def test_mail_and_its_attachments_can_be_fetched_as_they_came(desk: Desk) -> None:
    raw = (SAMPLES / "04-mail-quoted-printable-attachment.eml").read_bytes()
    case = await desk.case(await desk.mail(raw))
    assert case["attachments"] == [1, 2]
    path = f"/v1/cases/{case['case_id']}/attachments"
    attachment, original = await desk.http.get(f"{path}/1"), await desk.http.get(f"{path}/2")
    assert attachment.content.startswith(b"2026-10-12 10:41:07 ERROR")
    assert "%E9%94%99%E8%AF%AF" in attachment.headers["Content-Disposition"]
    assert original.content == raw
    assert (await desk.http.get(f"{path}/3")).status_code == 404


async def test_reply_joins_its_case_however_fast_it_follows(desk: Desk) -> None:
    first, reply = await desk.mail(FIRST), await desk.mail(REPLY)
    assert reply.json()["disposition"] == "joined"
    assert reply.json()["case_id"] == first.json()["case_id"]
    case = await desk.case(reply)
    assert "UPS" in case["messages"][0]["said"]["text"]


async def test_case_number_in_the_subject_joins(desk: Desk) -> None:
    case_id = (await desk.request()).json()["case_id"]
    raw = f"From: {LI_JING}\r\nSubject: about {case_id}\r\n\r\nstill broken".encode()
    assert (await desk.mail(raw)).json()["case_id"] == case_id


async def test_reply_to_a_merged_case_joins_where_it_goes_on(desk: Desk) -> None:
    first = (await desk.mail(FIRST)).json()
    other = (await desk.request()).json()
    path = f"/v1/cases/{first['case_id']}/merge"
    merged = await desk.http.post(path, json={"into": other["case_id"]})
    assert merged.status_code == 200, merged.text
    await desk.case(merged)
    assert (await desk.mail(REPLY)).json()["case_id"] == other["case_id"]


async def test_reply_to_an_ended_case_opens_a_new_one(desk: Desk) -> None:
    first = (await desk.mail(FIRST)).json()
    ended = await desk.http.post(f"/v1/cases/{first['case_id']}/withdraw", json={})
    await desk.case(ended)
    reply = await desk.mail(REPLY)
    assert reply.json()["disposition"] == "opened"
    case = await desk.case(reply)
    assert case["case_id"] != first["case_id"]
    assert case["report"]["arises_from"] == first["case_id"]


async def test_same_message_twice_is_one_case(desk: Desk) -> None:
    first = await desk.mail(FIRST)
    again = await desk.mail(b"Received: by another way\r\n" + FIRST)
    assert again.json() == first.json() | {"duplicate": True}
    await desk.mail(REPLY)
    await desk.mail(REPLY)
    assert len(await desk.events("case.reported")) == 1
    assert len(await desk.events("message_added")) == 1


async def test_same_message_at_once_is_one_case(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.mail(FIRST) for _ in range(10)))
    assert len({answer.json()["case_id"] for answer in answers}) == 1
    assert len(await desk.events("case.reported")) == 1


async def test_automatic_mail_is_recorded_and_no_case(desk: Desk) -> None:
    answer = await desk.mail(AUTOMATIC)
    assert (answer.json()["disposition"], answer.json()["case_id"]) == ("automatic", None)
    assert len(await desk.events("mail.received")) == 1
    assert not await desk.events("case.reported")


async def test_mail_beyond_the_limits_lies_in_quarantine_with_its_reason(desk: Desk) -> None:
    bomb = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 5_000
    answer = await desk.mail(bomb)
    assert answer.status_code == 202
    assert answer.json()["disposition"] == "quarantined"
    assert answer.json()["reason"] == "too-many-parts"
    assert not await desk.events("case.reported")


async def test_mail_of_a_stranger_is_a_case_held_for_verification(desk: Desk) -> None:
    await desk.mail(b"From: new@nowhere.example\r\nSubject: help\r\n\r\nbroken")
    data = fields((await desk.events("case.reported"))[0])
    assert (data["held_for"], data["policy"]) == ("unknown-contact", "it-integration")


async def test_empty_mail_is_refused(desk: Desk) -> None:
    assert (await desk.mail(b" \r\n")).status_code == 422


async def test_fax_opens_a_case_and_keeps_its_pages(desk: Desk) -> None:
    answer = await fax(desk)
    assert answer.status_code == 202, answer.text
    case = await desk.case(answer)
    assert case["report"]["summary"] == "Fax from a registered number, 2 pages"
    assert (case["kind"], case["severity"]) == ("fault", None)
    assert case["report"]["customer_id"] == "C-1"
    page = await desk.http.get(f"/v1/cases/{case['case_id']}/attachments/1")
    assert page.content == FAX


async def test_one_job_is_one_fax(desk: Desk) -> None:
    first, again = await fax(desk), await fax(desk)
    assert again.json() == first.json() | {"duplicate": True}
    other = await fax(desk, FAX + b"\x00")
    assert (other.status_code, other.json()["field"]) == (422, "job_id")
    assert len(await desk.events("case.reported")) == 1


async def test_fax_came_in_when_the_fax_server_says(desk: Desk) -> None:
    at = desk.clock.now() - timedelta(minutes=7)
    await fax(desk, received_at=at.isoformat())
    assert (await desk.events("case.reported"))[0].time == at


async def test_what_is_no_fax_is_refused_and_a_damaged_one_is_put_aside(desk: Desk) -> None:
    refused = await fax(desk, b"GIF89a")
    assert (refused.status_code, refused.json()["field"]) == (422, "file")
    damaged = await fax(desk, FAX[:5_000])
    assert damaged.json()["disposition"] == "quarantined"
    assert "damaged TIFF" in damaged.json()["reason"]
    missing = await desk.http.post("/v1/faxes", data={"job_id": "2"})
    assert missing.status_code == 422


@pytest.fixture
async def mail_port(desk: Desk) -> AsyncIterator[int]:
    door = lmtp.MailDoor(desk.intake.mailroom, desk.clock)
    async with lmtp.listening(door, "127.0.0.1", 0) as port:
        yield port


def deliver(port: int, sender: str, raw: bytes) -> Any:
    with smtplib.LMTP("127.0.0.1", port, timeout=30) as door:
        return door.sendmail(sender, ["service@aftercare.example"], raw)


async def test_mail_by_lmtp_is_the_same_as_by_http(desk: Desk, mail_port: int) -> None:
    await asyncio.to_thread(deliver, mail_port, "li.jing@citylibrary.example", FIRST)
    assert (await desk.mail(FIRST)).json()["duplicate"] is True
    assert len(await desk.events("case.reported")) == 1


async def test_mail_by_smtp_is_answered_once_for_all_recipients(desk: Desk) -> None:
    door = lmtp.MailDoor(desk.intake.mailroom, desk.clock)
    everybody = ["service@aftercare.example", "repair@aftercare.example"]

    def send(port: int) -> dict[str, Any]:
        with smtplib.SMTP("127.0.0.1", port) as client:
            return client.sendmail(LI_JING, everybody, FIRST)

    async with lmtp.listening(door, "127.0.0.1", 0, lmtp.SmtpDoor) as port:
        assert await asyncio.to_thread(send, port) == {}
    assert (await desk.mail(FIRST)).json()["duplicate"] is True
    assert len(await desk.events("case.reported")) == 1


async def test_null_sender_of_the_envelope_is_automatic(desk: Desk, mail_port: int) -> None:
    await asyncio.to_thread(deliver, mail_port, "<>", b"From: a@b.example\r\n\r\nbounced")
    [event] = await desk.events("mail.received")
    assert fields(event)["reason"] == "null-sender"


async def test_line_of_any_length_is_taken_by_every_door(desk: Desk, mail_port: int) -> None:
    """IN-02: a page of HTML on one line is a mail like any other."""
    raw = b"From: " + LI_JING.encode() + b"\r\nSubject: long\r\n\r\n" + b"x" * 300_000 + b"\r\n"
    await asyncio.to_thread(deliver, mail_port, LI_JING, raw)
    assert (await desk.mail(raw)).json()["duplicate"] is True
    [event] = await desk.events("mail.received")
    assert fields(event)["disposition"] == "opened"


async def in_quarantine(desk: Desk) -> list[dict[str, Any]]:
    position = await desk.log.end()
    query = {"disposition": "quarantined", "min_position": position}
    return (await desk.http.get("/v1/arrivals", params=query)).json()["items"]


def large(size: int) -> bytes:
    head = b"From: " + LI_JING.encode() + b"\r\nSubject: photos\r\n\r\n"
    line = b"x" * 76 + b"\r\n"
    return head + line * ((size - len(head)) // len(line) + 1)


async def test_mail_too_large_to_be_read_is_kept_whole_in_quarantine(
    desk: Desk, mail_port: int
) -> None:
    """R6: the same by both doors, and once."""
    raw = large(MAX_BYTES)
    await asyncio.to_thread(deliver, mail_port, LI_JING, raw)
    again = (await desk.mail(raw)).json()
    assert (again["disposition"], again["reason"], again["duplicate"]) == (
        *("quarantined", "too-large", True),
    )
    [arrival] = await in_quarantine(desk)
    original = await desk.http.get(f"/v1/arrivals/{arrival['arrival_id']}/original")
    assert original.content == raw


@pytest.mark.parametrize("raw", [large(KEPT_BYTES), b"x" * (KEPT_BYTES + 9)])
async def test_mail_too_large_to_be_kept_is_refused_where_a_clerk_sees_it(
    desk: Desk, mail_port: int, raw: bytes
) -> None:
    """R6: whoever sent it is told, and that it came stands in quarantine with what there is."""
    everybody = ["service@aftercare.example", "repair@aftercare.example"]

    def send() -> list[int]:
        """The answers, one for each recipient."""
        with smtplib.LMTP("127.0.0.1", mail_port, timeout=30) as door:
            door.ehlo()
            assert not door.has_extn("size")
            door.mail(LI_JING)
            for recipient in everybody:
                door.rcpt(recipient)
            return [door.data(raw)[0], door.getreply()[0]]

    assert await asyncio.to_thread(send) == [552, 552]
    [arrival] = await in_quarantine(desk)
    assert arrival["reason"].startswith("larger than 50 MB")
    original = await desk.http.get(f"/v1/arrivals/{arrival['arrival_id']}/original")
    assert f"Return-Path: <{LI_JING}>\r\n" in original.text
    assert original.text.count("Delivered-To: ") == 2
    assert not await desk.events("case.reported")


async def test_mail_too_large_to_be_kept_is_refused_by_http_and_seen(desk: Desk) -> None:
    raw = large(KEPT_BYTES)
    for _ in range(2):
        refused = await desk.mail(raw)
        assert (refused.status_code, refused.json()["type"]) == (413, "/problems/body-too-large")
    [arrival] = await in_quarantine(desk)
    original = await desk.http.get(f"/v1/arrivals/{arrival['arrival_id']}/original")
    assert original.content == raw[:MAX_HEADER_BYTES]


async def test_mail_that_the_log_has_not_is_asked_for_again(desk: Desk, mail_port: int) -> None:
    desk.log.connected = False
    with pytest.raises(smtplib.SMTPDataError) as answer:
        await asyncio.to_thread(deliver, mail_port, "a@b.example", FIRST)
    assert answer.value.smtp_code == 451
    desk.log.connected = True
    await asyncio.to_thread(deliver, mail_port, "a@b.example", FIRST)
    assert len(await desk.events("case.reported")) == 1
