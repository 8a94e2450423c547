"""IN-03: a mapping file says what the fields of a telephone system mean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aftercare_events.decider import Refused
from intake.phone.mapping import CallMapping, MappingInvalid, call_in, load_mappings, read_mapping

WEBHOOK = """\
fields:
  call_id: data.uuid
  caller: data.from.number
  agent: data.legs.1.user
  started_at: data.times.start
  answered_at: data.times.answer
  ended_at: data.times.end
  transferred_to: data.xfer
direction: inbound
time_format: epoch_ms
"""
CALL: dict[str, Any] = {
    "data": {
        "uuid": "u-1",
        "from": {"number": "13855500119"},
        "legs": [{"user": "menu"}, {"user": "8002"}],
        "times": {"start": 1791768005000, "answer": 1791768017500, "end": 1791768281000},
        "xfer": "",
    }
}


def mapping(text: str = WEBHOOK) -> CallMapping:
    return read_mapping(text, "pbx.yaml")


def test_paths_lead_into_json_and_empty_means_absent() -> None:
    assert call_in(CALL, mapping()) == {
        "call_id": "u-1",
        "direction": "inbound",
        "caller": "13855500119",
        "agent": "8002",
        "started_at": "2026-10-12T01:20:05+00:00",
        "answered_at": "2026-10-12T01:20:17.500000+00:00",
        "ended_at": "2026-10-12T01:24:41+00:00",
        "outcome": "answered",
    }


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [({"xfer": "8010"}, "transferred"), ({"times": {"start": 1, "end": 2000}}, "abandoned")],
)
def test_outcome_follows_from_the_rest_where_no_field_says_it(
    changes: dict[str, Any], outcome: str
) -> None:
    assert call_in({"data": CALL["data"] | changes}, mapping())["outcome"] == outcome


@pytest.mark.parametrize(
    ("time_format", "text"),
    [
        ("iso", "2026-10-12T09:20:05+08:00"),
        ("iso", "2026-10-12T01:20:05Z"),
        ("iso", "2026-10-12 09:20:05"),
        ("epoch", "1791768005"),
        ("epoch", 1791768005),
        ("'%d.%m.%Y %H:%M:%S'", "12.10.2026 09:20:05"),
        ("'%Y-%m-%dT%H:%M:%S%z'", "2026-10-12T03:20:05+0200"),
    ],
)
def test_times_of_every_format_are_one_instant(time_format: str, text: Any) -> None:
    known = mapping(
        "fields: {call_id: id, caller: from, started_at: at, ended_at: at}\n"
        f"direction: inbound\ntime_format: {time_format}\n"
    )
    told = call_in({"id": "1", "from": "8613855500119", "at": text}, known)
    assert datetime.fromisoformat(told["started_at"]) == datetime(
        2026, 10, 12, 1, 20, 5, tzinfo=UTC
    )


def test_abandoned_call_was_not_answered_by_the_menu() -> None:
    with_words = mapping(
        WEBHOOK.replace(
            "direction: inbound", "direction: inbound\nvalues: {outcome: {LOST: abandoned}}"
        ).replace("  transferred_to: data.xfer", "  outcome: data.result")
    )
    lost = call_in({"data": CALL["data"] | {"result": "LOST"}}, with_words)
    assert lost["outcome"] == "abandoned"
    assert "answered_at" not in lost


def test_word_that_the_mapping_does_not_know_is_refused_without_being_quoted() -> None:
    known = mapping(
        "fields: {call_id: id, caller: from, started_at: at, ended_at: at, direction: dir}\n"
        "values: {direction: {IN: inbound}}\n"
    )
    with pytest.raises(Refused) as refused:
        call_in({"id": "1", "from": "1", "at": "2026-10-12T09:20:05Z", "dir": "13855500119"}, known)
    assert refused.value.field == "direction"
    assert "5550" not in refused.value.detail


def test_number_withheld_is_an_empty_field_and_the_call_counts() -> None:
    told = call_in({"data": CALL["data"] | {"from": {"number": ""}}}, mapping())
    assert told["caller"] == "anonymous"


def test_time_of_another_format_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        call_in({"data": CALL["data"] | {"times": {"start": "today", "end": 1}}}, mapping())
    assert (refused.value.code, refused.value.field) == ("call-unmapped", "started_at")


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (("  caller: data.from.number\n", ""), 1, "missing required field `caller`"),
        (("caller:", "calller:"), 3, "unknown field `calller`"),
        (("direction: inbound", "direction: sideways"), 9, "sideways"),
        (("direction: inbound\n", ""), 1, "nothing says the direction"),
        (("epoch_ms", "unix"), 10, "`unix` is neither iso, epoch, epoch_ms nor a pattern"),
        (
            ("time_format", "time_zone: Mars/Olympus\ntime_format"),
            10,
            "no time zone `Mars/Olympus`",
        ),
        (("direction: inbound", "values: {outcome: {A: maybe}}\ndirection: inbound"), 9, "maybe"),
        (("direction: inbound", "columns: [uuid]\ndirection: inbound"), 9, "no column `data."),
        (("fields:", "fields: ["), 3, "expected"),
    ],
)
def test_mistakes_are_named_with_their_line(
    change: tuple[str, str], line: int, sentence: str
) -> None:
    with pytest.raises(MappingInvalid) as wrong:
        mapping(WEBHOOK.replace(*change))
    assert str(wrong.value).startswith(f"pbx.yaml:{line}: ")
    assert sentence in str(wrong.value)


def test_folder_holds_mappings_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(WEBHOOK)
    (tmp_path / "readme.txt").write_text("not one")
    assert load_mappings(tmp_path) == {"acme": mapping()}
    assert load_mappings(None) == {}
