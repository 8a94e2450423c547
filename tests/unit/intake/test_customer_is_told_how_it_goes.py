"""IN-01: what a customer is told follows from the events of her case."""

from datetime import UTC, datetime, timedelta

import msgspec

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import PromisedTime
from intake.domain.progress import Due, Progress, milestone_of, progress

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CASE = "4F7K-Q2M9"
PROMISED = (
    PromisedTime(clock="contact", due_at=START + HOUR),
    PromisedTime(clock="onsite", due_at=START + 5 * HOUR),
    PromisedTime(clock="restore", due_at=START + 9 * HOUR, provisional=True),
)
ASSIGNED = c.CaseAssigned(
    case_id=CASE,
    engineer_id="E-1",
    mode="onsite",
    slot_start=START + HOUR,
    slot_end=START + 3 * HOUR,
)
ARRIVED = c.EngineerArrived(case_id=CASE, engineer_id="E-1")
PAUSED = c.CasePaused(case_id=CASE, reason="customer_unavailable")
RESUMED = c.CaseResumed(case_id=CASE)
RESOLVED = c.CaseResolved(case_id=CASE)
REOPENED = c.CaseReopened(case_id=CASE)


def after(*events: msgspec.Struct) -> Progress:
    """One event a minute, from the minute after the report on."""
    told = [
        milestone_of(event, START + timedelta(minutes=n)) for n, event in enumerate(events, start=1)
    ]
    return progress(START, [each for each in told if each is not None], PROMISED)


def clocks(way: Progress) -> list[str]:
    return [due.clock for due in way.due]


def test_new_case_was_received_and_all_its_times_run() -> None:
    way = after()
    assert (way.now, way.steps) == ("received", [("received", START)])
    assert way.due[2] == Due(clock="restore", due_at=START + 9 * HOUR, provisional=True)
    assert clocks(way) == ["contact", "onsite", "restore"]


def test_engineer_who_was_chosen_comes_at_the_booked_time() -> None:
    way = after(ASSIGNED)
    assert (way.now, way.mode) == ("assigned", "onsite")
    assert way.slot == (START + HOUR, START + 3 * HOUR)
    assert after(ASSIGNED, ARRIVED).slot is None


def test_what_was_kept_is_no_longer_promised() -> None:
    assert clocks(after(ASSIGNED, ARRIVED)) == ["restore"]
    assert clocks(after(c.CaseResponded(case_id=CASE))) == ["onsite", "restore"]


def test_time_agreed_with_the_customer_runs_beside_the_contract() -> None:
    agreed = [
        c.DeadlineAgreed(
            case_id=CASE, clock="restore", due_at=START + n * HOUR, agreed_with="it", reason="r"
        )
        for n in (7, 8)
    ]
    assert after(*agreed).due[2] == Due(clock="restore", due_at=START + 8 * HOUR, agreed=True)


def test_times_that_moved_are_not_named() -> None:
    severity = c.SeverityChanged(case_id=CASE, severity="2")
    for moving in (PAUSED, severity, c.CaseReclassified(case_id=CASE, place="other")):
        way = after(moving)
        assert (clocks(way), way.moved) == ([], True)


def test_pause_lasts_until_it_goes_on() -> None:
    assert after(ASSIGNED, PAUSED).now == "paused"
    assert after(PAUSED, ASSIGNED).now == "paused"
    assert after(ASSIGNED, PAUSED, RESUMED).now == "assigned"
    assert after(PAUSED, RESOLVED).now == "resolved"


def test_solved_case_promises_nothing_any_more() -> None:
    way = after(ASSIGNED, PAUSED, RESUMED, ARRIVED, RESOLVED)
    assert (way.now, clocks(way), way.moved, way.mode) == ("resolved", [], False, None)


def test_case_that_comes_back_begins_anew_and_keeps_its_past() -> None:
    way = after(ASSIGNED, ARRIVED, RESOLVED, REOPENED)
    assert (way.now, way.slot, clocks(way), way.moved) == ("reopened", None, [], True)
    assert [step for step, _ in way.steps][-2:] == ["resolved", "reopened"]
    assert after(RESOLVED, REOPENED, ASSIGNED).now == "assigned"


def test_engineer_who_declined_does_not_come() -> None:
    way = after(ASSIGNED, c.CaseDeclined(case_id=CASE, engineer_id="E-1"))
    assert (way.now, way.slot) == ("looking_again", None)


def test_notes_of_staff_are_nothing_for_the_customer() -> None:
    told = milestone_of(RESOLVED.__class__(case_id=CASE, resolution="again this fool"), START)
    assert "fool" not in str(told)
    assert milestone_of(c.EscalatedToExpert(case_id=CASE, target="vendor"), START) is None
