"""RP-02: a case, and its clocks, from what had been recorded by then."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from aftercare_events import catalogue, ndjson
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import EngineerBooked, EngineerRegistered
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.envelope import Recorded
from sla_monitor.domain.policy import to_json
from sla_monitor.shipped import shipped_policies
from support.commands import aftercare
from support.toy_monitor import monitor

CASE = "4F7K-Q2M9"
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
NDJSON = "application/x-ndjson"


def answer(*facts: msgspec.Struct) -> tuple[int, str, bytes]:
    return 200, NDJSON, ndjson.lines(history(facts))


def history(facts: Sequence[msgspec.Struct]) -> Sequence[Recorded]:
    return [
        Recorded(
            number + 1,
            catalogue.record(
                fact, service="intake", time=START + timedelta(minutes=number), actor="desk"
            ),
        )
        for number, fact in enumerate(facts)
    ]


REPORTED = c.CaseReported(
    case_id=CASE, kind="fault", channel="phone", policy="it-integration", severity="2"
)
ASSIGNED = c.CaseAssigned(case_id=CASE, engineer_id="E-1")


def test_case_is_folded(capsys: pytest.CaptureFixture[str]) -> None:
    with monitor(answer(REPORTED, ASSIGNED)) as toy:
        assert aftercare("state", "case", CASE, "--url", toy.url, "--at", "2") == 0
    assert toy.asked[0].parameters == {"case": CASE, "until": "2"}
    state = json.loads(capsys.readouterr().out)
    assert (state["position"], state["assignment"]["engineer_id"]) == (2, "E-1")


def test_engineer_is_picked_out_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    booked = EngineerBooked(
        engineer_id="E-1", case_id=CASE, start=START, end=START + timedelta(hours=1)
    )
    facts = (
        EngineerRegistered(engineer_id="E-1", department="field-service"),
        EngineerRegistered(engineer_id="E-2", department="lighting"),
        booked,
    )
    with monitor(answer(*facts)) as toy:
        assert aftercare("state", "engineer", "E-1", "--url", toy.url) == 0
    assert toy.asked[0].parameters == {"type": "aftercare.engineer.*"}
    shown = capsys.readouterr().out
    assert CASE in shown
    assert "lighting" not in shown


def test_clocks_stand_as_they_stood_then(capsys: pytest.CaptureFixture[str]) -> None:
    policies = [
        PolicyPublished(name=policy.name, version=policy.version, policy=to_json(policy))
        for policy in shipped_policies()
    ]
    instant = (START + timedelta(minutes=11)).isoformat()
    with monitor(answer(REPORTED), answer(*policies)) as toy:
        assert aftercare("state", "clock", CASE, "--url", toy.url, "--at", instant) == 0
    clocks = {clock["clock"]: clock for clock in json.loads(capsys.readouterr().out)}
    assert clocks["contact"]["state"] == "breached"
    assert clocks["respond"]["state"] == "running"


def test_nothing_by_then_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with monitor(answer()) as toy:
        assert aftercare("state", "loan", "L-1", "--url", toy.url) == 1
    assert capsys.readouterr().err == "aftercare: nothing is recorded of loan L-1 by then\n"
