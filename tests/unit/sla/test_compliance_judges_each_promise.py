"""How the promises of a month are judged."""

from collections import Counter
from datetime import UTC

from sla_monitor.compliance import Wanted
from sla_monitor.domain.compliance import percent_kept, verdicts
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.instants import to_micros
from sla_monitor.domain.state import CaseClocks
from support.clock_stories import POLICIES, SHANGHAI, local, reported, told

S4 = "it-integration"


def judged(*events: bytes, now: str, month: int = 11) -> dict[str, str]:
    state: CaseClocks | None = None
    for line in events:
        state = evolve(state, read_event(line), POLICIES)
    assert state is not None
    terms = POLICIES.of(state.policy, state.policy_version)
    assert terms is not None
    bounds = Wanted(2026, month).bounds(SHANGHAI)
    found = verdicts(state, to_micros(local(now)), terms, *bounds)
    return {promise.clock: verdict for promise, verdict in found}


def fault(at: str = "2026-11-02 08:00") -> bytes:
    return reported(S4, at, severity="2", place="local", device_id="D1")


def test_met_late_open_and_broken_promises_are_told_apart() -> None:
    found = judged(
        fault(),
        told("contacted", "2026-11-02 08:05"),
        told("responded", "2026-11-02 11:00"),
        now="2026-11-02 12:00",
    )
    assert found == {
        "contact": "met",
        "respond": "met_late",
        "restore": "breached",
        "onsite": "running",
        "resolve": "running",
    }


def test_duty_to_report_is_no_promise() -> None:
    assert "report" not in judged(fault(), now="2026-11-05 08:00")


def test_clock_belongs_to_the_month_in_which_it_is_due_in_its_own_zone() -> None:
    late = fault("2026-10-31 23:00")
    assert judged(late, now="2026-11-05 08:00", month=10) == {"contact": "breached"}
    assert set(judged(late, now="2026-11-05 08:00")) == {
        "onsite",
        "respond",
        "restore",
        "resolve",
    }


def test_deadline_agreed_is_judged_beside_the_contracts() -> None:
    found = judged(
        fault(),
        told(
            "deadline_agreed",
            "2026-11-02 08:30",
            clock="restore",
            due_at="2026-11-02T18:00:00+08:00",
            agreed_with="customer",
            reason="shift change",
        ),
        told("restored", "2026-11-02 12:00"),
        now="2026-11-03 08:00",
    )
    assert (found["restore"], found["restore/agreed"]) == ("met_late", "met")


def test_promise_called_off_in_time_is_neither_kept_nor_broken() -> None:
    found = judged(fault(), told("withdrawn", "2026-11-02 08:05"), now="2026-11-05 08:00")
    assert Counter(found.values()) == {"cancelled": len(found)}


def test_share_of_kept_promises_counts_those_decided() -> None:
    assert percent_kept(3, 1, 0) == 75
    assert percent_kept(0, 0, 0) is None


def test_december_ends_with_the_year() -> None:
    begin, end = Wanted(2026, 12).bounds(SHANGHAI)
    assert begin.astimezone(SHANGHAI).isoformat() == "2026-12-01T00:00:00+08:00"
    assert end.astimezone(UTC).isoformat() == "2026-12-31T16:00:00+00:00"
