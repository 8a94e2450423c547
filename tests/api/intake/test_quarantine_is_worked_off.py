"""What is refused is kept in quarantine and visible, until a clerk has worked it off."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from support.intake_desk import BOSS, READER, START, Desk, fields

HOSTILE = b"Message-ID: <bad@x>\r\nFrom: a@b.example\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n."
AWAY = b"Message-ID: <away@x>\r\nFrom: a@b.example\r\nAuto-Submitted: auto-replied\r\n\r\nAway"
PLAIN = b"Message-ID: <plain@x>\r\nFrom: a@b.example\r\nSubject: broken\r\n\r\nIt is broken"
READ: dict[str, Any] = {
    "kind": "fault",
    "summary": "server does not start",
    "customer_id": "C-1",
    "device_serial": "IT-SRV-01",
    "contact": {"name": "赵六", "phone": "13700001111"},
}


async def arrivals(desk: Desk, position: int = 0, **wanted: str) -> list[dict[str, Any]]:
    answer = await desk.http.get("/v1/arrivals", params={"min_position": position, **wanted})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def put_aside(desk: Desk) -> str:
    """The id of a mail in quarantine."""
    received = (await desk.mail(HOSTILE)).json()
    [one] = await arrivals(desk, received["position"], disposition="quarantined")
    return one["arrival_id"]


async def released(desk: Desk, arrival_id: str, key: str = "k", **changes: Any) -> httpx.Response:
    return await desk.http.post(
        f"/v1/arrivals/{arrival_id}/release",
        json=READ | changes,
        headers={"Idempotency-Key": key},
    )


async def dismissed(desk: Desk, arrival_id: str, reason: str, key: str = "d") -> httpx.Response:
    return await desk.http.post(
        f"/v1/arrivals/{arrival_id}/dismiss",
        json={"reason": reason},
        headers={"Idempotency-Key": key},
    )


async def test_everything_that_came_in_is_listed_with_what_became_of_it(desk: Desk) -> None:
    for raw in (HOSTILE, AWAY, PLAIN):
        position = (await desk.mail(raw)).json()["position"]
        await desk.clock.advance(timedelta(minutes=1))
    listed = await arrivals(desk, position)
    assert [one["disposition"] for one in listed] == ["opened", "automatic", "quarantined"]
    assert [bool(one["case_id"]) for one in listed] == [True, False, False]
    [away] = await arrivals(desk, disposition="automatic", channel="email")
    read = await desk.http.get(f"/v1/arrivals/{away['arrival_id']}/original")
    assert read.content == AWAY
    assert await arrivals(desk, channel="fax") == []
    first = (await desk.http.get("/v1/arrivals?limit=2")).json()
    rest = (await desk.http.get("/v1/arrivals", params={"cursor": first["next"]})).json()
    assert [*first["items"], *rest["items"]] == listed
    wrong = await desk.http.get("/v1/arrivals?disposition=lost")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "disposition")


async def test_mail_is_released_into_a_case_of_the_time_it_came(desk: Desk) -> None:
    arrival_id = await put_aside(desk)
    await desk.clock.advance(timedelta(hours=3))
    answer = await released(desk, arrival_id)
    assert answer.status_code == 201, answer.text
    case = await desk.case(answer)
    assert case["reported_at"] == START.isoformat().replace("+00:00", "Z")
    assert (case["report"]["channel"], case["customer_id"]) == ("email", "C-1")
    assert case["contact"]["name"] == "赵六"
    original = await desk.http.get(f"/v1/cases/{case['case_id']}/attachments/1")
    assert original.content == HOSTILE
    [event] = await desk.events("arrival.released")
    assert (event.actor, event.time) == ("desk", START + timedelta(hours=3))
    [one] = await arrivals(desk)
    assert (one["disposition"], one["case_id"]) == ("released", case["case_id"])
    assert (one["settled_by"], one["reason"] is not None) == ("desk", True)


async def test_automatic_mail_is_shown_with_its_reason_and_released(desk: Desk) -> None:
    """IN-02: a customer's monitoring system writes without a person, and is heard all the same."""
    received = (await desk.mail(AWAY)).json()
    [one] = await arrivals(desk, received["position"], disposition="automatic")
    assert one["reason"] == "auto-submitted"
    pages = {lang: await desk.http.get(f"/desk/automatic?lang={lang}") for lang in ("en", "zh")}
    assert "says of itself that a program sent it" in pages["en"].text
    assert "邮件自称由程序发出" in pages["zh"].text
    assert f"/v1/arrivals/{one['arrival_id']}/release" in pages["en"].text
    answer = await released(desk, one["arrival_id"])
    assert answer.status_code == 201, answer.text
    case = await desk.case(answer)
    assert (case["report"]["channel"], case["customer_id"]) == ("email", "C-1")
    assert (await desk.http.get(f"/v1/cases/{case['case_id']}/attachments/1")).content == AWAY
    assert "No automatic mail has come in" in (await desk.http.get("/desk/automatic?lang=en")).text


