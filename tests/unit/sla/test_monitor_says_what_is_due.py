"""What the live monitor appends: alerts, breaches, penalties, and what was taken back."""

from collections.abc import Sequence
from datetime import datetime

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import (
    AlertRaised,
    AlertResolved,
    BreachWithdrawn,
    ClockBreached,
    PenaltyAccrued,
    PenaltyWithdrawn,
)
from aftercare_events.envelope import Event
from sla_monitor.domain.decide import Said, decide_due, next_fire_at
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.state import CaseClocks, from_bytes, to_bytes
from sla_monitor.domain.terms import Terms
from support.clock_stories import POLICIES, local, reported, shown, told

S0, S4 = "software-maintenance", "it-integration"


class Monitor:
    """The core as the live monitor drives it, its state stored as bytes in between."""

    def __init__(self, *events: bytes) -> None:
        self.stored: bytes | None = None
        self.tell(*events)

    @property
    def state(self) -> CaseClocks:
        assert self.stored is not None
        return from_bytes(self.stored)

    @property
    def terms(self) -> Terms:
        terms = POLICIES.of(self.state.policy, self.state.policy_version)
        assert terms is not None
        return terms

    def tell(self, *events: bytes) -> None:
        for event in events:
            self._apply(read_event(event))

    def look(self, at: str) -> Sequence[Said]:
        """Decide at an instant, and append what was decided."""
        said = decide_due(self.state, local(at), self.terms)
        for data in said:
            self._apply(record(data, service="sla", time=local(at), actor="sla"))
        return said

    def next(self) -> str | None:
        instant = next_fire_at(self.state, self.terms)
        return None if instant is None else shown(instant)

    def _apply(self, event: Event) -> None:
        before = None if self.stored is None else from_bytes(self.stored)
        after = evolve(before, event, POLICIES)
        assert after is not None
        self.stored = to_bytes(after)


def kinds(said: Sequence[Said]) -> list[str]:
    return [type(data).__name__ for data in said]


def severe() -> Monitor:
    return Monitor(reported(S0, "2026-11-02 08:00", severity="severe"))


def test_alert_says_who_and_when_and_how_late() -> None:
    monitor = severe()
    assert monitor.next() == "2026-11-02 09:00"
    [alert] = monitor.look("2026-11-02 09:00:02.5")
    assert alert == AlertRaised(
        case_id="C1",
        alert_id="C1-respond-1-engineer-0",
        clock="respond",
        cycle=1,
        step="engineer",
        threshold=50,
        due_at=local("2026-11-02 10:00"),
        fire_at=local("2026-11-02 09:00"),
        late_by_s=2.5,
        recipient="duty-desk",
        policy=S0,
    )
    assert monitor.look("2026-11-02 09:00:03") == []
    # unanswered, it rings again half an hour after it rang, and before the next rank is told
    assert monitor.next() == "2026-11-02 09:30:02.500000"


def test_engineer_assigned_at_that_moment_is_told() -> None:
    monitor = severe()
    monitor.tell(told("assigned", "2026-11-02 08:10", engineer_id="E1"))
    [alert] = monitor.look("2026-11-02 09:00")
    assert isinstance(alert, AlertRaised)
    assert alert.recipient == "E1"
    monitor.tell(told("declined", "2026-11-02 09:30", engineer_id="E1"))
    monitor.look("2026-11-02 09:30")
    [manager] = monitor.look("2026-11-02 09:36")
    assert isinstance(manager, AlertRaised)
    assert manager.recipient == "pm"
    [visit] = monitor.look("2026-11-02 10:00")[-1:]
    assert isinstance(visit, AlertRaised)
    assert visit.recipient == "pm" or visit.recipient == "leadership"


def test_declined_case_falls_back_to_the_duty_desk() -> None:
    monitor = severe()
    monitor.tell(
        told("assigned", "2026-11-02 08:10", engineer_id="E1"),
        told("assigned", "2026-11-02 08:20", engineer_id="E2"),
        told("declined", "2026-11-02 08:30", engineer_id="E1"),
    )
    assert monitor.state.course.engineer == "E2"
    monitor.tell(told("engineer_rejected", "2026-11-02 08:40", engineer_id="E2"))
    assert monitor.state.course.engineer is None


def test_breach_and_its_penalty_come_before_the_alert() -> None:
    monitor = severe()
    monitor.look("2026-11-02 09:59")
    said = monitor.look("2026-11-02 10:00")
    assert kinds(said) == ["ClockBreached", "PenaltyAccrued", "AlertRaised", "AlertRaised"]
    breach, penalty = said[:2]
    assert isinstance(breach, ClockBreached)
    assert (breach.clock, shown(breach.breached_at), breach.request_loan) == (
        "respond",
        "2026-11-02 10:00",
        False,
    )
    assert isinstance(penalty, PenaltyAccrued)
    assert (penalty.percent, penalty.max_percent) == (0.5, 5)


def test_return_after_a_stop_raises_everything_that_was_missed() -> None:
    monitor = severe()
    said = monitor.look("2026-11-02 11:30")
    raised = [(a.clock, a.step, a.late_by_s) for a in said if isinstance(a, AlertRaised)]
    assert raised == [
        ("respond", "engineer", 9000),
        ("respond", "pm", 6840),
        ("onsite", "engineer", 5400),
        ("respond", "leadership", 5400),
        ("respond", "executive", 1800),
        ("onsite", "pm", 1080),
    ]


