"""Explanations: clause, start, spans, pauses, what moved it (SL-11)."""

import json

import pytest

from aftercare_events.catalogue import InvalidEvent
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.explain import Explanation, explain
from sla_monitor.domain.explain_text import as_text
from sla_monitor.domain.state import CaseClocks
from sla_monitor.explain_report import explain_report
from sla_monitor.shipped import shipped_policies
from support.clock_stories import POLICIES, local, reported, shown, told

S0 = "software-maintenance"


def explained(*events: bytes, until: str) -> dict[str, Explanation]:
    state: CaseClocks | None = None
    for event in events:
        state = evolve(state, read_event(event), POLICIES)
    assert state is not None
    terms = POLICIES.of(state.policy, state.policy_version)
    assert terms is not None
    return {e.record.clock: e for e in explain(state, local(until), terms)}


def test_spans_of_the_calendar_add_up_to_the_target() -> None:
    onsite = explained(
        reported(S0, "2026-09-30 15:00", severity="partial"), until="2026-09-30 15:00"
    )["onsite"]
    assert [(shown(s.begin), shown(s.end), s.seconds) for s in onsite.stretches] == [
        ("2026-09-30 15:00", "2026-09-30 17:00", 7200),
        ("2026-10-08 09:00", "2026-10-08 11:00", 7200),
    ]
    assert (onsite.target, onsite.calendar, onsite.starts) == ("4 h", "office", "reported")
    assert onsite.clause.startswith("4.1.6")


def test_pauses_and_changes_are_told() -> None:
    onsite = explained(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("paused", "2026-11-02 09:00", reason="no_site_access"),
        told("resumed", "2026-11-02 09:30", reason="no_site_access"),
        told("severity_changed", "2026-11-02 10:00", severity="system_down"),
        told("arrived", "2026-11-02 10:20"),
        until="2026-11-02 11:00",
    )["onsite"]
    assert [(shown(p.begin), p.seconds) for p in onsite.pauses] == [("2026-11-02 09:00", 1800)]
    assert [(shown(s.begin), shown(s.end)) for s in onsite.stretches] == [
        ("2026-11-02 08:00", "2026-11-02 09:00"),
        ("2026-11-02 09:30", "2026-11-02 10:30"),
    ]
    assert [(m.cause, shown(m.due_at), m.outcome) for m in onsite.moved_by] == [
        ("paused", "2026-11-02 12:00", None),
        ("resumed", "2026-11-02 12:30", None),
        ("severity_changed", "2026-11-02 10:30", None),
        ("arrived", "2026-11-02 10:30", "met"),
    ]


def test_text_names_the_days_in_local_time() -> None:
    onsite = explained(
        reported(S0, "2026-09-30 15:00", severity="partial"), until="2026-09-30 15:00"
    )["onsite"]
    assert "due: Thu 2026-10-08 11:00" in as_text(onsite, "en")
    assert "到期: Thu 2026-10-08 11:00" in as_text(onsite, "zh")


def test_unknown_year_is_said() -> None:
    onsite = explained(
        reported(S0, "2026-12-31 16:00", severity="partial"), until="2026-12-31 16:00"
    )["onsite"]
    assert "provisional" in as_text(onsite, "en")


REPORT = {
    "kind": "fault",
    "channel": "phone",
    "severity": "severe",
    "time": "2026-11-02T08:00:00+08:00",
}
POLICY = next(policy for policy in shipped_policies() if policy.name == S0)


def test_report_is_explained_before_it_is_made() -> None:
    seen = explain_report(POLICY, json.dumps(REPORT).encode(), local("2026-11-02 09:00"))
    assert {e.record.clock: shown(e.record.due_at) for e in seen.running} == {
        "onsite": "2026-11-02 12:00",
        "respond": "2026-11-02 10:00",
    }
    assert [(a.clock, a.starts, a.target) for a in seen.awaiting] == [
        ("callback", "resolved", "1 working day")
    ]


def test_report_may_be_an_event() -> None:
    event = reported("it-integration", "2026-11-02 08:00", severity="severe")
    seen = explain_report(POLICY, event, local("2026-11-02 09:00"))
    assert [e.record.clock for e in seen.running] == ["onsite", "respond"]


@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"[]",
        b"{}",
        b'{"time": 1}',
        json.dumps({**REPORT, "time": "2026-11-02T08:00"}).encode(),
        json.dumps({**REPORT, "time": "9999-12-31T23:59:59Z"}).encode(),
        json.dumps({**REPORT, "time": "0001-01-01T00:00:00+14:00"}).encode(),
    ],
)
def test_what_is_no_report_is_refused(report: bytes) -> None:
    with pytest.raises(InvalidEvent, match="not a report"):
        explain_report(POLICY, report, local("2026-11-02 09:00"))
