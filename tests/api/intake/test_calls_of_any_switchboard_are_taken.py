"""IN-03: calls as a telephone system of any make tells them, by a mapping that its owner wrote."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from intake.settings import IntakeSettings
from support.intake_desk import READER, SAMPLES, START, Desk
from support.intake_desk import desk as running

CSV = (SAMPLES / "another-pbx" / "calls.csv").read_text("utf-8")
MAPPING = (SAMPLES / "another-pbx" / "another-pbx.yaml").read_text("utf-8")
GUIDE = SAMPLES.parent / "docs" / "how-to" / "call-centre.md"
WEBHOOK = """\
fields: {call_id: id, caller: from, started_at: t.0, answered_at: t.1, ended_at: t.2, agent: who}
direction: inbound
time_format: epoch
"""


@pytest.fixture
async def mapped(tables_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    (tmp_path / "another-pbx.yaml").write_text(MAPPING)
    (tmp_path / "webhook.yaml").write_text(WEBHOOK)
    async with running(tables_url, call_mappings=tmp_path) as open_desk:
        yield open_desk


async def post_csv(desk: Desk, text: str = CSV) -> httpx.Response:
    """Of October, which only an administrator may tell of in November."""
    return await desk.http.post(
        "/v1/calls/mapped/another-pbx",
        content=text.encode(),
        headers={"Content-Type": "text/csv", "Authorization": "Bearer boss-key-1"},
    )


def call(**changes: Any) -> dict[str, Any]:
    began = int((START - timedelta(minutes=5)).timestamp())
    times = [began, began + 9, began + 60]
    return {"id": "w-1", "from": "13855500119", "t": times, "who": "8002"} | changes


async def test_worked_example_is_recorded_line_by_line(mapped: Desk) -> None:
    answer = await post_csv(mapped)
    assert answer.status_code == 200, answer.text
    calls = answer.json()["calls"]
    assert [(one["line"], one["outcome"]) for one in calls] == [
        (2, "recorded"),
        (3, "recorded"),
        (4, "recorded"),
    ]
    query = {"min_position": answer.headers["X-Log-Position"]}
    listed = (await mapped.http.get("/v1/calls", params=query)).json()["items"]
    assert {
        one["reference"]: (one["direction"], one["outcome"], one.get("agent"), one["started_at"])
        for one in listed
    } == {
        "A-20261012-0001": ("inbound", "answered", "8002", "2026-10-12T05:05:02Z"),
        "A-20261012-0002": ("inbound", "abandoned", None, "2026-10-12T05:11:31Z"),
        "A-20261012-0003": ("outbound", "answered", "8003", "2026-10-12T05:20:00Z"),
    }


def test_worked_example_is_the_one_in_the_guide() -> None:
    guide = GUIDE.read_text("utf-8")
    assert guide.count(f"```yaml\n{MAPPING}```") == guide.count(MAPPING.splitlines()[0]) == 1


@pytest.mark.parametrize("page", ["call-centre.md", "operate.md"])
def test_guide_says_where_a_mapping_is_put(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_CALL_MAPPINGS", "/etc/mappings")
    assert IntakeSettings(database_url="x", master_key="x").call_mappings == Path("/etc/mappings")
    assert "`AFTERCARE_CALL_MAPPINGS`" in (GUIDE.parent / page).read_text("utf-8")


async def test_line_that_is_refused_keeps_no_other_from_its_place(mapped: Desk) -> None:
    wrong = CSV.replace("No agent", "13955500166").replace("12/10/2026 13:22:47", "never")
    answer = await post_csv(mapped, wrong)
    told = [(one["outcome"], one["field"]) for one in answer.json()["calls"]]
    assert told == [("recorded", None), ("refused", "outcome"), ("refused", "ended_at")]
    assert "5550" not in answer.text
    again = await post_csv(mapped)
    assert [one["outcome"] for one in again.json()["calls"]] == [
        "duplicate",
        "recorded",
        "recorded",
    ]


async def test_line_of_an_impossible_time_keeps_no_other_from_its_place(mapped: Desk) -> None:
    """A time that no clock of ours can hold once stopped the reading of the whole file."""
    answer = await post_csv(mapped, CSV.replace("12/10/2026 13:05:02", "01/01/0001 00:00:00"))
    told = [(one["outcome"], one["field"]) for one in answer.json()["calls"]]
    assert told == [("refused", "started_at"), ("recorded", None), ("recorded", None)]


async def test_webhook_is_answered_as_a_call_record_is(mapped: Desk) -> None:
    path = "/v1/calls/mapped/webhook"
    first = await mapped.http.post(path, json=call())
    assert (first.status_code, first.json()["calls"][0]["outcome"]) == (200, "recorded")
    [again] = (await mapped.http.post(path, json=[call()])).json()["calls"]
    assert (again["outcome"], again["position"]) == (
        "duplicate",
        first.json()["calls"][0]["position"],
    )
    for body, field in (
        (call(t=["soon", 1, 2]), "started_at"),
        (call(id="w-2", who="李静"), "agent"),
        (call(who="8003"), "call_id"),
        ({"id": "w-3"}, "started_at"),
        ("calls", "body"),
    ):
        answer = await mapped.http.post(path, json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert len(await mapped.events("call.recorded")) == 1


async def test_mapping_has_to_be_there_and_the_caller_to_be_allowed(mapped: Desk) -> None:
    unknown = await mapped.http.post("/v1/calls/mapped/none", json=call())
    assert unknown.status_code == 404
    path = "/v1/calls/mapped/webhook"
    assert (await mapped.http.post(path, json=call(), headers=READER)).status_code == 403
    text = await mapped.http.post(path, content=b"x", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415
