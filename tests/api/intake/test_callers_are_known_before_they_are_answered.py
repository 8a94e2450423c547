"""IN-03: the screen pop. The answer is there while the telephone rings."""

from typing import Any

import pytest
import structlog

from support.intake_desk import READER, Desk

EMPTY = {"known": False, "contacts": [], "customers": [], "call_backs": []}


async def pop(desk: Desk, number: str, **query: Any) -> dict[str, Any]:
    answer = await desk.http.get(f"/v1/callers/{number}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "number", ["13855500119", "+8613855500119", "0086 138 5550 0119", "+86 138-5550-0119"]
)
async def test_caller_is_known_with_all_that_is_hers(desk: Desk, number: str) -> None:
    opened = (await desk.request()).json()
    shown = await pop(desk, number, min_position=opened["position"])
    [contact] = shown["contacts"]
    assert (contact["name"], contact["authorised"]) == ("李静", True)
    [customer] = shown["customers"]
    assert (customer["customer_id"], customer["name"]) == ("C-1", "Library")
    [contract] = customer["contracts"]
    assert (contract["contract_id"], contract["in_force"]) == ("CT-1", True)
    assert [device["serial"] for device in customer["devices"]] == ["IT-SRV-01"]
    [case] = customer["open_cases"]
    assert (case["case_id"], case["severity"]) == (opened["case_id"], "2")


async def test_who_may_not_speak_for_the_customer_is_shown_as_such(desk: Desk) -> None:
    shown = await pop(desk, "13855500120")
    assert [contact["authorised"] for contact in shown["contacts"]] == [False]


async def test_contract_that_lapsed_says_so(desk: Desk) -> None:
    await desk.load(
        {
            "contracts/CT-0": {
                "customer_id": "C-1",
                "policy": "it-integration",
                "starts_on": "2020-01-01",
                "ends_on": "2021-12-31",
            }
        }
    )
    [customer] = (await pop(desk, "13855500119"))["customers"]
    assert [(one["contract_id"], one["not_in_force"]) for one in customer["contracts"]] == [
        ("CT-1", None),
        ("CT-0", "contract-expired"),
    ]


async def test_ended_cases_are_not_shown(desk: Desk) -> None:
    opened = (await desk.request()).json()
    ended = await desk.http.post(f"/v1/cases/{opened['case_id']}/withdraw", json={})
    shown = await pop(desk, "13855500119", min_position=ended.json()["position"])
    assert shown["customers"][0]["open_cases"] == []


@pytest.mark.parametrize("number", ["13900000000", "anonymous", "8001", "%E2%98%8E"])
async def test_caller_nobody_knows_is_an_empty_answer(desk: Desk, number: str) -> None:
    assert await pop(desk, number) == EMPTY


async def test_number_is_in_no_line_and_in_no_error(desk: Desk) -> None:
    with structlog.testing.capture_logs() as lines:
        for answer in (
            await desk.http.get("/v1/callers/13855500119", headers=READER),
            await desk.http.get("/v1/callers/13855500119?min_position=x"),
            await desk.http.post("/v1/callers/02155500137"),
        ):
            assert answer.is_client_error
            assert "5550" not in answer.text
    assert len(lines) >= 3
    assert "5550" not in repr(lines)
