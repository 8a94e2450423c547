"""IN-03: what Asterisk says of a call, in its CDR, over AMI or ARI, becomes one call record."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aftercare_cli.bridge.asterisk_ami import moments as of_ami
from aftercare_cli.bridge.asterisk_ami import parse
from aftercare_cli.bridge.asterisk_ari import Ari
from aftercare_cli.bridge.asterisk_cdr import SHANGHAI, NotCdr, read_leg, records
from aftercare_cli.bridge.moments import (
    Began,
    Connected,
    Ended,
    Exchange,
    HandedOver,
    Moment,
    Numbering,
    Queued,
    account,
)

SAMPLES = Path(__file__).parents[3] / "samples"
NUMBERING = Numbering()
TEN = datetime(2026, 10, 12, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def told(*moments: Moment) -> list[dict[str, Any]]:
    return list(Exchange().take(list(moments)))


def sample(name: str) -> str:
    return (SAMPLES / name).read_text("utf-8")


def by_id(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {record["call_id"]: record for record in records}


def test_call_that_is_answered() -> None:
    [record] = told(
        Began("1", TEN, "13855500119"),
        Queued("1", "hotline"),
        Connected("1", TEN + 9 * SECOND, "8002"),
        Connected("1", TEN + 10 * SECOND, "8002"),
        Ended("1", TEN + 60 * SECOND),
    )
    assert record == {
        "call_id": "1",
        "direction": "inbound",
        "caller": "13855500119",
        "agent": "8002",
        "queue": "hotline",
        "started_at": "2026-10-12T02:00:00+00:00",
        "answered_at": "2026-10-12T02:00:09+00:00",
        "ended_at": "2026-10-12T02:01:00+00:00",
        "outcome": "answered",
    }


@pytest.mark.parametrize("queue", ["售后", "support line", "60012345"])
def test_queue_goes_by_the_name_it_has_there(queue: str) -> None:
    [record] = told(Began("1", TEN, "13855500119"), Queued("1", queue), Ended("1", TEN))
    assert record["queue"] == queue


def test_call_is_told_without_what_intake_would_refuse_of_it() -> None:
    [record] = told(
        Began("1", TEN, "13855500119"),
        Queued("1", "q" * 201),
        Ended("1", TEN, "https://recordings.example/" + "r" * 2000),
    )
    assert record.keys() == {
        *("call_id", "direction", "caller", "started_at", "ended_at", "outcome")
    }


def test_call_that_nobody_answers_is_abandoned() -> None:
    [record] = told(Began("1", TEN, "13855500119"), Ended("1", TEN + SECOND))
    assert record["outcome"] == "abandoned"
    assert "answered_at" not in record
    assert "agent" not in record


def test_call_that_a_second_agent_takes_is_transferred() -> None:
    beginning = (Began("1", TEN, "13855500119"), Connected("1", TEN + SECOND, "8002"))
    for handing in ([HandedOver("1", "8010")], [Connected("1", TEN + 9 * SECOND, "8010")]):
        [record] = told(*beginning, *handing, Ended("1", TEN + 60 * SECOND))
        assert (record["outcome"], record["agent"], record["transferred_to"]) == (
            "transferred",
            "8002",
            "8010",
        )


def test_who_dials_out_is_the_agent() -> None:
    began = NUMBERING.began("1", TEN, "8003", "13955500166")
    assert began is not None
    [record] = told(began, Connected("1", TEN + SECOND, None), Ended("1", TEN + 60 * SECOND))
    assert (record["direction"], record["caller"], record["agent"]) == (
        "outbound",
        "13955500166",
        "8003",
    )


def test_call_between_extensions_is_nobodys_business() -> None:
    assert NUMBERING.began("1", TEN, "8002", "8003") is None
    assert NUMBERING.began("1", TEN, "8002", "s") is None


def test_call_whose_beginning_was_not_heard_is_left_alone() -> None:
    assert told(Connected("1", TEN, "8002"), Ended("1", TEN)) == []


@pytest.mark.parametrize(
    ("channel", "whose"),
    [
        ("PJSIP/8002-00000a16", "8002"),
        ("PJSIP/agent-07-00000a16", "agent-07"),
        ("SIP/8002", "8002"),
        ("Local/8002@from-queue-00000001;1", "8002"),
        ("Local/8002@from-queue/n", "8002"),
        ("8010", "8010"),
        ("PJSIP/13800138000-00000a16", None),
        ("", None),
        (None, None),
    ],
)
def test_channels_belong_to_accounts_and_numbers_outside_to_nobody(
    channel: str | None, whose: str | None
) -> None:
    assert account(channel) == whose


def test_cdr_of_a_day() -> None:
    told_of = by_id(records(sample("24-asterisk-cdr.csv").splitlines()))
    assert {
        call_id: (one["outcome"], one["direction"], one.get("agent"), one.get("transferred_to"))
        for call_id, one in told_of.items()
    } == {
        "1791772512.1201": ("abandoned", "inbound", None, None),
        "1791772863.1207": ("answered", "inbound", "8002", None),
        "1791774130.1215": ("transferred", "inbound", "8002", "8010"),
        "1791774920.1220": ("answered", "outbound", "8003", None),
    }
    answered = told_of["1791772863.1207"]
    assert answered["caller"] == "13855500119"
    assert answered["queue"] == "hotline"
    assert answered["answered_at"] == "2026-10-12T02:41:19+00:00"
    assert answered["recording_url"].endswith("1791772863.1207.wav")
    assert told_of["1791772512.1201"]["ended_at"] == "2026-10-12T02:35:58+00:00"


@pytest.mark.parametrize("columns", [17, 18, 20, 21])
def test_cdr_of_every_layout(columns: int) -> None:
    line = sample("24-asterisk-cdr.csv").splitlines()[2]
    whole = line.split(",")
    # The data of the queue holds commas of its own, which the quotes keep together.
    userfield, new = whole[-4], whole[-3:]
    kept = whole[:-4] + ([userfield] if columns in (18, 21) else []) + (new if columns > 18 else [])
    leg = read_leg(",".join(kept), SHANGHAI)
    assert (leg.call_id, leg.values["uniqueid"]) == ("1791772863.1207", "1791772863.1207")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",".join(["x"] * 16), "loguniqueid"),
        ("a,b", "2 columns"),
        (",".join(["x"] * 17), "no time"),
        (",".join(["x"] * 9 + ["0001-01-01 00:00:00"] * 3 + ["x"] * 5), "no time"),
    ],
)
def test_what_is_no_cdr_says_why(line: str, why: str) -> None:
    with pytest.raises(NotCdr, match=why):
        read_leg(line, SHANGHAI)


def test_order_of_legs_does_not_matter() -> None:
    lines = sample("24-asterisk-cdr.csv").splitlines()
    assert by_id(records(lines[::-1])) == by_id(records(lines))


def test_ami_capture() -> None:
    exchange, ended = Exchange(), []
    for packet in sample("25-asterisk-ami.txt").replace("\r\n", "\n").split("\n\n"):
        ended += exchange.take(of_ami(parse(packet), TEN, NUMBERING))
    assert by_id(ended) == {
        "1791775830.1240": {
            "call_id": "1791775830.1240",
            "direction": "inbound",
            "caller": "13955500166",
            "queue": "hotline",
            "started_at": "2026-10-12T03:30:30+00:00",
            "ended_at": "2026-10-12T03:30:58.200000+00:00",
            "outcome": "abandoned",
        },
        "1791775800.1230": {
            "call_id": "1791775800.1230",
            "direction": "inbound",
            "caller": "13855500119",
            "agent": "8002",
            "queue": "hotline",
            "started_at": "2026-10-12T03:30:00+00:00",
            "answered_at": "2026-10-12T03:30:11.500000+00:00",
            "ended_at": "2026-10-12T03:34:00+00:00",
            "outcome": "transferred",
            "transferred_to": "8010",
        },
        "1791776100.1250": {
            "call_id": "1791776100.1250",
            "direction": "outbound",
            "caller": "13955500166",
            "agent": "8003",
            "started_at": "2026-10-12T03:35:00+00:00",
            "answered_at": "2026-10-12T03:35:12+00:00",
            "ended_at": "2026-10-12T03:36:00+00:00",
            "outcome": "answered",
        },
    }


def test_ami_without_timestamps_goes_by_the_clock() -> None:
    event = {
        "Event": "Newchannel",
        "Uniqueid": "1",
        "Linkedid": "1",
        "CallerIDNum": "13855500119",
        "Exten": "s",
    }
    assert of_ami(event, TEN, NUMBERING) == [Began("1", TEN, "13855500119")]


def test_ari_capture() -> None:
    ari, exchange, ended = Ari(NUMBERING), Exchange(), []
    for line in sample("26-asterisk-ari.ndjson").splitlines():
        ended += exchange.take(ari.moments(json.loads(line), TEN))
    assert [
        (one["call_id"], one["outcome"], one["caller"], one.get("agent"), one.get("transferred_to"))
        for one in ended
    ] == [
        ("1791776420.1280", "abandoned", "anonymous", None, None),
        ("1791776400.1270", "answered", "13855500119", "8002", None),
        ("1791776560.1290", "transferred", "13855500142", "8003", "8010"),
    ]
    assert ended[1]["answered_at"] == "2026-10-12T03:40:09.250000+00:00"
