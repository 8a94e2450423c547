"""IN-01, IN-08, IN-14: what an agent hears, reads and is told at the counter has a way in."""

from typing import Any

import pytest

from support.intake_desk import CALL, REQUEST, Desk, fields

UNKNOWN: dict[str, Any] = {
    "channel": "letter",
    "kind": "fault",
    "summary": "the lamp before our house is dark",
    "contact": {"name": "钱八", "phone": "13700002222"},
}


async def entered(desk: Desk, **changes: Any) -> Any:
    return await desk.http.post("/v1/requests", json=UNKNOWN | changes)


async def called(desk: Desk, number: int = 1, **changes: Any) -> Any:
    return await desk.http.post("/v1/calls", json=CALL | {"call_id": str(number)} | changes)


@pytest.mark.parametrize("channel", ["letter", "visit"])
async def test_letter_or_visit_of_somebody_unknown_is_held_while_its_clock_runs(
    desk: Desk, channel: str
) -> None:
    answer = await entered(desk, channel=channel)
    assert answer.status_code == 202, answer.text
    case = await desk.case(answer)
    assert (case["customer_id"], case["held_for"], case["ended"]) == ("", "unknown-contact", None)
    held = await desk.http.get("/desk/held?lang=en")
    assert case["case_id"] in held.text


async def test_letter_of_a_known_contact_needs_no_customer_either(desk: Desk) -> None:
    answer = await entered(desk, contact={"phone": "13855500119"})
    assert (await desk.case(answer))["customer_id"] == "C-1"


@pytest.mark.parametrize("channel", ["phone", "fax", "email", "web"])
async def test_any_other_channel_names_its_customer(desk: Desk, channel: str) -> None:
    answer = await entered(desk, channel=channel)
    assert (answer.status_code, answer.json()["field"]) == (422, "customer_id")
    assert not await desk.events("case.reported")


async def test_desk_has_a_form_for_it_in_both_languages(desk: Desk) -> None:
    for lang, title in (("en", "Enter a letter or a visit"), ("zh", "登记来函或来访")):
        page = await desk.http.get(f"/?lang={lang}")
        assert title in page.text
        assert 'data-action="/v1/requests"' in page.text


async def test_call_about_a_case_is_shown_there(desk: Desk) -> None:
    case_id = (await desk.request()).json()["case_id"]
    answer = await called(desk, case_id=case_id)
    assert (answer.status_code, answer.json()["case_id"]) == (202, case_id)
    case = await desk.case(answer)
    assert [one["reference"] for one in case["calls"]] == ["1"]
    assert case["messages"] == []
    again = await called(desk, case_id=case_id)
    assert again.json() == answer.json() | {"duplicate": True}
    page = await desk.http.get(f"/desk/cases/{case_id}?lang=en")
    assert "they called" in page.text
    assert len(await desk.events("case.reported")) == 1


async def test_what_was_said_in_it_is_a_message_to_the_case(desk: Desk) -> None:
    case_id = (await desk.request()).json()["case_id"]
    request = {"summary": "it smokes now", "description": "since noon"}
    answer = await called(desk, case_id=case_id, request=request)
    assert (answer.status_code, answer.json()["case_id"]) == (202, case_id)
    again = await called(desk, case_id=case_id, request=request)
    assert again.json() == answer.json() | {"duplicate": True}
    case = await desk.case(answer)
    [message] = case["messages"]
    assert (message["channel"], message["said"]["text"]) == ("phone", "it smokes now\n\nsince noon")
    assert len(case["calls"]) == 1
    assert len(await desk.events("case.reported")) == 1


async def test_call_about_a_case_that_ended_opens_another(desk: Desk) -> None:
    case_id = (await desk.request()).json()["case_id"]
    await desk.http.post(f"/v1/cases/{case_id}/withdraw", json={})
    answer = await called(desk, case_id=case_id, request={"summary": "it is back"})
    case = await desk.case(answer)
    assert case["case_id"] != case_id
    assert (case["report"]["arises_from"], case["kind"]) == (case_id, REQUEST["kind"])
    only_shown = await called(desk, 2, case_id=case_id)
    assert only_shown.json()["case_id"] == case_id


async def test_call_about_a_merged_case_belongs_where_that_goes_on(desk: Desk) -> None:
    first, second = [(await desk.request()).json()["case_id"] for _ in range(2)]
    await desk.http.post(f"/v1/cases/{first}/merge", json={"into": second})
    answer = await called(desk, case_id=first, request={"summary": "again"})
    assert answer.json()["case_id"] == second


async def test_words_of_a_withheld_number_are_sealed_for_the_contact_of_the_case(
    desk: Desk,
) -> None:
    case_id = (await desk.request()).json()["case_id"]
    changes = {"case_id": case_id, "caller": "anonymous", "request": {"summary": "again"}}
    assert (await called(desk, **changes)).status_code == 202
    [reported] = await desk.events("case.reported")
    [message] = await desk.events("message_added")
    assert fields(message)["text"]["person"] == fields(reported)["contact"]["person"]


async def test_call_about_no_case_is_refused_by_name(desk: Desk) -> None:
    answer = await called(desk, case_id="AAAA-BBBB")
    assert (answer.status_code, answer.json()["field"]) == (422, "case_id")
    assert not await desk.events("call.recorded")


async def test_desk_adds_what_was_said_later(desk: Desk) -> None:
    case_id = (await desk.case(await desk.request()))["case_id"]
    page = await desk.http.get(f"/desk/cases/{case_id}?lang=en")
    assert f'data-action="/v1/cases/{case_id}/messages"' in page.text
