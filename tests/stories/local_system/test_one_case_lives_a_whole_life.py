"""The whole loop once around, on real processes and over HTTP only, with time as it passes."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_sse import aconnect_sse

from support.up import Up, free_port_base
from support.whole_system import System, waited_for

SAMPLES = Path(__file__).parents[3] / "samples"
TARGET_S = 6


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    run = Up(tmp_path_factory.mktemp("life") / "data", free_port_base())
    run.wait_until_up(180)
    yield System(run)
    run.signal(signal.SIGTERM)
    run.ended(60)


def aftercare(system: System, *words: str) -> list[dict[str, Any]]:
    """What a command prints as lines of JSON."""
    command = [sys.executable, "-m", "aftercare_cli.main", *words, "--data", str(system.up.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def types_of(system: System, case_id: str) -> list[str]:
    events = aftercare(system, "replay", "--case", case_id, "--format", "ndjson")
    return [event["type"].split(".")[2] for event in events]


def test_samples_of_all_channels_open_their_cases_once(system: System) -> None:
    samples = [str(path) for path in sorted(SAMPLES.iterdir())]
    first = aftercare(system, "send", "--json", *samples)
    again = aftercare(system, "send", "--json", *samples)

    cases = {line["case_id"] for line in first if line.get("case_id")}
    assert len(cases) == 6
    assert {line["case_id"] for line in again if line.get("case_id")} == cases
    reported = aftercare(
        system, "replay", "--type", "aftercare.case.reported.v1", "--format", "ndjson"
    )
    channels = {event["data"]["channel"] for event in reported if event["data"]["case_id"] in cases}
    assert channels == {"phone", "fax", "email", "web"}
    assert len(reported) == len({event["data"]["case_id"] for event in reported})


async def test_untouched_case_climbs_live_at_the_instants_of_its_contract(system: System) -> None:
    customer = await asyncio.to_thread(system.customer_with_seconds, TARGET_S)
    headers = {"Authorization": "Bearer local-dev-key"}
    async with (
        httpx.AsyncClient(headers=headers, timeout=60, trust_env=False) as client,
        aconnect_sse(client, "GET", system.url("sla-monitor", "/v1/alerts/stream")) as stream,
        asyncio.timeout(60),
    ):
        case_id = await asyncio.to_thread(system.report, customer, "nobody comes")
        climbed: list[dict[str, Any]] = []
        async for event in stream.aiter_sse():
            alert = json.loads(event.data)
            if alert["case_id"] == case_id:
                climbed.append(alert)
            if len(climbed) == 4:
                break

    due = datetime.fromisoformat(climbed[0]["due_at"])
    assert [alert["step"] for alert in climbed] == ["engineer", "pm", "leadership", "executive"]
    assert [due - datetime.fromisoformat(alert["fire_at"]) for alert in climbed] == [
        timedelta(seconds=TARGET_S * share) for share in (0.75, 0.5, 0.25, 0)
    ]


def test_case_that_is_repaired_and_called_back_ends_closed(system: System) -> None:
    case_id = system.report("C-INTEGRATION", "server restarts", device_serial="IT-SRV-01")
    system.resolve(case_id)
    system.call("POST", "dispatch", f"/v1/cases/{case_id}/sign-off", {"rating": 5})
    callback = system.callback_of(case_id)["callback_id"]
    answers = {"officer_id": "O-LIN-JING", "outcome": "satisfied", "scores": {"attitude": 5}}
    system.call("POST", "feedback", f"/v1/callbacks/{callback}/complete", answers)

    said = waited_for(lambda: _ended(types_of(system, case_id)))
    assert said[0] == "reported"
    assert said[-2:] == ["called_back", "closed"]
    system.case_when(case_id, lambda case: case["status"] == "closed")
    clocks = system.call("GET", "sla-monitor", f"/v1/cases/{case_id}/clocks")["clocks"]
    assert {clock["clock"]: clock["state"] for clock in clocks}["callback"] == "met"


def _ended(said: list[str]) -> list[str] | None:
    return said if "closed" in said else None
