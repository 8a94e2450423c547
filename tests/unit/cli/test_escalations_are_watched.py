"""The escalation stream in a terminal resumes without a gap."""

import json

import pytest

from support.commands import aftercare
from support.toy_monitor import monitor

STREAM = "text/event-stream"
END = (403, "application/problem+json", json.dumps({"title": "Not allowed"}).encode())


def alert(position: int, step: str) -> bytes:
    data = {
        "alert_id": f"A-{position}",
        "case_id": "4F7K-Q2M9",
        "clock": "respond",
        "step": step,
        "fire_at": "2026-11-02T01:00:00Z",
        "due_at": "2026-11-02T02:00:00Z",
        "recipient": "E-1",
    }
    return f"id: {position}\nevent: raised\ndata: {json.dumps(data)}\n\n".encode()


def test_lost_connection_is_taken_up_where_it_broke(capsys: pytest.CaptureFixture[str]) -> None:
    with monitor((200, STREAM, alert(5, "pm")), (200, STREAM, alert(9, "executive")), END) as toy:
        assert aftercare("watch", "--url", toy.url, "--json") == 1
    assert [asked.last_id for asked in toy.asked] == [None, "5", "9"]
    shown = capsys.readouterr()
    assert [json.loads(line)["alert_id"] for line in shown.out.splitlines()] == ["A-5", "A-9"]
    assert shown.err.splitlines()[-1] == "aftercare: 403 Not allowed"


def test_filters_are_handed_on() -> None:
    with monitor(END) as toy:
        aftercare("watch", "--url", toy.url, "--audience", "pm", "--min-step", "leadership")
    assert toy.asked[0].path == "/v1/alerts/stream"
    assert toy.asked[0].parameters == {"audience": "pm", "min_step": "leadership"}


def test_line_names_rank_case_clock_and_local_due_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monitor((200, STREAM, alert(5, "leadership")), END) as toy:
        aftercare("watch", "--url", toy.url)
    shown = " ".join(capsys.readouterr().out.split())
    for word in ("leadership", "4F7K-Q2M9", "respond", "due 11-02 10:00:00", "E-1"):
        assert word in shown
