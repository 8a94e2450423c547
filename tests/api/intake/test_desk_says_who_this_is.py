"""The desk: who is this, what do they own, is it already open?"""

import httpx
import pytest

from support.intake_desk import READER, Desk


async def search(desk: Desk, text: str) -> httpx.Response:
    return await desk.http.post("/desk/search", data={"q": text})


async def test_stranger_is_shown_the_form_and_the_sign_in(desk: Desk) -> None:
    desk.http.headers.pop("Authorization")
    page = await desk.http.get("/")
    assert 'href="/report"' in page.text
    assert "/sign-in?next=/" in page.text
    assert "/desk/search" not in page.text
    assert "/desk/search" not in (await desk.http.get("/", headers=READER)).text
    for path in ("/desk/quarantine", "/desk/customers/C-1", "/desk/cases/4F7K-Q2M9"):
        sent_away = await desk.http.get(path)
        assert (sent_away.status_code, sent_away.headers["Location"].partition("?")[0]) == (
            303,
            "/sign-in",
        )
        assert (await desk.http.get(path, headers=READER)).status_code == 403


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("138 5550 0119", "/desk/customers/C-1?contact=P-1"),
        ("+86 13855500119", "/desk/customers/C-1?contact=P-1"),
        ("Li.Jing@CityLibrary.example", "/desk/customers/C-1?contact=P-1"),
        ("IT-SRV-01", "/desk/customers/C-1?device=D-1"),
        ("D-1", "/desk/customers/C-1?device=D-1"),
        ("libr", "/desk/customers/C-1"),
        ("C-2", "/desk/customers/C-2"),
    ],
)
async def test_number_address_serial_or_name_lead_to_the_customer(
    desk: Desk, asked: str, found: str
) -> None:
    answer = await search(desk, asked)
    assert (answer.status_code, answer.headers["Location"]) == (303, found)


async def test_case_number_leads_to_the_case(desk: Desk) -> None:
    case = await desk.case(await desk.request())
    answer = await search(desk, f"about {case['case_id'].lower()} please")
    assert answer.headers["Location"] == f"/desk/cases/{case['case_id']}"


async def test_stranger_is_known_by_what_she_reported(desk: Desk) -> None:
    stranger = {"name": "赵六", "phone": "13700001111"}
    case = await desk.case(await desk.request(contact=stranger))
    page = await search(desk, "+86 137-0000-1111")
    assert (page.status_code, case["case_id"] in page.text) == (200, True)


async def test_what_answers_to_a_name_is_for_the_clerk_to_choose(desk: Desk) -> None:
    page = await search(desk, "r")
    assert 'href="/desk/customers/C-1"' in page.text
    assert 'href="/desk/customers/C-2"' in page.text
    assert "没有找到" in (await search(desk, "%")).text
    assert (await desk.http.get("/desk/search")).headers["Location"] == "/"


async def test_customer_page_tells_people_open_cases_warranty_and_missing_documents(
    desk: Desk,
) -> None:
    lapsed = {"customer_id": "C-1", "policy": "it-integration", "starts_on": "2020-01-01"}
    await desk.http.put("/v1/contracts/CT-0", json=lapsed | {"ends_on": "2022-01-01"})
    waiting = lapsed | {"handover_required": True, "handover": ["project_plan"]}
    await desk.http.put("/v1/contracts/CT-2", json=waiting)
    case = await desk.case(await desk.request())
    page = (await desk.http.get("/desk/customers/C-1?contact=P-2&lang=en")).text
    assert page.index("王五") < page.index("李静")
    for told in (
        case["case_id"],
        "Not authorised",
        "2029-12-20",
        "In warranty",
        "Contract in force",
        "Contract expired",
        "Hand-over file incomplete",
        "Acceptance report",
    ):
        assert told in page
    assert "Project plan" not in page
    assert 'data-action="/v1/requests"' in page
    assert (await desk.http.get("/desk/customers/nobody")).status_code == 404


async def test_case_page_tells_who_asks_and_what_she_is_entitled_to(desk: Desk) -> None:
    case = await desk.case(await desk.request())
    page = (await desk.http.get(f"/desk/cases/{case['case_id']}?lang=en")).text
    for told in ("李静", "all disks show red", "In warranty", "server does not start"):
        assert told in page


async def test_case_of_a_known_caller_without_a_device_has_its_pages_too(desk: Desk) -> None:
    raw = "Message-ID: <n1@citylibrary.example>\r\nFrom: li.jing@citylibrary.example\r\n\r\ndark"
    case = await desk.case(await desk.mail(raw.encode()))
    assert "device_id" not in case["report"]
    for path in (f"/desk/cases/{case['case_id']}", "/desk/customers/C-1"):
        page = await desk.http.get(path)
        assert (page.status_code, case["case_id"] in page.text) == (200, True)


async def test_quarantine_counts_lists_and_hands_out_what_it_holds(desk: Desk) -> None:
    raw = b"Message-ID: <bad@x>\r\nFrom: a@b.example\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n."
    received = (await desk.mail(raw)).json()
    assert received["disposition"] == "quarantined"
    at = {"min_position": received["position"]}
    [one] = (await desk.http.get("/v1/arrivals", params=at)).json()["items"]
    assert one["reason"]
    page = (await desk.http.get("/desk/quarantine?lang=en")).text
    assert one["arrival_id"] in page
    assert 'aria-current="page">Quarantine&nbsp;<span class="tag">1</span>' in page
    kept = await desk.http.get(f"/v1/arrivals/{one['arrival_id']}/original")
    assert kept.content == raw
    assert (await desk.http.get("/v1/arrivals/nothing/original")).status_code == 404
