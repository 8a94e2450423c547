"""The file of events: what is a valid line, and what is said of one that is not."""

import json
from typing import Any

import msgspec
import pytest

from sla_monitor.domain.policy import Policy, to_json
from sla_monitor.run import InvalidLine
from sla_monitor.shipped import shipped_policies
from support.clock_stories import called_back, line, reported, story, told

S0 = "software-maintenance"
GOOD = reported(S0, "2026-11-02 08:00", severity="severe")


def changed(event: bytes, **fields: Any) -> bytes:
    return json.dumps({**json.loads(event), **fields}).encode()


def without(event: bytes, field: str) -> bytes:
    return json.dumps({k: v for k, v in json.loads(event).items() if k != field}).encode()


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (b"{", "truncated"),
        (b"\xff{}", "line 2"),
        (b"[]", "object"),
        (b'"text"', "object"),
        (without(GOOD, "id"), "id"),
        (without(GOOD, "time"), "time"),
        (without(GOOD, "data"), "data"),
        (without(GOOD, "subject"), "subject"),
        (changed(GOOD, id=""), "id"),
        (changed(GOOD, specversion="0.3"), "specversion"),
        (changed(GOOD, time="2026-11-02T08:00:00"), "offset"),
        (changed(GOOD, time="yesterday"), "time"),
        (changed(GOOD, time="2026-11-02T08:00:00+0800"), "RFC 3339"),
        (GOOD.replace(b'"data": {', b'"data": {"odd": "\xff", '), "line 2"),
        (GOOD.replace(b'"data": {', b'"data": {"odd": 1e400, '), "range"),
        (GOOD.replace(b'"data": {', b'"data": {"odd": %s, ' % (b"9" * 5000)), "line 2"),
        (GOOD.replace(b'"data": {', b'"data": {"odd": %s, ' % (b"[" * 5000)), "line 2"),
        (changed(GOOD, time="9999-12-31T23:59:59Z"), "years"),
        (changed(GOOD, type="nonsense"), "no event type"),
        (changed(GOOD, type="aftercare.case.exploded.v1"), "unknown event type"),
        (changed(GOOD, type="aftercare.case.reported.v2"), "unknown event type"),
        (changed(GOOD, subject="case/C9"), "case C1"),
        (changed(GOOD, subject="engineer/C1"), "does not fit"),
        (changed(GOOD, data=[]), "object"),
        (changed(GOOD, data={"case_id": "C1"}), "kind"),
        (reported(S0, "2026-11-02 08:00", kind="mystery"), "mystery"),
        (reported(S0, "2026-11-02 08:00", severity=True), "severity"),
        (reported("no-such-policy", "2026-11-02 08:00"), "no-such-policy"),
        (reported(S0, "2026-11-02 08:00", policy_version=7), "version 7"),
    ],
)
def test_line_that_is_no_valid_event(bad: bytes, sentence: str) -> None:
    with pytest.raises(InvalidLine, match=sentence) as error:
        story(reported(S0, "2026-11-02 08:00", case="C0"), bad, until="2026-11-02 09:00")
    assert error.value.line == 2
    assert str(error.value).startswith("line 2: ")


def test_data_of_an_event_must_fit_its_type() -> None:
    for bad in (
        told("paused", "2026-11-02 08:10"),
        told("assigned", "2026-11-02 08:10"),
        told("severity_changed", "2026-11-02 08:10"),
        told(
            "deadline_agreed",
            "2026-11-02 08:10",
            clock="onsite",
            due_at="2026-11-02T09:00:00",
            agreed_with="x",
            reason="y",
        ),
    ):
        with pytest.raises(InvalidLine, match="line 2"):
            story(GOOD, bad, until="2026-11-02 09:00")


def test_event_of_a_case_that_was_not_reported() -> None:
    with pytest.raises(InvalidLine, match="line 1: case C1 has not been reported"):
        story(told("arrived", "2026-11-02 09:00"), until="2026-11-02 09:00")


def test_case_reported_twice() -> None:
    again = reported(S0, "2026-11-02 08:30", severity="severe")
    with pytest.raises(InvalidLine, match="line 2: case C1 has been reported already"):
        story(GOOD, again, until="2026-11-02 09:00")


def test_same_line_again_adds_nothing() -> None:
    reopened = told("reopened", "2026-11-02 08:30")
    assert story(GOOD, reopened, until="2026-11-02 09:00").outcome == (
        story(GOOD, GOOD, reopened, reopened, until="2026-11-02 09:00").outcome
    )


def test_repeated_line_may_be_spaced_differently() -> None:
    spaced = json.dumps(json.loads(GOOD), separators=(" , ", " : "), sort_keys=True).encode()
    assert story(GOOD, spaced, until="2026-11-02 09:00").names() == ["onsite", "respond"]


def test_same_id_for_something_else_is_an_error() -> None:
    other = changed(told("arrived", "2026-11-02 08:30"), id=json.loads(GOOD)["id"])
    with pytest.raises(InvalidLine, match="line 2: another event has the id"):
        story(GOOD, other, until="2026-11-02 09:00")


