"""Probable duplicates are proposed, merged or parted by a person; follow-ups are split (IN-14)."""

from datetime import timedelta
from typing import Any

from aftercare_events.projector import rebuild
from intake import tables
from intake.projection import IntakeProjection
from support.intake_desk import HISTORIAN, SAMPLES, Desk, fields
from support.running import eventually

SUMMARY = "server IT-SRV-01 does not start"


async def told_twice(desk: Desk) -> tuple[dict[str, Any], dict[str, Any]]:
    """By phone, and an hour later by fax as a clerk types it in."""
    first = await desk.case(await desk.request(summary=SUMMARY))
    await desk.clock.advance(timedelta(hours=1))
    second = await desk.case(await desk.request(channel="letter", summary=SUMMARY + " any more"))
    return first, second


async def proposed(desk: Desk, position: int = 0) -> list[dict[str, Any]]:
    at = {"min_position": position}
    return (await desk.http.get("/v1/duplicates", params=at)).json()["items"]


async def test_pair_is_proposed_side_by_side_with_reasons(desk: Desk) -> None:
    first, second = await told_twice(desk)
    [pair] = await proposed(desk)
    assert (pair["case_id"], pair["other"]) == (second["case_id"], first["case_id"])
    assert (pair["same"], pair["score"] > 0.5) == ("device", True)
    page = (await desk.http.get("/desk/duplicates?lang=en")).text
    assert page.index(first["case_id"]) < page.index("Merge into")
    assert "Same device" in page


async def test_same_channel_and_other_matters_are_not_proposed(desk: Desk) -> None:
    await desk.request(summary=SUMMARY)
    await desk.request(summary=SUMMARY + " again")
    last = await desk.case(await desk.request(channel="visit", summary="please send an invoice"))
    assert await proposed(desk, last["position"]) == []


async def test_report_entered_late_is_compared_with_what_was_told_after_it(desk: Desk) -> None:
    """IN-14: the agent writes down in the evening what she was told at noon."""
    earlier = desk.clock.now().isoformat()
    await desk.clock.advance(timedelta(hours=1))
    first = await desk.case(await desk.request(channel="web", summary=SUMMARY))
    late = await desk.case(await desk.request(summary=SUMMARY, reported_at=earlier))
    [pair] = await proposed(desk, late["position"])
    assert (pair["case_id"], pair["other"]) == (first["case_id"], late["case_id"])


async def test_faxes_about_one_device_are_proposed_once_a_clerk_confirmed_it(desk: Desk) -> None:
    """IN-14: whoever doubts that a fax arrived sends it again."""
    content = (SAMPLES / "11-fax-two-pages.tif").read_bytes()
    cases: list[str] = []
    for job in ("j1", "j2"):
        data = {"job_id": job, "sender": "+86 138 5550 0119"}
        answer = await desk.http.post("/v1/faxes", files={"file": ("f.tif", content)}, data=data)
        cases.append(answer.json()["case_id"])
        await desk.case(answer)
        await desk.clock.advance(timedelta(minutes=5))
    for fax in (await desk.http.get("/v1/faxes")).json()["items"]:
        assert await proposed(desk) == []
        body = {"device_serial": "IT-SRV-01", "reason": "read it"}
        checked = await desk.http.post(f"/v1/faxes/{fax['fax_id']}/check", json=body)
        assert checked.status_code == 200, checked.text
    [pair] = await proposed(desk, checked.json()["position"])
    assert (pair["case_id"], pair["other"]) == (cases[1], cases[0])
    page = (await desk.http.get("/desk/duplicates?lang=en")).text
    assert "Same device" in page
    assert "Another channel" not in page


async def test_merged_pair_leaves_the_list(desk: Desk) -> None:
    first, second = await told_twice(desk)
    merged = await desk.http.post(
        f"/v1/cases/{second['case_id']}/merge", json={"into": first["case_id"]}
    )
    assert await proposed(desk, merged.json()["position"]) == []


async def test_parted_pair_stays_parted_when_the_tables_are_built_anew(desk: Desk) -> None:
    first, second = await told_twice(desk)
    parted = await desk.http.post(
        f"/v1/cases/{first['case_id']}/not-a-duplicate",
        json={"other": second["case_id"], "reason": "two servers"},
    )
    assert parted.status_code == 200
    assert await proposed(desk, parted.json()["position"]) == []
    await rebuild(IntakeProjection(), desk.intake.engine, tables.infra)

    async def built_again() -> bool:
        return await desk.intake.cases.row(second["case_id"]) is not None

    await eventually(built_again)
    assert await proposed(desk, parted.json()["position"]) == []
    itself = await desk.http.post(
        f"/v1/cases/{first['case_id']}/not-a-duplicate", json={"other": first["case_id"]}
    )
    assert (itself.status_code, itself.json()["field"]) == (422, "other")


async def test_all_cases_of_a_history_read_at_once_are_compared_as_they_were_one_by_one(
    desk: Desk,
) -> None:
    for _ in range(3):
        _, last = await told_twice(desk)
        await desk.clock.advance(timedelta(hours=7))
    live = await proposed(desk, last["position"])
    await rebuild(IntakeProjection(), desk.intake.engine, tables.infra)

    async def built_again() -> bool:
        return await proposed(desk) == live

    assert len(live) > 3
    await eventually(built_again)


