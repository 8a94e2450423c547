import asyncio
from typing import Any

from support.intake_desk import HISTORIAN, READER, Desk, fields


async def opened(desk: Desk) -> str:
    return (await desk.request()).json()["case_id"]


async def test_severity_is_corrected_by_a_named_person_with_a_reason(desk: Desk) -> None:
    case_id = await opened(desk)
    body = {"severity": "1", "reason": "the whole library is down", "actor": "clerk-3"}
    answer = await desk.http.patch(f"/v1/cases/{case_id}", json=body)
    assert answer.status_code == 200, answer.text
    [event] = await desk.events("severity_changed")
    assert event.actor == "clerk-3"
    assert fields(event) == {
        "case_id": case_id,
        "severity": "1",
        "previous": "2",
        "reason": "the whole library is down",
    }
    assert (await desk.case(answer))["severity"] == "1"


async def test_correction_that_changes_nothing_says_nothing(desk: Desk) -> None:
    case_id = await opened(desk)
    end = await desk.log.end()
    answer = await desk.http.patch(
        f"/v1/cases/{case_id}", json={"severity": 2, "kind": "fault", "reason": "looked again"}
    )
    assert (answer.status_code, answer.json()["position"]) == (200, end)
    assert await desk.log.end() == end


async def test_that_use_is_affected_can_be_said_later(desk: Desk) -> None:
    """IN-07: as whoever reports it may not know."""
    case_id = await opened(desk)
    body = {"use_affected": False, "reason": "the other hall took over"}
    answer = await desk.http.patch(f"/v1/cases/{case_id}", json=body)
    assert answer.status_code == 200, answer.text
    [event] = await desk.events("reclassified")
    assert fields(event) == {"case_id": case_id, **body}
    assert (await desk.case(answer))["report"]["use_affected"] is False
    again = await desk.http.patch(f"/v1/cases/{case_id}", json=body)
    assert (again.status_code, again.json()["position"]) == (200, await desk.log.end())
    assert len(await desk.events("reclassified")) == 1


