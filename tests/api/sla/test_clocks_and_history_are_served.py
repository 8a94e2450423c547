"""Clocks with their explanation (SL-11), contracts, and the history as NDJSON (RP-01)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.case import CaseReported, CustomerContacted
from support.monitors import CASE, MORNING, READER, Served, fault


async def events(served: Served, query: str) -> list[dict[str, Any]]:
    answer = await served.http.get(f"/v1/events{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_clocks_come_with_state_and_explanation(served: Served) -> None:
    await served.say(fault())

    answer = await served.http.get(f"/v1/cases/{CASE}/clocks")

    clocks = {clock["clock"]: clock for clock in answer.json()["clocks"]}
    assert set(clocks) == {"contact", "onsite", "report", "resolve", "respond", "restore"}
    restore = clocks["restore"]
    assert (restore["state"], restore["due_at"]) == ("running", "2026-11-02T02:00:00Z")
    assert "2小时内修复故障" in restore["explanation"]["clause"]
    assert restore["explanation"]["text"].startswith("restore: running")


async def test_clocks_of_a_case_reported_this_instant_are_there(served: Served) -> None:
    for number in range(20):
        await served.say(fault(f"CASE-{number}"))
        answer = await served.http.get(f"/v1/cases/CASE-{number}/clocks")
        assert answer.status_code == 200


async def test_unknown_case_is_not_found(served: Served) -> None:
    answer = await served.http.get("/v1/cases/NOBODY/clocks")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_five_contracts_are_published(served: Served) -> None:
    position = await served.log.end()
    answer = await served.http.get(f"/v1/policies?min_position={position}")
    assert [(policy["name"], policy["version"]) for policy in answer.json()] == [
        ("equipment-warranty", 1),
        ("it-integration", 1),
        ("lighting-maintenance", 1),
        ("portal-operations", 1),
        ("software-maintenance", 1),
    ]
    one = await served.http.get("/v1/policies/it-integration/1")
    assert one.json()["policy"]["name"] == "it-integration"


async def test_policy_file_is_checked_with_file_and_line(served: Served) -> None:
    body = {"text": "policy: mine\nversion: none\n", "file": "mine.yaml"}
    verdict = (await served.http.post("/v1/policies/check", json=body)).json()
    assert verdict["valid"] is False
    assert verdict["findings"][0].startswith("mine.yaml:")


SECONDS = """
policy: seconds
version: {version}
title: {{zh: 秒, en: Seconds}}
time_zone: Asia/Shanghai
severities:
  "1": {{zh: 一级, en: One}}
calendars:
  around_the_clock:
    week: {{mon-sun: 00:00-24:00}}
ladders:
  default: {{engineer: 50 %, pm: 80 %, leadership: 100 %, executive: 150 %}}
clocks:
  - clock: respond
    met_by: responded
    target: {target}
    calendar: around_the_clock
callback: {{not_by: [engineer]}}
"""


async def test_own_contract_is_published_and_held_at_once(served: Served) -> None:
    text = SECONDS.format(version=1, target="10 s")
    answer = await served.http.post("/v1/policies", json={"text": text})
    assert answer.status_code == 201, answer.text
    await served.say(fault(policy="seconds", severity="1"))

    clocks = (await served.http.get(f"/v1/cases/{CASE}/clocks")).json()["clocks"]
    assert [(c["clock"], c["due_at"]) for c in clocks if c["clock"] == "respond"] == [
        ("respond", "2026-11-02T00:00:10Z")
    ]


async def test_case_keeps_the_version_it_started_with(served: Served) -> None:
    for version, target in ((1, "10 s"), (2, "20 s")):
        text = SECONDS.format(version=version, target=target)
        await served.http.post("/v1/policies", json={"text": text})
        await served.say(fault(f"CASE-{version}", policy="seconds", severity="1"))

    for version, due in ((1, "00:00:10"), (2, "00:00:20")):
        clocks = (await served.http.get(f"/v1/cases/CASE-{version}/clocks")).json()["clocks"]
        respond = next(clock for clock in clocks if clock["clock"] == "respond")
        assert (respond["due_at"], respond["policy_version"]) == (f"2026-11-02T{due}Z", version)


async def test_same_version_twice_is_refused_and_so_is_nonsense(served: Served) -> None:
    body = {"text": SECONDS.format(version=1, target="10 s")}
    assert (await served.http.post("/v1/policies", json=body)).status_code == 201
    again = await served.http.post("/v1/policies", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/version-not-newer")
    wrong = await served.http.post("/v1/policies", json={"text": "policy: 5 d"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "text")
    reader = await served.http.post("/v1/policies", json=body, headers=READER)
    assert reader.status_code == 403


async def test_report_is_explained_under_a_policy_file(served: Served) -> None:
    report = {
        "kind": "fault",
        "channel": "web",
        "severity": "1",
        "time": "2026-11-02T08:00:00+08:00",
    }
    body = {"text": SECONDS.format(version=1, target="10 s"), "report": report}
    answer = await served.http.post("/v1/policies/explain", json=body)
    assert answer.json()["running"][0]["record"]["due_at"] == "2026-11-02T00:00:10Z"
    bad = await served.http.post("/v1/policies/explain", json=body | {"report": {"kind": "x"}})
    assert (bad.status_code, bad.json()["field"]) == (422, "report")


async def test_case_under_an_unknown_contract_is_set_aside_and_harms_no_other(
    served: Served,
) -> None:
    stranger = CaseReported(case_id="STRANGER", kind="fault", channel="web", policy="unheard-of")
    await served.say(stranger, fault())
    assert (await served.http.get("/v1/cases/STRANGER/clocks")).status_code == 404
    assert (await served.http.get(f"/v1/cases/{CASE}/clocks")).status_code == 200


async def test_history_is_read_from_any_point(served: Served) -> None:
    first = await served.say(fault())
    await served.clock.move_to(MORNING + timedelta(minutes=1))
    last = await served.say(CustomerContacted(case_id=CASE), service="dispatch")

    whole_case = await events(served, f"?case={CASE}")
    assert [event["sequence"] for event in whole_case][:2] == [first, last]
    assert whole_case[0]["type"] == "aftercare.case.reported.v1"
    assert whole_case[0]["specversion"] == "1.0"
    assert [e["sequence"] for e in await events(served, f"?from={last}&until={last}")] == [last]
    assert len(await events(served, "?limit=3")) == 3
    policies = await events(served, "?type=aftercare.policy.*")
    assert {event["subject"] for event in policies} >= {"policy/it-integration"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=yesterday", "from"),
        ("?until=2026-11-02T08:00:00", "until"),
        ("?from=99999999999999999999", "from"),
        ("?limit=0", "limit"),
        ("?case=a.b", "case"),
    ],
)
async def test_bad_query_names_the_field(served: Served, query: str, field: str) -> None:
    answer = await served.http.get(f"/v1/events{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field
