"""Complaints and supervision have lines of their own, on every channel (IN-12)."""

from typing import Any

import pytest

from support.intake_desk import CALL, Desk, fields
from support.web_form import send

LINES: dict[str, dict[str, str]] = {
    "L-COMPLAINT": {"kind": "complaint", "mailbox": "complaint@aftercare.example"},
    "L-SUPERVISION": {"kind": "supervision_complaint", "hotline_number": "400-820-0001"},
    "L-QUEUE": {"kind": "complaint", "queue": "complaints"},
    "L-QUEUE-ZH": {"kind": "complaint", "queue": "投诉"},
}
TAKEN = {"summary": "nobody came", "customer_id": "C-1"}


@pytest.fixture
async def lined(desk: Desk) -> Desk:
    for line_id, line in LINES.items():
        assert (await desk.http.put(f"/v1/lines/{line_id}", json=line)).status_code == 201
    return desk


async def kinds(desk: Desk) -> list[str]:
    return [fields(event)["kind"] for event in await desk.events("case.reported")]


async def call(desk: Desk, **changes: Any) -> Any:
    return await desk.http.post("/v1/calls", json=CALL | {"request": TAKEN} | changes)


def mail(to: str, *headers: str) -> bytes:
    lines = ["From: li.jing@citylibrary.example", f"To: {to}", "Subject: no help", *headers]
    return ("\r\n".join([*lines, "", "text"])).encode()


async def test_line_is_kept_and_read(lined: Desk) -> None:
    shown = (await lined.http.get("/v1/lines/L-QUEUE")).json()
    assert (shown["kind"], shown["queue"]) == ("complaint", "complaints")
    assert len((await lined.http.get("/v1/lines")).json()["items"]) == len(LINES)


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "complaint"},
        {"kind": "complaint", "hotline_number": "1", "queue": "2"},
        {"kind": "anger", "queue": "a"},
        {"kind": "complaint", "mailbox": "nowhere"},
    ],
)
async def test_line_that_names_no_one_place_is_refused(desk: Desk, line: dict[str, str]) -> None:
    assert (await desk.http.put("/v1/lines/L-1", json=line)).status_code == 422


@pytest.mark.parametrize(
    ("reached", "kind"),
    [
        ({"called": "+86 400 820 0001"}, "supervision_complaint"),
        ({"queue": "complaints"}, "complaint"),
        ({"queue": "投诉"}, "complaint"),
    ],
)
async def test_call_is_what_its_line_says(lined: Desk, reached: dict[str, str], kind: str) -> None:
    assert (await call(lined, **reached)).status_code == 202
    assert await kinds(lined) == [kind]


@pytest.mark.parametrize(
    ("queue", "told"),
    [
        ("售后", "售后"),
        ("support line", "support line"),
        ("60012345", "60012345"),
        ("of 13855500142", "of […]"),
    ],
)
async def test_queue_is_told_by_its_name_without_a_number_of_anybody(
    desk: Desk, queue: str, told: str
) -> None:
    """IN-03: a call that waited there counts, whatever the telephone system calls it."""
    answer = await desk.http.post("/v1/calls", json=CALL | {"queue": queue})
    assert answer.status_code == 202, answer.text
    [event] = await desk.events("call.recorded")
    assert fields(event)["queue"] == told


async def test_agent_who_says_what_it_is_knows_better(lined: Desk) -> None:
    await call(lined, queue="complaints", request=TAKEN | {"kind": "question"})
    assert await kinds(lined) == ["question"]


async def test_call_of_which_nobody_says_the_kind_is_refused(lined: Desk) -> None:
    refused = await call(lined, queue="hotline")
    assert (refused.status_code, refused.json()["field"]) == (422, "request.kind")
    assert not await lined.events("call.recorded")


@pytest.mark.parametrize(
    "raw",
    [
        mail("Complaints <Complaint@Aftercare.example>"),
        mail("service@aftercare.example, complaint@aftercare.example"),
        mail("service@aftercare.example", "Delivered-To: complaint@aftercare.example"),
    ],
)
async def test_mail_is_what_its_address_says(lined: Desk, raw: bytes) -> None:
    assert (await lined.mail(raw)).status_code == 202
    assert await kinds(lined) == ["complaint"]


async def test_mail_is_also_what_its_envelope_says(lined: Desk) -> None:
    said = lined.intake.said("mail")
    to = ["complaint@aftercare.example"]
    await lined.intake.mailroom.receive(mail("undisclosed:;"), said, None, to)
    assert await kinds(lined) == ["complaint"]


async def test_mail_to_the_service_stays_what_its_subject_says(lined: Desk) -> None:
    await lined.mail(mail("service@aftercare.example"))
    assert await kinds(lined) == ["fault"]


async def test_forms_of_their_own_need_no_device_and_fix_the_kind(desk: Desk) -> None:
    for path in ("/report/complaint", "/report/supervision"):
        said = {"device_serial": "", "kind": "fault", "concerns": "工单 4f7k-q2m9 的工程师"}
        assert (await send(desk, path=path, **said)).status_code == 201
    assert await kinds(desk) == ["complaint", "supervision_complaint"]
    about = [fields(event)["arises_from"] for event in await desk.events("case.reported")]
    assert about == ["4F7K-Q2M9", "4F7K-Q2M9"]
    assert (await desk.http.get("/report/anything")).status_code == 404


async def test_what_was_said_about_staff_stands_in_clear_nowhere(desk: Desk) -> None:
    await send(desk, path="/report/supervision", description="张三 asked for money")
    assert "张三" not in str([fields(event) for event in await desk.events()])
