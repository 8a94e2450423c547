"""The negative control of R4: the checks find what they are there to find."""

from datetime import timedelta

import msgspec

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CustomerContacted
from aftercare_events.catalogue.sla import AlertRaised
from aftercare_events.envelope import Recorded
from support.alarm_truth import Truth, doubled, on_ended_clocks, raised_in
from support.monitors import CASE, MORNING, fault

AT = MORNING + timedelta(minutes=5)
ALERT = AlertRaised(
    case_id=CASE,
    alert_id="A1",
    clock="contact",
    cycle=1,
    step="engineer",
    threshold=50,
    due_at=MORNING + timedelta(minutes=10),
    fire_at=AT,
    late_by_s=0,
    recipient="duty-desk",
)


def log(*facts: tuple[str, msgspec.Struct]) -> list[Recorded]:
    """A report in the morning and what was said five minutes later, by service."""
    events = [catalogue.record(fault(), service="intake", time=MORNING, actor="x")]
    events += [catalogue.record(fact, service=by, time=AT, actor="x") for by, fact in facts]
    return [Recorded(place, event) for place, event in enumerate(events, start=1)]


def test_right_log_has_nothing_wrong() -> None:
    history = log(("sla", ALERT))
    assert Truth.of(history, AT).missed(raised_in(history)) == []
    assert doubled(raised_in(history)) == on_ended_clocks(history) == []


def test_missed_step_is_found() -> None:
    history = log()
    assert [step[3] for step in Truth.of(history, AT).missed(raised_in(history))] == ["engineer"]


def test_doubled_alert_is_found() -> None:
    assert len(doubled(raised_in(log(("sla", ALERT), ("sla", ALERT))))) == 1


def test_alert_behind_its_milestone_is_found() -> None:
    contacted = CustomerContacted(case_id=CASE)
    assert len(on_ended_clocks(log(("dispatch", contacted), ("sla", ALERT)))) == 1
    assert on_ended_clocks(log(("sla", ALERT), ("dispatch", contacted))) == []