async def test_automatic_mail_is_dismissed_with_a_reason(desk: Desk) -> None:
    received = (await desk.mail(AWAY)).json()
    [one] = await arrivals(desk, received["position"], disposition="automatic")
    assert (await dismissed(desk, one["arrival_id"], "on leave")).status_code == 200
    [one] = await arrivals(desk, await desk.log.end())
    assert (one["disposition"], one["dismissed_for"]) == ("dismissed", "on leave")


async def test_release_is_done_once_whoever_presses_again(desk: Desk) -> None:
    arrival_id = await put_aside(desk)
    at_once = await asyncio.gather(
        released(desk, arrival_id, "one"),
        released(desk, arrival_id, "two", summary="the other clerk's words"),
    )
    answers = [*at_once, await released(desk, arrival_id, "three")]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["case_id"] for answer in answers}) == 1
    assert len(await desk.events("case.reported")) == 1
    assert len(await desk.events("arrival.released")) == 1


async def test_key_with_another_body_is_refused(desk: Desk) -> None:
    arrival_id = await put_aside(desk)
    assert (await dismissed(desk, arrival_id, "advertising")).status_code == 200
    assert (await dismissed(desk, arrival_id, "advertising")).status_code == 200
    assert (await dismissed(desk, arrival_id, "another")).status_code == 422
    [event] = await desk.events("arrival.dismissed")
    assert fields(event)["reason"] == "advertising"


async def test_what_is_dismissed_leaves_the_queue_and_is_kept(desk: Desk) -> None:
    arrival_id = await put_aside(desk)
    answer = await dismissed(desk, arrival_id, "advertising; call 13800001111")
    assert answer.status_code == 200, answer.text
    assert await arrivals(desk, answer.json()["position"], disposition="quarantined") == []
    [one] = await arrivals(desk, disposition="dismissed")
    assert one["dismissed_for"] == "advertising; call […]"
    assert "Nothing is in quarantine" in (await desk.http.get("/desk/quarantine?lang=en")).text
    kept = await desk.http.get(f"/v1/arrivals/{arrival_id}/original")
    assert kept.content == HOSTILE
    mended = await released(desk, arrival_id)
    assert mended.status_code == 201
    [one] = await arrivals(desk, mended.json()["position"])
    assert (one["disposition"], one["dismissed_for"]) == ("released", None)
    assert (await dismissed(desk, arrival_id, "too late", "l")).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_id": "C-NOBODY"}, "customer_id"),
        ({"kind": "wish"}, "kind"),
        ({"severity": "9"}, "severity"),
        ({"summary": ""}, "summary"),
    ],
)
async def test_mistakes_are_named_and_change_nothing(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    arrival_id = await put_aside(desk)
    answer = await released(desk, arrival_id, **changes)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert await desk.events("arrival.") == await desk.events("case.reported") == []


async def test_only_what_is_in_quarantine_is_worked_off(desk: Desk) -> None:
    position = (await desk.mail(PLAIN)).json()["position"]
    [opened] = await arrivals(desk, position)
    assert (await dismissed(desk, opened["arrival_id"], "no")).status_code == 409
    assert (await released(desk, opened["arrival_id"])).status_code == 409
    assert (await released(desk, "nothing")).status_code == 404
    assert (await dismissed(desk, "nothing", "no")).status_code == 404
    refused = await desk.http.post(f"/v1/arrivals/{opened['arrival_id']}/dismiss", headers=READER)
    assert refused.status_code == 403


async def test_original_is_erased_with_whoever_wrote_it(desk: Desk) -> None:
    arrival_id = await put_aside(desk)
    case = await desk.case(await released(desk, arrival_id))
    found = await desk.http.post("/v1/persons/find", json={"phone": "13700001111"}, headers=BOSS)
    person = found.json()["person_id"]
    await desk.http.post(f"/v1/persons/{person}/erase", json={"reason": "asked"}, headers=BOSS)
    for path in (f"cases/{case['case_id']}/attachments/1", f"arrivals/{arrival_id}/original"):
        assert (await desk.http.get(f"/v1/{path}")).status_code == 410