async def test_case_of_a_customer_found_later_is_compared_then(desk: Desk) -> None:
    first = await desk.case(await desk.request(summary=SUMMARY))
    await desk.clock.advance(timedelta(minutes=1))
    raw = f"Message-ID: <s@x>\r\nFrom: z@new.example\r\nSubject: {SUMMARY}\r\n\r\n."
    held = await desk.case(await desk.mail(raw.encode()))
    assert await proposed(desk, held["position"]) == []
    verified = await desk.http.post(
        f"/v1/cases/{held['case_id']}/verify",
        json={"customer_id": "C-1", "device_serial": "IT-SRV-01"},
    )
    [pair] = await proposed(desk, verified.json()["position"])
    assert (pair["case_id"], pair["other"]) == (held["case_id"], first["case_id"])


async def follow_up(desk: Desk) -> tuple[dict[str, Any], int]:
    case = await desk.case(await desk.request())
    await desk.clock.advance(timedelta(hours=2))
    body = {"channel": "phone", "text": "the printer jams too", "phone": "13855500119"}
    added = await desk.http.post(f"/v1/cases/{case['case_id']}/messages", json=body)
    await desk.clock.advance(timedelta(hours=1))
    return case, added.json()["position"]


async def test_follow_up_is_split_off_as_reported_when_it_came(desk: Desk) -> None:
    case, position = await follow_up(desk)
    path = f"/v1/cases/{case['case_id']}/messages/1/split"
    body = {"kind": "fault", "summary": "printer jams", "severity": "4"}
    answer = await desk.http.post(path, json=body)
    assert answer.status_code == 201
    new = await desk.case(answer)
    assert new["reported_at"] == "2026-11-02T03:00:00Z"
    assert (new["customer_id"], new["held_for"], new["severity"]) == ("C-1", None, "4")
    assert new["report"]["split_from"] == case["case_id"]
    assert new["contact"]["description"] == "the printer jams too"
    [split] = await desk.events("case.split")
    assert (fields(split)["message"], fields(split)["into"]) == (position, new["case_id"])
    params = {"min_position": await desk.log.end()}
    old = (await desk.http.get(f"/v1/cases/{case['case_id']}", params=params)).json()
    assert old["messages"][0]["split_into"] == new["case_id"]
    again = await desk.http.post(path, json=body)
    assert again.json()["case_id"] == new["case_id"]
    assert len(await desk.events("case.reported")) == 2


async def test_files_that_came_with_a_follow_up_are_split_off_with_it(desk: Desk) -> None:
    """IN-16: each of two messages keeps its own."""
    case = await desk.case(await desk.request())
    path = f"/v1/requests/{case['case_id']}/attachments"
    for name in ("a.log", "b.log"):
        files = [("files", (name, f"{name} 纸".encode(), "text/plain"))]
        added = await desk.http.post(path, files=files, data={"text": name})
        assert added.status_code == 201, added.text
    body = {"kind": "fault", "summary": "printer jams"}
    answer = await desk.http.post(f"/v1/cases/{case['case_id']}/messages/2/split", json=body)
    new = await desk.case(answer)
    assert new["attachments"] == [1]
    kept = await desk.http.get(f"/v1/cases/{new['case_id']}/attachments/1")
    assert kept.content == "b.log 纸".encode()


async def test_what_was_merged_is_shown_where_it_goes_on(desk: Desk) -> None:
    """IN-11, IN-14, IN-16: with its messages and files, on the case, its page and its card."""
    mail = "From: li.jing@citylibrary.example\r\nSubject: 机房断电\r\n\r\n灯全灭了"
    first = await desk.case(await desk.mail(mail.encode()))
    await desk.clock.advance(timedelta(hours=1))
    second, last = [await desk.case(await desk.request()) for _ in range(2)]
    said = {"channel": "phone", "text": "又响了", "phone": "13855500119"}
    await desk.http.post(f"/v1/cases/{first['case_id']}/messages", json=said)
    for one, into in ((first, second), (second, last)):
        path = f"/v1/cases/{one['case_id']}/merge"
        merged = await desk.http.post(path, json={"into": into["case_id"]})
    at = {"min_position": merged.json()["position"], "lang": "zh"}
    shown = (await desk.http.get(f"/v1/cases/{last['case_id']}", params=at)).json()
    assert [one["case_id"] for one in shown["merged_from"]] == [
        first["case_id"],
        second["case_id"],
    ]
    told = shown["merged_from"][0]
    assert (told["channel"], told["attachments"], told["mails"]) == ("email", [1], [1])
    assert told["messages"][0]["said"]["text"] == "又响了"
    page = (await desk.http.get(f"/desk/cases/{last['case_id']}", params=at)).text
    card = (await desk.http.get(f"/cards/{last['case_id']}", params=at)).text
    for words in (first["case_id"], "机房断电", "灯全灭了", "又响了"):
        assert words in page
        assert words in card
    assert f"/v1/cases/{first['case_id']}/attachments/1" in page
    for path in (f"/cards/{last['case_id']}", f"/v1/cases/{last['case_id']}"):
        onlooker = (await desk.http.get(path, params=at, headers=HISTORIAN)).text
        assert first["case_id"] in onlooker
        assert "灯全灭了" not in onlooker
        assert "又响了" not in onlooker


async def test_there_is_nothing_to_split_where_nothing_was_said(desk: Desk) -> None:
    case, _ = await follow_up(desk)
    body = {"kind": "fault", "summary": "printer jams"}
    path = f"/v1/cases/{case['case_id']}/messages/2/split"
    assert (await desk.http.post(path, json=body)).status_code == 422
    strange = "/v1/cases/9ZZZ-9ZZZ/messages/1/split"
    assert (await desk.http.post(strange, json=body)).status_code == 404
