"""Editions of official days and moves to newer contracts, as callers see them (SL-01, SL-02)."""

import json
from typing import Any

from aftercare_events.catalogue.case import CaseReopened, CaseReported, CaseWithdrawn
from sla_monitor.shipped import official_days
from support.monitors import CASE, READER, Served, fault

CN = official_days()["cn"]
# Monday 2026-11-02 is made a holiday after all
NOTICE = {
    "edition": "notice of 2026-11-01",
    "years": [2026],
    "off": sorted([*(d.isoformat() for d in CN.off if d.year == 2026), "2026-11-02"]),
    "on": sorted(d.isoformat() for d in CN.on if d.year == 2026),
}


def partial(case_id: str = CASE) -> CaseReported:
    return fault(case_id, policy="software-maintenance", severity="partial", device_id=None)


async def clock(served: Served, name: str = "onsite", case_id: str = CASE) -> dict[str, Any]:
    answer = await served.http.get(f"/v1/cases/{case_id}/clocks")
    return next(c for c in answer.json()["clocks"] if c["clock"] == name)


async def moved(served: Served, count: int) -> list[dict[str, Any]]:
    """Wait for that many cases to have moved; the events."""
    found: list[dict[str, Any]] = []
    async for batch in served.log.read(subject="ac.sla.case.*", follow=True):
        events = (recorded.event for recorded in batch)
        found += [json.loads(bytes(e.data)) for e in events if e.type.endswith("terms_changed.v1")]
        if len(found) == count:
            return found
    raise AssertionError("the log ended")


async def test_notice_moves_the_running_cases_that_use_the_calendar(served: Served) -> None:
    await served.say(partial(), fault("OTHER-1"), partial("GONE-1"))
    await served.say(CaseWithdrawn(case_id="GONE-1"))
    assert (await clock(served))["due_at"] == "2026-11-02T05:00:00Z"

    answer = await served.http.put("/v1/calendars/cn", json=NOTICE)

    assert (answer.status_code, answer.json()["number"]) == (200, 1)
    events = await moved(served, 2)
    assert {event["case_id"] for event in events} == {CASE, "OTHER-1"}
    assert events[0]["calendar_editions"] == {"cn": 1}
    assert (events[0]["cause"], events[0]["reason"]) == ("calendar", "notice of 2026-11-01")
    onsite = await clock(served)
    assert onsite["due_at"] == "2026-11-03T05:00:00Z"
    assert onsite["explanation"]["moved_by"][-1]["cause"] == "calendar_changed"
    await served.say(partial("NEW-1"))
    begun = await clock(served, case_id="NEW-1")
    assert (begun["due_at"], begun["explanation"]["moved_by"]) == (onsite["due_at"], [])


async def test_same_notice_is_one_edition(served: Served) -> None:
    first = await served.http.put("/v1/calendars/cn", json=NOTICE)
    again = await served.http.put("/v1/calendars/cn", json=NOTICE)
    assert first.json() == again.json()
    position = first.headers["X-Log-Position"]
    listed = await served.http.get(f"/v1/calendars?min_position={position}")
    assert [(one["name"], one["number"]) for one in listed.json()] == [("cn", 1)]
    assert listed.json()[0]["calendar"]["edition"] == NOTICE["edition"]


async def test_case_that_was_over_follows_when_it_is_reopened(served: Served) -> None:
    await served.say(partial())
    await served.say(CaseWithdrawn(case_id=CASE))
    await served.http.put("/v1/calendars/cn", json=NOTICE)
    await served.say(CaseReopened(case_id=CASE))
    [event] = await moved(served, 1)
    assert event["case_id"] == CASE


