"""Whatever is added to a case that ended is a new case, in front of somebody (IN-02, IN-14)."""

from typing import Any

import pytest

from aftercare_events.catalogue.case import CaseClosed, CaseReopened
from support.intake_desk import DESK, Desk, of_customer
from support.web_form import case_id_in, send, token_of

SAID = {"channel": "phone", "text": "it is down again", "name": "李静", "phone": "13855500119"}


async def withdrawn(desk: Desk, **changes: Any) -> str:
    case_id = (await desk.request(**changes)).json()["case_id"]
    answer = await desk.http.post(f"/v1/cases/{case_id}/withdraw", json={})
    assert answer.status_code == 200
    return case_id


async def closed(desk: Desk, **changes: Any) -> str:
    case_id = (await desk.request(**changes)).json()["case_id"]
    await desk.say(CaseClosed(case_id=case_id))
    return case_id


async def add(desk: Desk, case_id: str, body: dict[str, Any], key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return await desk.http.post(f"/v1/cases/{case_id}/messages", json=body, headers=headers)


@pytest.mark.parametrize("end", [closed, withdrawn])
async def test_message_opens_a_case_that_arises_from_it(desk: Desk, end: Any) -> None:
    old = await end(desk)
    answer = await add(desk, old, SAID)
    assert answer.status_code == 201, answer.text
    case = await desk.case(answer)
    assert case["case_id"] != old
    assert (case["ended"], case["held_for"], case["kind"]) == (None, None, "fault")
    report = case["report"]
    assert (report["arises_from"], report["device_id"], report["channel"]) == (old, "D-1", "phone")
    assert case["contact"]["description"] == "it is down again"
    assert "it is down again" not in str(await desk.events())
    page = (await desk.http.get(f"/desk/cases/{case['case_id']}")).text
    assert f"/desk/cases/{old}" in page


async def test_repeat_is_answered_with_the_case_that_the_first_opened(desk: Desk) -> None:
    old = await closed(desk)
    first = await add(desk, old, SAID, "k1")
    await desk.say(CaseReopened(case_id=old))
    again = await add(desk, old, SAID, "k1")
    assert again.json() == first.json()
    other = await add(desk, old, SAID | {"text": "else"}, "k1")
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert not await desk.events("message_added")


async def test_repeat_of_what_joined_before_the_end_opens_nothing(desk: Desk) -> None:
    case_id = (await desk.request()).json()["case_id"]
    first = await add(desk, case_id, SAID, "k1")
    await desk.say(CaseClosed(case_id=case_id))
    again = await add(desk, case_id, SAID, "k1")
    assert again.json() == first.json()
    assert len(await desk.events("case.reported")) == 1


async def test_nobody_named_is_the_contact_of_the_case(desk: Desk) -> None:
    old = await closed(desk)
    case = await desk.case(await add(desk, old, {"channel": "visit", "text": "again"}))
    assert (case["contact"]["name"], case["held_for"]) == ("李静", None)


async def test_case_reopened_by_a_person_takes_follow_ups_again(desk: Desk) -> None:
    old = await closed(desk)
    await desk.say(CaseReopened(case_id=old))
    assert (await add(desk, old, SAID)).json()["case_id"] == old


async def test_follow_up_to_a_merged_case_joins_where_it_goes_on(desk: Desk) -> None:
    old, into = [(await desk.request()).json()["case_id"] for _ in range(2)]
    await desk.http.post(f"/v1/cases/{old}/merge", json={"into": into})
    case = await desk.case(await add(desk, old, SAID))
    assert (case["case_id"], len(case["messages"])) == (into, 1)


async def test_status_page_leads_to_the_new_case(desk: Desk) -> None:
    desk.http.headers["Accept-Language"] = "en"
    received = await send(desk)
    old = case_id_in(received.text)
    path = desk.intake.links.path(old)
    await desk.say(CaseClosed(case_id=old))
    assert "we open a new case" in (await desk.http.get(path)).text
    form = {"token": await token_of(desk, path), "text": "they went dark again"}
    photo = [("files", ("rack.jpg", b"\xff\xd8\xff\xe0 rack", "image/jpeg"))]
    answers = [await desk.http.post(path, data=form, files=photo) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    page = await desk.http.get(answers[0].headers["Location"])
    [_, new] = [event.subject.partition("/")[2] for event in await desk.events("case.reported")]
    assert new in page.text
    case = (await desk.http.get(f"/v1/cases/{new}", headers=DESK)).json()
    assert case["report"]["arises_from"] == old
    assert case["contact"]["description"] == "they went dark again"
    assert case["attachments"] == [1]


async def test_files_of_a_portal_open_one_too(desk: Desk) -> None:
    old, headers = await closed(desk), of_customer("C-1")
    answer = await desk.http.post(
        f"/v1/requests/{old}/attachments",
        files=[("files", ("log.txt", b"down again", "text/plain"))],
        headers=headers,
    )
    assert answer.status_code == 201, answer.text
    case = await desk.case(answer)
    assert (case["report"]["arises_from"], case["attachments"]) == (old, [1])


async def test_what_a_rejected_stranger_adds_is_held_again(desk: Desk) -> None:
    stranger = {"name": "赵六", "phone": "13700001111"}
    old = (await desk.request(contact=stranger)).json()["case_id"]
    await desk.http.post(f"/v1/cases/{old}/reject", json={"reason": "no contact"})
    case = await desk.case(await add(desk, old, {"channel": "phone", "text": "and yet"}))
    assert case["held_for"] == "unknown-contact"
