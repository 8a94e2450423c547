"""FB-01: every resolved case is called back by the close of the next working day."""

from datetime import datetime

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from feedback.domain import commands as cmd
from feedback.domain.calendar import SHANGHAI, callback_due
from support.feedback_cases import (
    CALLBACK,
    CASE,
    REOPENED,
    RESOLVED,
    SCHEDULED,
    WAITING,
    Given,
    assigned,
    at,
    completed,
    reported,
)

schedule = cmd.Schedule(case_id=CASE, at=at(30))
cancel = cmd.Cancel(at=at(60))


def local(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("resolved_at", "due_at"),
    [
        (local(11, 2, 0, 0), local(11, 3, 18)),
        (local(11, 2, 23, 59), local(11, 3, 18)),
        (local(11, 6, 12), local(11, 9, 18)),
        (local(9, 30, 10), local(10, 8, 18)),
        (local(10, 9, 17), local(10, 10, 18)),
    ],
    ids=["at midnight", "before midnight", "over a weekend", "over the holidays", "make-up day"],
)
def test_due_at_the_close_of_the_next_working_day(resolved_at: datetime, due_at: datetime) -> None:
    due = callback_due(resolved_at)
    assert (due.at, due.provisional) == (due_at, False)


def test_due_time_in_a_year_without_an_official_calendar_is_provisional() -> None:
    due = callback_due(local(12, 31, 10))
    assert (due.at, due.provisional) == (local(1, 1, 18, year=2027), True)


def test_resolved_case_gets_its_callback() -> None:
    Given(reported(), assigned(), RESOLVED).when(schedule).then(SCHEDULED)


def test_callback_is_scheduled_once() -> None:
    Given(*WAITING).when(schedule).then()
    Given(*WAITING, completed()).when(schedule).then()


def test_case_that_is_not_resolved_gets_none() -> None:
    Given(reported()).when(schedule).then()
    Given(reported(), RESOLVED, REOPENED).when(schedule).then()


def test_next_cycle_has_a_callback_of_its_own() -> None:
    second = f.CallbackScheduled(
        callback_id="CB-4F7K-Q2M9-2", case_id=CASE, cycle=2, due_at=SCHEDULED.due_at
    )
    Given(reported(), RESOLVED, REOPENED, RESOLVED).when(schedule).then(second)


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (REOPENED, "reopened"),
        (c.CaseWithdrawn(case_id=CASE), "withdrawn"),
        (c.CaseMerged(case_id=CASE, into="OTHER"), "merged"),
        (c.CaseClosed(case_id=CASE), "closed"),
    ],
)
def test_callback_is_cancelled_when_nothing_is_left_to_ask(
    ending: object, reason: f.CancelReason
) -> None:
    cancelled = f.CallbackCancelled(callback_id=CALLBACK, case_id=CASE, reason=reason)
    Given(*WAITING, ending).when(cancel).then(cancelled)
    Given(*WAITING, ending, cancelled).when(cancel).then()


def test_callback_stays_while_the_case_waits_for_it() -> None:
    Given(*WAITING).when(cancel).then()


def test_callback_of_the_cycle_before_is_cancelled_even_after_the_next_solution() -> None:
    cancelled = f.CallbackCancelled(callback_id=CALLBACK, case_id=CASE, reason="reopened")
    Given(*WAITING, REOPENED, RESOLVED).when(cancel).then(cancelled)


def test_completed_callback_is_not_cancelled() -> None:
    Given(*WAITING, completed(), c.CaseClosed(case_id=CASE)).when(cancel).then()
