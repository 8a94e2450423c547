import json

from aftercare_events.envelope import Recorded
from aftercare_events.ndjson import lines
from support.sample_events import noted


def test_a_line_is_a_cloudevent_with_its_position() -> None:
    event = noted("A", "好")
    printed = json.loads(lines([Recorded(7, event)]))
    assert printed["sequence"] == 7
    assert printed["id"] == event.id
    assert printed["type"] == "aftercare.case.responded.v1"
    assert printed["time"] == "2026-11-02T12:00:00Z"
    assert printed["data"] == {"case_id": "A", "note": "好"}


def test_each_event_has_one_line() -> None:
    printed = lines([Recorded(n, noted("A", "two\nlines")) for n in range(1, 4)])
    assert [json.loads(line)["sequence"] for line in printed.splitlines()] == [1, 2, 3]


def test_nothing_prints_nothing() -> None:
    assert lines([]) == b""
