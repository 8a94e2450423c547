"""The group that handles a case sees it, in the API and at the desk (IN-04)."""

from typing import Any

from support.intake_desk import READER, Desk


async def of_group(desk: Desk, group: str, position: int = 0) -> list[str]:
    at: dict[str, Any] = {"group": group, "min_position": position}
    answer = await desk.http.get("/v1/cases", params=at)
    assert answer.status_code == 200, answer.text
    return [case["case_id"] for case in answer.json()["items"]]


async def test_case_stands_with_its_group_and_moves_with_its_severity(desk: Desk) -> None:
    case = await desk.case(await desk.request())
    case_id = case["case_id"]
    assert (case["group"], case["report"]["group"]) == ("technical_service_centre",) * 2
    assert await of_group(desk, "technical_service_centre") == [case_id]
    page = (await desk.http.get("/desk/cases?group=technical_service_centre&lang=en")).text
    assert f'href="/desk/cases/{case_id}"' in page
    body = {"severity": "1", "reason": "the whole library is down"}
    moved = (await desk.http.patch(f"/v1/cases/{case_id}", json=body)).json()
    assert await of_group(desk, "emergency_team", moved["position"]) == [case_id]
    assert await of_group(desk, "technical_service_centre") == []
    assert "紧急维护小组" in (await desk.http.get(f"/desk/cases/{case_id}?lang=zh")).text
    left = (await desk.http.get("/desk/cases?group=technical_service_centre&lang=en")).text
    assert case_id not in left
    assert "No case is open here." in left
    # What a form sends whose first choice is "all groups".
    assert case_id in (await desk.http.get("/desk/cases?group=")).text


async def test_open_cases_come_page_by_page_and_ended_ones_not_at_all(desk: Desk) -> None:
    answers = [await desk.request(kind=kind) for kind in ("complaint", "suggestion", "complaint")]
    numbers = [(await desk.case(answer))["case_id"] for answer in answers]
    gone = (await desk.http.post(f"/v1/cases/{numbers[0]}/withdraw", json={})).json()
    at: dict[str, Any] = {"limit": 1, "min_position": gone["position"]}
    first = (await desk.http.get("/v1/cases", params=at)).json()
    second = (await desk.http.get("/v1/cases", params=at | {"cursor": first["next"]})).json()
    shown = [item["case_id"] for page in (first, second) for item in page["items"]]
    assert (sorted(shown), second["next"]) == (sorted(numbers[1:]), None)


async def test_no_such_group_is_refused_by_name(desk: Desk) -> None:
    answer = await desk.http.get("/v1/cases", params={"group": "nobody"})
    assert (answer.status_code, answer.json()["field"]) == (422, "group")
    assert (await desk.http.get("/v1/cases", headers=READER)).status_code == 403
