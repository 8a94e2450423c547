"""A portal's token names its customer, and opens nothing else (IN-01, R9)."""

from typing import Any

import httpx
import pytest

from support.intake_desk import ARCHIVE, DESK, REQUEST, Desk, of_customer

WEB = REQUEST | {"channel": "web"}
PHOTO = b"\xff\xd8\xff\xe0 a photo of the rack"


MINE, OTHERS = of_customer("C-1"), of_customer("C-2")


async def report(desk: Desk, who: dict[str, str] = MINE, **changes: Any) -> httpx.Response:
    return await desk.http.post("/v1/requests", json=WEB | changes, headers=who)


async def attach(desk: Desk, case_id: str, who: dict[str, str] = MINE, **form: Any) -> Any:
    files = form.get("files", [("files", ("机柜.jpg", PHOTO, "text/html"))])
    path = f"/v1/requests/{case_id}/attachments"
    data = {"text": form.get("text", "two more lamps")}
    return await desk.http.post(path, data=data, files=files, headers=who)


async def test_portal_reports_and_reads_what_its_page_says(desk: Desk) -> None:
    accepted = await report(desk)
    assert accepted.status_code == 202
    case_id = accepted.json()["case_id"]
    status = (await desk.http.get(f"/v1/requests/{case_id}/status", headers=MINE)).json()
    assert (status["now"], status["summary"]) == ("received", WEB["summary"])
    page = await desk.http.get(status["status_url"].removeprefix("http://127.0.0.1:8081"))
    assert page.status_code == 200
    [event] = await desk.events("case.reported")
    assert event.actor == "portal"


async def test_files_are_added_once_under_one_key(desk: Desk) -> None:
    case_id = (await report(desk)).json()["case_id"]
    keyed = MINE | {"Idempotency-Key": "k-1"}
    first, again = [await attach(desk, case_id, keyed) for _ in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    changed = await attach(desk, case_id, keyed, text="three more")
    assert changed.json()["type"] == "/problems/idempotency-key-reused"
    kept = await desk.http.get(f"/v1/cases/{case_id}/attachments/1", headers=DESK)
    assert kept.content == PHOTO
    assert len(await desk.events("message_added")) == 1


async def test_file_that_cannot_be_taken_is_refused_by_its_field(desk: Desk) -> None:
    case_id = (await report(desk)).json()["case_id"]
    program = [("files", ("a.jpg", b"MZ\x90\x00", "image/jpeg"))]
    refused = await attach(desk, case_id, files=program)
    assert (refused.status_code, refused.json()["field"]) == (422, "files")


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"customer_id": "C-2", "device_serial": None}, 403, "customer_id"),
        ({"channel": "phone"}, 422, "channel"),
        ({"reported_at": "2026-11-01T08:00:00+08:00"}, 422, "reported_at"),
        ({"actor": "dispatcher"}, 422, "actor"),
    ],
)
async def test_portal_states_only_what_the_customer_knows(
    desk: Desk, changes: dict[str, Any], status: int, field: str
) -> None:
    refused = await report(desk, **changes)
    assert (refused.status_code, refused.json()["field"]) == (status, field)
    assert not await desk.events("case.reported")


async def test_case_of_another_customer_is_not_there(desk: Desk) -> None:
    case_id = (await report(desk)).json()["case_id"]
    seen = await desk.http.get(f"/v1/requests/{case_id}/status", headers=OTHERS)
    unknown = await desk.http.get("/v1/requests/4F7K-Q2M9/status", headers=OTHERS)
    assert (seen.status_code, unknown.status_code) == (404, 404)
    assert (await attach(desk, case_id, OTHERS)).status_code == 404
    assert not await desk.events("message_added")


async def test_key_of_another_customer_is_another_key(desk: Desk) -> None:
    plain = {"device_serial": None, "contact": {"name": "王五"}, "severity": None}
    key = {"Idempotency-Key": "same"}
    cases = {
        (await report(desk, who | key, customer_id=customer, **plain)).json()["case_id"]
        for who, customer in ((MINE, "C-1"), (OTHERS, "C-2"))
    }
    assert len(cases) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/cases/{case}"),
        ("GET", "/v1/cases/{case}/attachments/1"),
        ("PATCH", "/v1/cases/{case}"),
        ("POST", "/v1/cases/{case}/messages"),
        ("POST", "/v1/calls"),
        ("POST", "/v1/emails"),
        ("GET", "/v1/calls"),
        ("GET", "/v1/customers"),
        ("PUT", "/v1/customers/C-1"),
    ],
)
async def test_nothing_else_is_open_to_it(desk: Desk, method: str, path: str) -> None:
    case_id = (await report(desk)).json()["case_id"]
    entry = ARCHIVE["customers/C-1"]
    wide = of_customer("C-1", "intake:write admin history:read")
    answer = await desk.http.request(method, path.format(case=case_id), json=entry, headers=wide)
    assert answer.status_code == 403


async def test_pages_of_staff_are_closed_to_it(desk: Desk) -> None:
    home = await desk.http.get("/", headers=MINE)
    assert 'href="/report"' in home.text
    key = MINE["Authorization"].removeprefix("Bearer ")
    same_site = {"Sec-Fetch-Site": "same-origin"}
    entered = await desk.http.post("/sign-in", data={"key": key}, headers=same_site)
    assert entered.status_code == 401


@pytest.mark.parametrize("claim", [7, "", "C 1", ["C-1"], {"id": "C-1"}])
async def test_claim_that_names_no_customer_opens_nothing(desk: Desk, claim: Any) -> None:
    assert (await report(desk, of_customer(claim))).status_code == 401