def test_lines_after_until_are_still_checked() -> None:
    with pytest.raises(InvalidLine, match="line 2"):
        story(GOOD, b"{}", until="2026-11-02 07:00")
    with pytest.raises(InvalidLine, match="line 2"):
        story(GOOD, told("paused", "2026-11-02 10:00"), until="2026-11-02 09:00")


def test_events_that_say_nothing_to_clocks_are_read_over() -> None:
    seen = story(
        GOOD,
        told("recorded", "2026-11-02 08:10", record={"symptom": "s", "cause": "c", "action": "a"}),
        told("message_added", "2026-11-02 08:11", channel="email"),
        line("aftercare.engineer.registered.v1", "engineer/E1", "2026-11-02 08:12", {"a": 1}),
        line("aftercare.loan.shipped.v1", "loan/L1", "2026-11-02 08:13", {"loan_id": "L1"}),
        b"  ",
        until="2026-11-02 09:00",
    )
    assert seen.states() == {"onsite": "running", "respond": "running"}


def test_recorded_alerts_are_computed_anew() -> None:
    alert = {
        "clock": "onsite",
        "cycle": 1,
        "step": "engineer",
        "threshold": 50,
        "alert_id": "A1",
        "due_at": "2026-11-02T12:00:00+08:00",
        "fire_at": "2026-11-02T10:00:00+08:00",
        "late_by_s": 0,
        "recipient": "duty-desk",
    }
    seen = story(GOOD, told("alert_raised", "2026-11-02 08:30", **alert), until="2026-11-02 10:00")
    assert seen.alerts("onsite") == [("engineer", "2026-11-02 10:00")]


def test_optional_fields_of_others_may_be_anything() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe", contact="sealed", attachments=7),
        told("signed_off", "2026-11-02 08:30", signed_by="Mr. Li"),
        until="2026-11-02 09:00",
    )
    assert seen.state("respond") == "met"


def published(policy: Policy, at: str = "2026-11-02 07:00") -> bytes:
    data = {"name": policy.name, "version": policy.version, "policy": to_json(policy)}
    return line("aftercare.policy.published.v1", f"policy/{policy.name}", at, data)


OWN = msgspec.structs.replace(shipped_policies()[-1], name="own", version=2)


def test_policy_published_in_the_file_is_known_from_there_on() -> None:
    seen = story(
        published(OWN),
        reported("own", "2026-11-02 08:00", severity="severe"),
        until="2026-11-02 08:00",
    )
    assert (seen.clock("onsite").policy, seen.clock("onsite").policy_version) == ("own", 2)
    with pytest.raises(InvalidLine, match="line 1: unknown policy own"):
        story(reported("own", "2026-11-02 08:00"), published(OWN), until="2026-11-02 08:00")


def test_published_policy_must_be_one() -> None:
    broken = published(OWN).replace(b'"09:00', b"").replace(b"Asia/Shanghai", b"Asia/Peking")
    for bad in (broken, published(OWN).replace(b'"calendars"', b'"calenders"')):
        with pytest.raises(InvalidLine, match="line 1"):
            story(bad, until="2026-11-02 08:00")


def test_records_print_in_utc_and_in_order() -> None:
    later = reported(S0, "2026-11-02 08:00:00.5", case="C0", severity="severe")
    seen = story(GOOD, later, called_back("2026-11-02 08:30"), until="2026-11-02 10:30")
    printed = [json.loads(text) for text in seen.outcome.lines()]
    alerts = [r for r in printed if r["record"] == "alert"]
    assert alerts[0] == {
        "record": "alert",
        "case_id": "C1",
        "clock": "respond",
        "cycle": 1,
        "step": "engineer",
        "fire_at": "2026-11-02T01:00:00Z",
        "due_at": "2026-11-02T02:00:00Z",
    }
    assert [(a["fire_at"], a["case_id"], a["clock"]) for a in alerts[1:]] == [
        ("2026-11-02T01:00:00.500000Z", "C0", "respond"),
        ("2026-11-02T01:36:00Z", "C1", "respond"),
        ("2026-11-02T01:36:00.500000Z", "C0", "respond"),
        ("2026-11-02T02:00:00Z", "C1", "onsite"),
        ("2026-11-02T02:00:00Z", "C1", "respond"),
        ("2026-11-02T02:00:00.500000Z", "C0", "onsite"),
        ("2026-11-02T02:00:00.500000Z", "C0", "respond"),
    ]
    clocks = [r for r in printed if r["record"] == "clock"]
    assert [(c["case_id"], c["clock"]) for c in clocks] == [
        ("C0", "onsite"),
        ("C0", "respond"),
        ("C1", "onsite"),
        ("C1", "respond"),
    ]
    assert clocks[2] == {
        "record": "clock",
        "case_id": "C1",
        "clock": "onsite",
        "cycle": 1,
        "state": "running",
        "started_at": "2026-11-02T00:00:00Z",
        "due_at": "2026-11-02T04:00:00Z",
        "met_at": None,
        "paused_s": 0,
        "policy": "software-maintenance",
        "policy_version": 1,
        "breached_at": None,
        "provisional": False,
    }
