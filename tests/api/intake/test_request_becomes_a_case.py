import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.sla import PolicyPublished, PromisedTime
from support.intake_desk import BOSS, OTHER, READER, REQUEST, START, Desk, fields


async def test_accepted_request_is_in_the_log_before_its_answer(desk: Desk) -> None:
    answer = await desk.request()
    assert answer.status_code == 202
    said = answer.json()
    [event] = await desk.events("case.reported")
    assert event.subject == f"case/{said['case_id']}"
    assert said["position"] == await desk.log.end()
    assert answer.headers["X-Log-Position"] == str(said["position"])
    assert said["duplicate"] is False
    assert said["entitlement"] == {
        "covered": True,
        "in_warranty": True,
        "chargeable": False,
        "reasons": ["contract-in-force", "covered-by-contract", "in-warranty"],
        "contract_id": "CT-1",
    }


async def test_case_carries_what_the_archive_says(desk: Desk) -> None:
    await desk.request()
    [event] = await desk.events("case.reported")
    data = fields(event)
    assert (data["policy"], data["policy_version"]) == ("it-integration", 4)
    assert (data["place"], data["distance_km"], data["site_id"]) == ("local", 7.0, "S-1")
    assert (data["device_id"], data["category"]) == ("D-1", "device")
    assert "held_for" not in data
    assert event.actor == "desk"
    assert event.time == desk.clock.now()


async def test_nothing_personal_is_in_clear(desk: Desk) -> None:
    await desk.request(summary="server down, call 李静 at 138 5550 0119 or li@b.example")
    for event in await desk.events():
        text = bytes(event.data).decode()
        for personal in ("李静", "13855500119", "138 5550 0119", "li@b.example", "disks"):
            assert personal not in text


async def test_case_shows_the_contact_to_the_desk(desk: Desk) -> None:
    case = await desk.case(await desk.request())
    assert case["contact"] == {
        "name": "李静",
        "phone": "13855500119",
        "description": "all disks show red",
    }
    assert case["severity"] == "2"
    assert "contact" not in case["report"]


async def test_severity_may_be_a_number_and_is_kept_as_text(desk: Desk) -> None:
    await desk.request(severity=2)
    assert fields((await desk.events("case.reported"))[0])["severity"] == "2"


async def test_severity_of_the_scale_names_nobody_whatever_she_is_called(desk: Desk) -> None:
    severities = [{"id": level} for level in ("urgent", "normal")]
    await desk.publish(
        PolicyPublished(name="it-integration", version=5, policy={"severities": severities})
    )
    answer = await desk.request(severity="urgent", contact={"name": "Urgent Li"})
    assert answer.status_code == 202, answer.text
    assert fields((await desk.events("case.reported"))[0])["severity"] == "urgent"


async def test_time_of_the_report_is_when_the_customer_spoke(desk: Desk) -> None:
    spoken = desk.clock.now() - timedelta(hours=2)
    answer = await desk.request(reported_at=spoken.isoformat())
    assert answer.status_code == 202
    assert (await desk.events("case.reported"))[0].time == spoken


async def test_one_key_is_one_case_for_ever(desk: Desk) -> None:
    first = await desk.request("k1")
    await desk.http.post(f"/v1/cases/{first.json()['case_id']}/withdraw", json={})
    await desk.clock.advance(timedelta(days=400))
    again = await desk.request("k1")
    assert again.status_code == 202
    assert again.json() == first.json() | {"duplicate": True}
    assert len(await desk.events("case.reported")) == 1


async def test_order_of_fields_makes_no_other_body(desk: Desk) -> None:
    first = await desk.request("k1")
    turned = dict(reversed(REQUEST.items()))
    again = await desk.http.post("/v1/requests", json=turned, headers={"Idempotency-Key": "k1"})
    assert again.json()["case_id"] == first.json()["case_id"]


async def test_one_key_with_another_body_is_refused(desk: Desk) -> None:
    await desk.request("k1")
    answer = await desk.request("k1", summary="something else")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"
    assert len(await desk.events("case.reported")) == 1


async def test_repeat_is_answered_although_the_archive_changed(desk: Desk) -> None:
    spoken = desk.clock.now().isoformat()
    first = await desk.request("k1", reported_at=spoken)
    other = {"customer_id": "C-1", "serial": "X-1"}
    assert (await desk.http.put("/v1/devices/D-1", json=other)).status_code == 200
    await desk.clock.advance(timedelta(days=30))
    again = await desk.request("k1", reported_at=spoken)
    assert again.json()["case_id"] == first.json()["case_id"]


async def test_keys_of_two_callers_do_not_meet(desk: Desk) -> None:
    first = await desk.request("k1")
    theirs = await desk.http.post(
        "/v1/requests", json=REQUEST, headers=OTHER | {"Idempotency-Key": "k1"}
    )
    assert theirs.json()["case_id"] != first.json()["case_id"]


async def test_without_a_key_each_request_is_new(desk: Desk) -> None:
    first, second = await desk.request(), await desk.request()
    assert first.json()["case_id"] != second.json()["case_id"]


async def test_hundred_at_once_with_one_key_are_one_case(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.request("k1") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["case_id"] for answer in answers}) == 1
    assert len({answer.json()["position"] for answer in answers}) == 1
    assert len(await desk.events("case.reported")) == 1


