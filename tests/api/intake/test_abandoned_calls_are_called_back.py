"""IN-03: who gave up waiting is on a list until somebody spoke to her."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from aftercare_events.envelope import Recorded
from support.intake_desk import CALL, READER, START, Desk, fields

ABANDONED = {
    **{name: value for name, value in CALL.items() if name not in ("agent", "answered_at")},
    "outcome": "abandoned",
}

# Beyond what any table holds, once it is told in UTC.
FAR = "9999-12-31T23:59:59-12:00"


async def abandon(desk: Desk, call_id: str = "a-1", **changes: Any) -> int:
    answer = await desk.http.post("/v1/calls", json=ABANDONED | {"call_id": call_id} | changes)
    assert answer.status_code == 202, answer.text
    return answer.json()["position"]


async def listed(desk: Desk, position: int, **query: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get("/v1/call-backs", params={"min_position": position, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def completed(desk: Desk) -> Recorded:
    """What is recorded by itself, once it is."""
    async with asyncio.timeout(10):
        async for batch in desk.log.read(subject="ac.intake.return_call.*", follow=True):
            return batch[0]
    raise AssertionError


async def test_who_gave_up_is_listed_with_name_and_number(desk: Desk) -> None:
    [item] = await listed(desk, await abandon(desk))
    assert item["caller"] == {"phone": CALL["caller"], "name": "李静", "customer_id": "C-1"}
    assert (item["calls"], item["since"]) == (1, "2026-11-02T00:50:05Z")


async def test_calls_in_a_row_are_one_item(desk: Desk) -> None:
    await abandon(desk)
    position = await abandon(desk, "a-2", caller="13855500119")
    position = await abandon(desk, "a-3", caller="+86 139 5550 0166")
    items = await listed(desk, position)
    assert sorted(item["calls"] for item in items) == [1, 2]


async def test_attempt_puts_it_off_and_completion_takes_it_off(desk: Desk) -> None:
    [item] = await listed(desk, await abandon(desk))
    path = f"/v1/call-backs/{item['call_back_id']}"
    tried = await desk.http.post(f"{path}/attempt", json={"outcome": "no_answer"})
    assert tried.status_code == 200, tried.text
    position = tried.json()["position"]
    assert await listed(desk, position, due="now") == []
    [item] = await listed(desk, position)
    assert (item["attempts"], item["last_outcome"]) == (1, "no_answer")
    [item] = await listed(desk, position, due=(START + timedelta(hours=1)).isoformat())
    done = await desk.http.post(f"{path}/complete", json={"outcome": "reached", "actor": "a-07"})
    assert await listed(desk, done.json()["position"]) == []
    shown = await desk.http.get(path)
    assert (shown.json()["ended"], shown.json()["attempts"]) == ("reached", 1)
    [event] = await desk.events("return_call.completed")
    assert (fields(event)["by"], event.actor) == ("a-07", "a-07")


async def test_same_attempt_sent_again_is_one_attempt(desk: Desk) -> None:
    [item] = await listed(desk, await abandon(desk))
    path, key = f"/v1/call-backs/{item['call_back_id']}/attempt", {"Idempotency-Key": "once"}
    first = await desk.http.post(path, json={"outcome": "busy"}, headers=key)
    again = await desk.http.post(path, json={"outcome": "busy"}, headers=key)
    assert again.json() == first.json()
    assert len(await desk.events("return_call.attempted")) == 1
    other = await desk.http.post(path, json={"outcome": "no_answer"}, headers=key)
    assert other.status_code == 422


async def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    [item] = await listed(desk, await abandon(desk))
    path, end = f"/v1/call-backs/{item['call_back_id']}", await desk.log.end()
    for action, body, field in (
        ("attempt", {"outcome": "asleep"}, "outcome"),
        ("attempt", {"outcome": "busy", "call_again_at": "2026-11-01T09:00:00Z"}, "call_again_at"),
        ("attempt", {"outcome": "busy", "call_again_at": FAR}, "call_again_at"),
        ("complete", {"outcome": "called_again"}, "outcome"),
        ("complete", {"case_id": "no such id!"}, "case_id"),
    ):
        answer = await desk.http.post(f"{path}/{action}", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await desk.http.post("/v1/call-backs/T-0/complete", json={})).status_code == 404
    assert (await desk.http.get("/v1/call-backs", headers=READER)).status_code == 403
    assert await desk.log.end() == end


async def test_number_stands_nowhere_in_clear(desk: Desk) -> None:
    [item] = await listed(desk, await abandon(desk))
    await desk.http.post(f"/v1/call-backs/{item['call_back_id']}/complete", json={})
    for event in await desk.events():
        assert b"5550" not in bytes(event.data)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
async def test_answered_call_completes_it_by_itself(desk: Desk, direction: str) -> None:
    [item] = await listed(desk, await abandon(desk))
    later = {
        "started_at": "2026-11-02T08:58:00+08:00",
        "answered_at": "2026-11-02T08:58:10+08:00",
        "ended_at": "2026-11-02T08:59:00+08:00",
    }
    answered = await desk.http.post(
        "/v1/calls", json=CALL | later | {"call_id": "b-1", "direction": direction}
    )
    assert await listed(desk, answered.json()["position"]) == []
    recorded = await completed(desk)
    data = fields(recorded.event)
    assert (data["outcome"], data["call_id"]) == ("called_again", answered.json()["call_id"])
    shown = await desk.http.get(
        f"/v1/call-backs/{item['call_back_id']}", params={"min_position": recorded.position}
    )
    assert (shown.json()["ended"], shown.json()["ended_at"]) == (
        "called_again",
        "2026-11-02T00:59:00Z",
    )


async def test_answered_call_that_is_told_first_completes_it_as_well(desk: Desk) -> None:
    early = {
        "started_at": "2026-11-02T08:40:00+08:00",
        "ended_at": "2026-11-02T08:40:30+08:00",
    }
    await desk.http.post("/v1/calls", json=CALL)
    assert await listed(desk, await abandon(desk, **early)) == []
    assert (await completed(desk)).event.actor == "intake"


async def test_clerk_sees_them_on_the_desk_in_her_language(desk: Desk) -> None:
    none = await desk.http.get("/desk/calls", params={"lang": "en"})
    assert "Nobody waits to be called back" in none.text
    await abandon(desk)
    position = await abandon(desk, "a-2")
    [item] = await listed(desk, position)
    tried = await desk.http.post(
        f"/v1/call-backs/{item['call_back_id']}/attempt", json={"outcome": "busy"}
    )
    query = {"min_position": tried.json()["position"]}
    english = (await desk.http.get("/desk/calls", params=query | {"lang": "en"})).text
    chinese = (await desk.http.get("/desk/calls", params=query | {"lang": "zh"})).text
    for page in (english, chinese):
        assert "李静" in page
        assert CALL["caller"] in page
        assert "/desk/customers/C-1" in page
    assert "2 calls" in english
    assert "engaged" in english
    assert "来电 2 次" in chinese
    assert "占线" in chinese