async def test_edition_that_makes_no_sense_is_refused(served: Served) -> None:
    before = await served.log.end()
    refused: list[tuple[str, dict[str, Any], tuple[int, str | None]]] = [
        ("mars", {}, (404, None)),
        ("cn", {"years": []}, (422, "years")),
        ("cn", {"off": ["2027-01-01"]}, (422, "off")),
        ("cn", {"on": ["2026-10-01"]}, (422, "on")),
        ("cn", {"edition": ""}, (422, "edition")),
    ]
    for name, change, refusal in refused:
        answer = await served.http.put(f"/v1/calendars/{name}", json={**NOTICE, **change})
        assert (answer.status_code, answer.json().get("field")) == refusal
    assert await served.log.end() == before


async def test_only_admins_publish_days_and_move_cases(served: Served) -> None:
    put = await served.http.put("/v1/calendars/cn", json=NOTICE, headers=READER)
    body = {"reason": "signed anew", "case_ids": [CASE]}
    post = await served.http.post("/v1/policies/seconds/2/move", json=body, headers=READER)
    assert (put.status_code, post.status_code) == (403, 403)


CONTRACT = """
policy: seconds
version: {version}
title: {{zh: 秒, en: Seconds}}
time_zone: Asia/Shanghai
severities: {{}}
calendars:
  always: {{week: {{mon-sun: 00:00-24:00}}}}
ladders:
  default: {{engineer: 50 %, leadership: 100 %}}
clocks:
  - {{clock: respond, met_by: responded, target: {target}, calendar: always}}
callback: {{not_by: [engineer]}}
"""


async def published(served: Served, version: int, target: str) -> None:
    text = CONTRACT.format(version=version, target=target)
    answer = await served.http.post("/v1/policies", json={"text": text})
    assert answer.status_code == 201, answer.text


async def under_two_versions(served: Served, *case_ids: str) -> None:
    await published(served, 1, "4 h")
    for case_id in case_ids:
        await served.say(fault(case_id, policy="seconds", customer_id=f"OF-{case_id}"))
    await published(served, 2, "3 h")


async def to_version_2(served: Served, **body: Any) -> dict[str, Any]:
    limit = body.pop("limit", 50)
    answer = await served.http.post(
        f"/v1/policies/seconds/2/move?limit={limit}", json={"reason": "signed anew", **body}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_named_cases_move_and_the_others_keep_their_version(served: Served) -> None:
    await under_two_versions(served, "A-1", "B-1")
    await served.promised("A-1", "B-1")
    assert (await clock(served, "respond", "A-1"))["policy_version"] == 1

    answer = await to_version_2(served, case_ids=["A-1", "NOBODY-1"])

    assert answer == {"moved": ["A-1"], "stayed": ["NOBODY-1"], "next": None}
    respond = await clock(served, "respond", "A-1")
    assert (respond["policy_version"], respond["due_at"]) == (2, "2026-11-02T03:00:00Z")
    last = respond["explanation"]["moved_by"][-1]
    assert (last["cause"], last["reason"]) == ("policy_changed", "signed anew")
    assert (await clock(served, "respond", "B-1"))["policy_version"] == 1
    end = await served.log.end()
    assert (await to_version_2(served, case_ids=["A-1"]))["moved"] == []
    assert await served.log.end() == end


async def test_all_open_cases_of_a_contract_move_page_by_page(served: Served) -> None:
    await under_two_versions(served, "A-1", "B-1", "C-1")
    await served.say(CaseWithdrawn(case_id="B-1"))
    await clock(served, "respond", "C-1")
    assert (await to_version_2(served, customer_id="OF-B-1"))["stayed"] == ["B-1"]
    first = await to_version_2(served, limit=2)
    assert (first["moved"], first["stayed"]) == (["A-1"], ["B-1"])
    rest = await to_version_2(served, limit=2, cursor=first["next"])
    assert (rest["moved"], rest["next"]) == (["C-1"], None)


async def test_unpublished_version_is_not_found(served: Served) -> None:
    body = {"reason": "signed anew", "case_ids": [CASE]}
    answer = await served.http.post("/v1/policies/seconds/7/move", json=body)
    assert answer.status_code == 404