async def test_ambiguous_time_out_is_no_second_case(desk: Desk) -> None:
    desk.log.fail_next(written=True)
    assert (await desk.request("k1")).status_code == 503
    assert (await desk.request("k1")).status_code == 202
    assert len(await desk.events("case.reported")) == 1


CONTACTS: list[tuple[dict[str, str], str | None]] = [
    ({"phone": "138-5550-0119"}, None),
    ({"email": "LI.JING@citylibrary.example"}, None),
    ({"name": "赵六", "phone": "13800000001"}, "unknown-contact"),
    ({"name": "李静"}, "unknown-contact"),
    ({"phone": "+8613855500120"}, "unauthorised-contact"),
]


async def test_unknown_or_unauthorised_contact_is_kept_and_held(desk: Desk) -> None:
    for contact, _ in CONTACTS:
        assert (await desk.request(contact=contact)).status_code == 202
    held = [fields(event).get("held_for") for event in await desk.events("case.reported")]
    assert held == [why for _, why in CONTACTS]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"customer_id": "C-9"}, "customer_id"),
    ({"site_id": "S-9"}, "site_id"),
    ({"device_serial": "nobody's"}, "device_serial"),
    ({"contract_id": "CT-9"}, "contract_id"),
    ({"severity": "9"}, "severity"),
    ({"severity": 9}, "severity"),
    ({"kind": "disaster"}, "kind"),
    ({"channel": "pigeon"}, "channel"),
    ({"summary": ""}, "summary"),
    ({"summary": "x" * 501}, "summary"),
    ({"summary": None}, "summary"),
    ({"contact": {}}, "contact"),
    ({"contact": {"phone": 5}}, "contact.phone"),
    ({"use_affected": "yes"}, "use_affected"),
    ({"reported_at": "yesterday"}, "reported_at"),
    ({"reported_at": "2026-11-02T09:00:00"}, "reported_at"),
    ({"reported_at": "2026-11-02T09:02:00+08:00"}, "reported_at"),
    ({"reported_at": "2026-10-20T09:00:00+08:00"}, "reported_at"),
    ({"customer_id": "C 1"}, "customer_id"),
    ({"summary": "a\x00b"}, "summary"),
]


async def test_bad_input_names_its_field_and_changes_nothing(desk: Desk) -> None:
    end = await desk.log.end()
    for changes, field in BAD:
        answer = await desk.request("k1", **changes)
        assert answer.status_code == 422, (changes, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["field"] == field
    assert await desk.log.end() == end


async def test_a_boss_may_report_what_happened_long_ago(desk: Desk) -> None:
    body = REQUEST | {"reported_at": "2026-10-20T09:00:00+08:00"}
    answer = await desk.http.post("/v1/requests", json=body, headers=BOSS)
    assert answer.status_code == 202


async def test_unknown_field_is_refused(desk: Desk) -> None:
    assert (await desk.request(sevrity="1")).status_code == 422


async def test_what_is_no_request_is_refused(desk: Desk) -> None:
    for body in (b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}"):
        answer = await desk.http.post(
            "/v1/requests", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (400, 422), body
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_callers_need_the_scope(desk: Desk) -> None:
    assert (await desk.http.post("/v1/requests", json=REQUEST, headers=READER)).status_code == 403
    strangers = await desk.http.post("/v1/requests", json=REQUEST, headers={"Authorization": ""})
    assert strangers.status_code == 401


async def test_log_that_is_away_is_a_503_and_no_loss_of_words(desk: Desk) -> None:
    desk.log.connected = False
    answer = await desk.request()
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


async def test_new_contract_holds_for_the_next_request(desk: Desk) -> None:
    await desk.request()
    await desk.publish(PolicyPublished(name="portal-operations", version=1, policy={}))
    contract = {"customer_id": "C-1", "policy": "portal-operations", "starts_on": "2025-01-01"}
    await desk.http.put("/v1/contracts/CT-1", json=contract)
    await desk.request(severity=None)
    policies = [fields(event)["policy"] for event in await desk.events("case.reported")]
    assert policies == ["it-integration", "portal-operations"]


async def test_warm_request_asks_no_database(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is warm: that the archive was loaded may be told to the desk a little later."""
    asked: list[str] = []
    for way in ("connect", "begin"):
        method = getattr(AsyncEngine, way)

        def noted(engine: AsyncEngine, method: Any = method, way: str = way) -> Any:
            asked.append(way)
            return method(engine)

        monkeypatch.setattr(AsyncEngine, way, noted)
    async with asyncio.timeout(10):
        while True:
            asked.clear()
            assert (await desk.request()).status_code == 202
            if not asked:
                break


async def test_case_shows_what_it_was_promised(desk: Desk) -> None:
    answer = await desk.request()
    assert (await desk.case(answer))["promised"] == []
    case_id = answer.json()["case_id"]
    respond = PromisedTime(clock="respond", due_at=START + timedelta(hours=2))
    position = await desk.promise(case_id, respond)

    shown = await desk.http.get(f"/v1/cases/{case_id}", params={"min_position": position})
    assert shown.json()["promised"] == [
        {"clock": "respond", "due_at": "2026-11-02T03:00:00Z", "provisional": False}
    ]