async def test_impossible_corrections_are_refused(desk: Desk) -> None:
    case_id = await opened(desk)
    bad: list[tuple[dict[str, Any], str]] = [
        ({"severity": "9", "reason": "r"}, "severity"),
        ({"kind": "disaster", "reason": "r"}, "kind"),
        ({"severity": "1"}, "reason"),
        ({"reason": "r"}, "body"),
        ({"severity": "1", "reason": "r", "occurred_at": "2026-11-03T09:00:00Z"}, "occurred_at"),
    ]
    for body, field in bad:
        answer = await desk.http.patch(f"/v1/cases/{case_id}", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


async def test_case_nobody_reported_is_not_found(desk: Desk) -> None:
    path = "/v1/cases/AAAA-BBBB"
    answers = [
        await desk.http.get(path),
        await desk.http.patch(path, json={"severity": "1", "reason": "r"}),
        await desk.http.post(f"{path}/withdraw", json={}),
        await desk.http.post(f"{path}/messages", json={"channel": "phone", "text": "t"}),
        await desk.http.post(f"{path}/merge", json={"into": "CCCC-DDDD"}),
        await desk.http.get(f"{path}/attachments/1"),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_follow_up_joins_sealed_and_once(desk: Desk) -> None:
    case_id = await opened(desk)
    path, key = f"/v1/cases/{case_id}/messages", {"Idempotency-Key": "m1"}
    body = {"channel": "phone", "text": "now the second one too", "phone": "13855500119"}
    answers = await asyncio.gather(
        *(desk.http.post(path, json=body, headers=key) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["position"] for answer in answers}) == 1
    [event] = await desk.events("message_added")
    assert "second" not in bytes(event.data).decode()
    case = await desk.case(answers[0])
    assert case["messages"][0]["said"]["text"] == "now the second one too"
    other = await desk.http.post(path, json=body | {"text": "else"}, headers=key)
    assert other.json()["type"] == "/problems/idempotency-key-reused"


async def test_withdrawing_twice_is_withdrawing_once(desk: Desk) -> None:
    path = f"/v1/cases/{await opened(desk)}/withdraw"
    first = await desk.http.post(path, json={"reason": "works again, says 138 5550 0119"})
    again = await desk.http.post(path, json={})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    [event] = await desk.events("withdrawn")
    assert "5550" not in fields(event)["reason"]


async def test_ended_case_is_not_corrected(desk: Desk) -> None:
    case_id = await opened(desk)
    await desk.http.post(f"/v1/cases/{case_id}/withdraw", json={})
    answer = await desk.http.patch(f"/v1/cases/{case_id}", json={"severity": "1", "reason": "r"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/case-ended")


async def test_case_goes_on_as_another(desk: Desk) -> None:
    first, second = await opened(desk), await opened(desk)
    answer = await desk.http.post(f"/v1/cases/{first}/merge", json={"into": second})
    assert answer.status_code == 200
    assert (await desk.case(answer))["merged_into"] == second
    for into in (first, "AAAA-BBBB"):
        refused = await desk.http.post(f"/v1/cases/{second}/merge", json={"into": into})
        assert (refused.status_code, refused.json()["field"]) == (422, "into")


async def test_case_never_goes_on_as_one_that_ended(desk: Desk) -> None:
    """IN-02: the request would be open nowhere."""
    first, second = await opened(desk), await opened(desk)
    await desk.http.post(f"/v1/cases/{second}/withdraw", json={})
    end = await desk.log.end()
    refused = await desk.http.post(f"/v1/cases/{first}/merge", json={"into": second})
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (422, "/problems/merge-into-ended")
    assert (problem["field"], await desk.log.end()) == ("into", end)


async def test_two_cases_merged_into_each_other_at_once_leave_one_open(desk: Desk) -> None:
    """IN-02, IN-14."""
    for _ in range(5):
        pair = await opened(desk), await opened(desk)
        answers = await asyncio.gather(
            *(
                desk.http.post(f"/v1/cases/{one}/merge", json={"into": other})
                for one, other in (pair, pair[::-1])
            )
        )
        assert sum(answer.status_code == 200 for answer in answers) == 1
        cases = [(await desk.http.get(f"/v1/cases/{one}")).json() for one in pair]
        assert sorted(str(case["ended"]) for case in cases) == ["None", "merged"]


async def test_case_withdrawn_while_another_is_merged_into_it_loses_nothing(desk: Desk) -> None:
    """IN-02: whoever is first, a merged case goes on as one that was open at that moment."""
    first, second = await opened(desk), await opened(desk)
    merged, withdrawn = await asyncio.gather(
        desk.http.post(f"/v1/cases/{first}/merge", json={"into": second}),
        desk.http.post(f"/v1/cases/{second}/withdraw", json={}),
    )
    assert withdrawn.status_code == 200
    ends = [event.type.split(".")[2] for event in await desk.events("case.")]
    if merged.status_code == 200:
        assert ends.index("merged") < ends.index("withdrawn")


async def test_two_corrections_at_once_are_both_heard(desk: Desk) -> None:
    case_id = await opened(desk)
    answers = await asyncio.gather(
        *(
            desk.http.patch(f"/v1/cases/{case_id}", json={"severity": level, "reason": "r"})
            for level in "134134"
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    said = [fields(event) for event in await desk.events("severity_changed")]
    assert [change["previous"] for change in said] == ["2", *(c["severity"] for c in said[:-1])]


async def test_reading_a_case_takes_the_scope(desk: Desk) -> None:
    case_id = await opened(desk)
    answer = await desk.http.get(f"/v1/cases/{case_id}", headers=READER)
    assert answer.status_code == 403


async def test_reader_of_the_history_gets_the_case_without_the_person(desk: Desk) -> None:
    case_id = await opened(desk)
    said = {"channel": "phone", "text": "still down", "name": "李静"}
    added = await desk.http.post(f"/v1/cases/{case_id}/messages", json=said)
    path = f"/v1/cases/{case_id}?min_position={added.json()['position']}"
    clerk = (await desk.http.get(path)).json()
    reader = (await desk.http.get(path, headers=HISTORIAN)).json()
    assert (clerk["contact"]["name"], clerk["messages"][0]["said"]["text"]) == (
        "李静",
        "still down",
    )
    assert (reader["contact"], reader["messages"][0]["said"]) == ({}, {})
    assert reader["report"] == clerk["report"]
    attachment = await desk.http.get(f"/v1/cases/{case_id}/attachments/1", headers=HISTORIAN)
    assert attachment.status_code == 403


async def test_erased_person_is_shown_no_more(desk: Desk) -> None:
    answer = await desk.mail(
        b"From: Li <li.jing@citylibrary.example>\r\nSubject: down\r\n\r\nall of it"
    )
    case_id = answer.json()["case_id"]
    contacts = {event.subject: event for event in await desk.events("contact.recorded")}
    contact = contacts["contact/P-1"]
    assert await desk.intake.vault.erase(fields(contact)["details"]["person"])
    case = await desk.case(answer)
    assert case["contact"] == {}
    gone = await desk.http.get(f"/v1/cases/{case_id}/attachments/1")
    assert gone.status_code == 410
