"""SL-06: a step rings until somebody acknowledges it, and again once a promise has passed."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from aftercare_events.catalogue import record
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.catalogue.sla import AlertReminded
from aftercare_events.decider import Refused
from aftercare_events.envelope import Event
from sla_monitor.domain.acknowledge import Acknowledge, acknowledge
from sla_monitor.domain.alert import find
from sla_monitor.domain.decide import decide_due, next_fire_at
from sla_monitor.domain.directory import NOBODY_ENTERED, Directory
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.state import CaseClocks, from_bytes, to_bytes
from support.clock_stories import POLICIES, local, reported, shown, told

ENGINEER = "C1-respond-1-engineer-0"
PM = "C1-respond-1-pm-0"


class Case:
    """A fault of software-maintenance at 08:00; a severe one rings the engineer at 09:00."""

    def __init__(self, directory: Directory = NOBODY_ENTERED, severity: str = "severe") -> None:
        self.directory = directory
        first = read_event(reported("software-maintenance", "2026-11-02 08:00", severity=severity))
        state = evolve(None, first, POLICIES)
        assert state is not None
        self.state: CaseClocks = state

    def tell(self, *lines: bytes) -> None:
        for line in lines:
            self._apply(read_event(line))

    def rings(self, at: str) -> Sequence[AlertReminded]:
        """Everything is said that is due by then; what rang again."""
        return [said for said in self.look(at) if isinstance(said, AlertReminded)]

    def look(self, at: str) -> Sequence[Any]:
        terms = POLICIES.of(self.state.policy, self.state.policy_version)
        assert terms is not None
        said = decide_due(self.state, local(at), terms, self.directory)
        for fact in said:
            self._apply(record(fact, service="sla", time=local(at), actor="sla"))
        return said

    def acknowledge(
        self, alert_id: str, at: str, by: str = "Zhao", until: str | None = None
    ) -> int:
        """How many facts that was. Raises Refused."""
        alert = find(self.state, alert_id)
        assert alert is not None
        now = local(at)
        promised = local(until) if until else None
        command = Acknowledge(by=by, at=now, now=now, until=promised)
        facts = acknowledge(self.state, alert, command)
        for fact in facts:
            self._apply(record(fact, service="sla", time=now, actor=by))
        return len(facts)

    def next(self) -> str | None:
        terms = POLICIES.of(self.state.policy, self.state.policy_version)
        assert terms is not None
        instant = next_fire_at(self.state, terms)
        return shown(instant) if instant else None

    def _apply(self, event: Event) -> None:
        state = evolve(from_bytes(to_bytes(self.state)), event, POLICIES)
        assert state is not None
        self.state = state


@pytest.fixture
def case() -> Case:
    """The engineer was rung at 09:00."""
    opened = Case()
    assert opened.look("2026-11-02 09:00")
    return opened


def test_step_rings_again_until_acknowledged(case: Case) -> None:
    assert case.rings("2026-11-02 09:29:59") == []
    assert case.next() == "2026-11-02 09:30"
    assert case.rings("2026-11-02 09:30") == [
        AlertReminded(
            case_id="C1",
            alert_id=ENGINEER,
            clock="respond",
            cycle=1,
            step="engineer",
            reminder=1,
            recipient="duty-desk",
            reason="unacknowledged",
        )
    ]
    case.acknowledge(ENGINEER, "2026-11-02 09:31")
    assert [ring.alert_id for ring in case.rings("2026-11-09 09:31")] == []


def test_wait_doubles_up_to_a_day(case: Case) -> None:
    begin, half_hour = local("2026-11-02 09:00"), timedelta(minutes=30)
    rang_after = [
        halves / 2
        for halves in range(1, 2 * 24 * 4)
        for ring in case.rings(shown(begin + halves * half_hour))
        if ring.alert_id == ENGINEER
    ]
    waits = [later - earlier for earlier, later in pairwise([0, *rang_after])]
    assert waits == [0.5, 1, 2, 4, 8, 16, 24, 24]


def test_missed_rings_are_one_ring(case: Case) -> None:
    rings = [ring for ring in case.rings("2026-11-05 09:00") if ring.alert_id == ENGINEER]
    assert [ring.reminder for ring in rings] == [1]


def test_acknowledging_ends_the_reminders_of_that_step_only(case: Case) -> None:
    case.acknowledge(ENGINEER, "2026-11-02 09:05")
    assert [type(said).__name__ for said in case.look("2026-11-02 09:36")] == ["AlertRaised"]
    assert [ring.alert_id for ring in case.rings("2026-11-02 10:06")] == [PM]


def test_meeting_the_clock_ends_the_reminders(case: Case) -> None:
    case.tell(told("responded", "2026-11-02 09:10"))
    assert [said.alert_id for said in case.look("2026-11-02 09:10")] == [ENGINEER]
    assert case.rings("2026-11-02 09:59") == []


def test_reminder_is_not_rung_over_what_is_being_resolved(case: Case) -> None:
    case.tell(told("responded", "2026-11-02 09:10"))
    assert case.rings("2026-11-02 09:30") == []


def test_second_reminder_goes_to_the_deputy_and_on_to_the_deputys_deputy() -> None:
    who = [
        RecipientRegistered(recipient_id="duty-desk", deputy="Xu"),
        RecipientRegistered(recipient_id="Xu", deputy="Lin"),
        RecipientRegistered(recipient_id="Lin", deputy="duty-desk"),
    ]
    case = Case(Directory({one.recipient_id: one for one in who}))
    case.look("2026-11-02 09:00")
    instants = ("2026-11-02 09:30", "2026-11-02 10:30", "2026-11-02 12:30", "2026-11-02 16:30")
    told_to = [
        ring.recipient for at in instants for ring in case.rings(at) if ring.alert_id == ENGINEER
    ]
    assert told_to == ["duty-desk", "Xu", "Lin", "Lin"]


def test_step_rings_again_when_the_promised_time_has_passed(case: Case) -> None:
    case.acknowledge(ENGINEER, "2026-11-02 09:05", until="2026-11-02 09:35")
    assert case.next() == "2026-11-02 09:35"
    [ring] = case.rings("2026-11-02 09:35")
    assert (ring.reason, ring.reminder) == ("promise_passed", 1)
    assert case.acknowledge(ENGINEER, "2026-11-02 09:35:30", by="Xu") == 1


def test_same_person_may_promise_anew_but_a_repeat_changes_nothing(case: Case) -> None:
    assert case.acknowledge(ENGINEER, "2026-11-02 09:05", until="2026-11-02 09:35") == 1
    assert case.acknowledge(ENGINEER, "2026-11-02 09:06", until="2026-11-02 09:35") == 0
    assert case.acknowledge(ENGINEER, "2026-11-02 09:06") == 0
    assert case.acknowledge(ENGINEER, "2026-11-02 09:07", until="2026-11-02 09:50") == 1
    assert case.rings("2026-11-02 09:35") == []


def test_another_person_may_take_over_once_the_promise_is_broken(case: Case) -> None:
    case.acknowledge(ENGINEER, "2026-11-02 09:05", until="2026-11-02 09:35")
    assert case.acknowledge(ENGINEER, "2026-11-02 09:35", by="Xu") == 1


@pytest.mark.parametrize(
    ("at", "by", "until", "code", "field"),
    [
        ("2026-11-02 09:10", "Xu", None, "already-acknowledged", None),
        ("2026-11-02 09:10", "Zhao", "2026-11-02 09:10", "promise-in-the-past", "until"),
        ("2026-11-02 09:10", "Zhao", "2026-11-09 09:11", "promise-too-far-ahead", "until"),
        ("2026-11-02 08:59", "Zhao", "2026-11-02 09:50", "before-the-alert", "occurred_at"),
    ],
)
def test_acknowledgement_out_of_place_is_refused(
    case: Case, at: str, by: str, until: str | None, code: str, field: str | None
) -> None:
    case.acknowledge(ENGINEER, "2026-11-02 09:05")
    with pytest.raises(Refused) as refused:
        case.acknowledge(ENGINEER, at, by=by, until=until)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_acknowledgement_of_a_met_clock_is_refused_before_the_monitor_says_so(case: Case) -> None:
    case.tell(told("responded", "2026-11-02 09:10"))
    with pytest.raises(Refused, match="ended"):
        case.acknowledge(ENGINEER, "2026-11-02 09:11")


def test_acknowledgement_of_a_step_that_was_recalculated_is_refused() -> None:
    case = Case(severity="system_down")
    case.look("2026-11-02 08:02")
    case.tell(told("severity_changed", "2026-11-02 08:02:30", severity="severe"))
    with pytest.raises(Refused, match="ended"):
        case.acknowledge(ENGINEER, "2026-11-02 08:03")
