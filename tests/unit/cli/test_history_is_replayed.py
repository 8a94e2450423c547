"""RP-01: the history in a terminal and in a pipe."""

import json
from datetime import UTC, datetime

import pytest

from aftercare_events import catalogue, ndjson
from aftercare_events.catalogue import case as c
from aftercare_events.envelope import Recorded
from aftercare_events.sealing import Sealed
from support.commands import aftercare
from support.toy_monitor import monitor

NDJSON = "application/x-ndjson"
REPORTED = c.CaseReported(
    case_id="4F7K-Q2M9",
    kind="fault",
    channel="phone",
    policy="it-integration",
    contact=Sealed(person="p", box="c2VjcmV0"),
)


def history(*positions: int) -> bytes:
    at = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    event = catalogue.record(REPORTED, service="intake", time=at, actor="desk", event_id="e-1")
    return ndjson.lines(Recorded(position, event) for position in positions)


def test_pipe_gets_the_very_lines(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with monitor((200, NDJSON, history(7, 8))) as toy:
        code = aftercare("replay", "--url", toy.url, "--format", "ndjson")
    assert (code, capfdbinary.readouterr().out) == (0, history(7, 8))


def test_filters_are_handed_on() -> None:
    with monitor((200, NDJSON, b"")) as toy:
        aftercare(
            "replay", "--url", toy.url, "--from", "5", "--until", "2026-11-02T00:00:00Z",
            "--case", "4F7K-Q2M9", "--type", "aftercare.case.*", "--limit", "3",
        )  # fmt: skip
    (asked,) = toy.asked
    assert asked.path == "/v1/events"
    assert asked.parameters == {
        "from": "5",
        "until": "2026-11-02T00:00:00Z",
        "case": "4F7K-Q2M9",
        "type": "aftercare.case.*",
        "limit": "3",
    }


def test_table_shows_local_time_and_nothing_sealed(capsys: pytest.CaptureFixture[str]) -> None:
    with monitor((200, NDJSON, history(7))) as toy:
        assert aftercare("replay", "--url", toy.url, "--format", "table") == 0
    shown = capsys.readouterr().out
    assert "2026-11-02 09:00:00" in shown
    assert "case.reported" in shown
    assert "4F7K-Q2M9" in shown
    assert "c2VjcmV0" not in shown


def test_following_goes_on_behind_the_last_one(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = json.dumps({"title": "Over", "detail": "enough"}).encode()
    answers = [(200, NDJSON, history(7)), (200, NDJSON, history(9)), (503, NDJSON, refusal)]
    with monitor(*answers) as toy:
        code = aftercare("replay", "--url", toy.url, "--format", "ndjson", "--follow")
    assert [asked.parameters.get("from") for asked in toy.asked] == [None, "8", "10"]
    shown = capsys.readouterr()
    assert [json.loads(line)["sequence"] for line in shown.out.splitlines()] == [7, 9]
    assert (code, shown.err.splitlines()[-1]) == (1, "aftercare: 503 enough")


def test_refusal_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    problem = json.dumps({"title": "Unprocessable", "detail": "no such position"}).encode()
    with monitor((422, "application/problem+json", problem)) as toy:
        assert aftercare("replay", "--url", toy.url, "--from", "x") == 1
    assert capsys.readouterr().err == "aftercare: 422 no such position\n"


def test_nobody_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("replay", "watch"):
        assert aftercare(command, "--url", "http://127.0.0.1:9") == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all("no system answers at http://127.0.0.1:9" in line for line in lines)