def test_clock_met_while_the_process_was_down_rings_no_more() -> None:
    monitor = severe()
    monitor.tell(told("arrived", "2026-11-02 10:30"))
    said = monitor.look("2026-11-02 11:00")
    # the answer came half an hour late: the breach is said, but nobody is called
    assert kinds(said) == ["ClockBreached", "PenaltyAccrued"]
    assert monitor.next() is None


def test_meeting_a_clock_resolves_its_alerts() -> None:
    monitor = severe()
    monitor.look("2026-11-02 09:40")
    monitor.tell(told("responded", "2026-11-02 09:45"))
    assert monitor.next() == "2026-11-02 09:45"
    said = monitor.look("2026-11-02 09:45")
    assert [(d.step, d.reason) for d in said if isinstance(d, AlertResolved)] == [
        ("engineer", "met"),
        ("pm", "met"),
    ]
    assert monitor.look("2026-11-02 09:50") == []
    assert monitor.next() == "2026-11-02 10:00"


def test_late_report_withdraws_the_breach_openly() -> None:
    monitor = severe()
    monitor.look("2026-11-02 10:00")
    monitor.tell(told("responded", "2026-11-02 09:30"))
    said = monitor.look("2026-11-02 10:05")
    assert kinds(said) == ["BreachWithdrawn", "PenaltyWithdrawn"] + ["AlertResolved"] * 3
    withdrawn, penalty = said[:2]
    assert isinstance(withdrawn, BreachWithdrawn)
    assert withdrawn.reason == "met_in_time"
    assert isinstance(penalty, PenaltyWithdrawn)
    assert penalty.percent == 0.5
    assert [(d.step, d.reason) for d in said if isinstance(d, AlertResolved)] == [
        ("engineer", "met"),
        ("pm", "unnecessary"),
        ("leadership", "unnecessary"),
    ]
    assert monitor.look("2026-11-02 10:06") == []


def test_change_withdraws_a_breach_and_breaches_again() -> None:
    monitor = Monitor(reported(S4, "2026-11-02 08:00", severity="1"))
    monitor.look("2026-11-02 13:00")
    monitor.tell(told("severity_changed", "2026-11-02 14:00", severity="2"))
    said = monitor.look("2026-11-02 14:00")
    withdrawn = [d for d in said if isinstance(d, BreachWithdrawn)]
    assert [(d.clock, d.reason) for d in withdrawn] == [("onsite", "recalculated")]
    resolved = [d for d in said if isinstance(d, AlertResolved) and d.clock == "onsite"]
    assert [d.reason for d in resolved] == ["recalculated"] * 3
    again = monitor.look("2026-11-03 08:00")
    assert "onsite" in [d.clock for d in again if isinstance(d, ClockBreached)]
    armed = [d for d in again if isinstance(d, AlertRaised) and d.clock == "onsite"]
    assert [d.alert_id for d in armed] == [
        "C1-onsite-1-engineer-1",
        "C1-onsite-1-pm-1",
        "C1-onsite-1-leadership-1",
    ]


def test_withdrawn_case_withdraws_nothing_that_was_broken() -> None:
    monitor = severe()
    monitor.look("2026-11-02 10:00")
    monitor.tell(told("withdrawn", "2026-11-02 10:30"))
    said = monitor.look("2026-11-02 10:30")
    assert set(kinds(said)) == {"AlertResolved"}
    assert monitor.next() is None


def test_breach_of_restore_asks_for_a_loan_when_the_use_is_affected() -> None:
    for affected in (True, False, None):
        monitor = Monitor(
            reported(
                S4,
                "2026-11-02 08:00",
                severity="2",
                device_id="D1",
                place="local",
                use_affected=affected,
            )
        )
        said = monitor.look("2026-11-02 10:00")
        loans = {d.clock: d.request_loan for d in said if isinstance(d, ClockBreached)}
        assert loans == {"contact": False, "respond": False, "restore": bool(affected)}
        assert not any(isinstance(d, PenaltyAccrued) for d in said)


def test_reporting_duty_raises_its_alert_and_no_breach() -> None:
    monitor = Monitor(reported(S4, "2026-11-02 08:00", severity="1"))
    said = monitor.look("2026-11-02 10:00")
    assert "report" not in [d.clock for d in said if isinstance(d, ClockBreached)]
    assert ("report", "leadership") in [
        (d.clock, d.step) for d in said if isinstance(d, AlertRaised)
    ]


def test_agreed_deadline_breaches_without_a_penalty() -> None:
    monitor = severe()
    due_at: datetime = local("2026-11-02 09:00")
    monitor.tell(
        told(
            "deadline_agreed",
            "2026-11-02 08:30",
            clock="onsite",
            due_at=due_at.isoformat(),
            agreed_with="desk",
            reason="early shift",
        )
    )
    said = monitor.look("2026-11-02 09:00")
    assert [d.clock for d in said if isinstance(d, ClockBreached)] == ["onsite/agreed"]
    assert not any(isinstance(d, PenaltyAccrued) for d in said)
    alerts = [d.alert_id for d in said if isinstance(d, AlertRaised)]
    assert "C1-onsite-agreed-1-engineer-0" in alerts


def test_paused_case_waits_for_an_event() -> None:
    monitor = Monitor(reported(S0, "2026-11-02 08:00", category="device"))
    assert monitor.next() == "2026-11-02 20:00"
    monitor.tell(told("paused", "2026-11-02 09:00", reason="force_majeure"))
    assert monitor.next() is None
    monitor.tell(told("resumed", "2026-11-02 10:00", reason="force_majeure"))
    assert monitor.next() == "2026-11-02 21:00"


def test_state_is_small_enough_for_a_million_cases() -> None:
    monitor = Monitor(reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"))
    assert monitor.stored is not None
    assert len(monitor.stored) < 1500
