"""FB-04: attempts are kept, and the next one is planned."""

from datetime import datetime, timedelta

import pytest

from aftercare_events.catalogue import feedback as f
from feedback.domain import commands as cmd
from feedback.domain.calendar import SHANGHAI
from feedback.domain.retry import MOST_ATTEMPTS, next_attempt
from support.feedback_cases import CALLBACK, CASE, OFFICER, WAITING, Given, at, completed

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI)
FRIDAY = datetime(2026, 11, 6, 17, 50, tzinfo=SHANGHAI)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("outcome", "attempt", "wait"),
    [
        ("busy", 1, minutes(15)),
        ("busy", 2, minutes(30)),
        ("busy", 4, minutes(60)),
        ("no_answer", 1, minutes(60)),
        ("no_answer", 2, minutes(180)),
    ],
)
def test_waits_grow(outcome: f.AttemptOutcome, attempt: int, wait: timedelta) -> None:
    assert next_attempt(outcome, attempt, MONDAY) == MONDAY + wait


def test_next_call_waits_for_the_next_opening() -> None:
    assert next_attempt("busy", 1, FRIDAY) == datetime(2026, 11, 9, 9, 0, tzinfo=SHANGHAI)
    early = datetime(2026, 11, 2, 7, 0, tzinfo=SHANGHAI)
    assert next_attempt("busy", 1, early) == datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_calling_ends_where_it_cannot_help(outcome: f.AttemptOutcome) -> None:
    assert next_attempt(outcome, 1, MONDAY) is None


def test_calling_ends_after_the_last_attempt() -> None:
    assert next_attempt("no_answer", MOST_ATTEMPTS - 1, MONDAY) is not None
    assert next_attempt("no_answer", MOST_ATTEMPTS, MONDAY) is None


def test_time_that_the_customer_wished_for_is_kept() -> None:
    wished = MONDAY + timedelta(days=1)
    assert next_attempt("call_later", MOST_ATTEMPTS + 1, MONDAY, wished) == wished


def attempted(number: int, next_at: datetime | None) -> f.CallbackAttempted:
    return f.CallbackAttempted(
        callback_id=CALLBACK,
        case_id=CASE,
        officer_id=OFFICER.officer_id,
        attempt=number,
        outcome="busy",
        next_attempt_at=next_at,
    )


def attempt(**changes: object) -> cmd.Attempt:
    fields: dict[str, object] = {"at": at(60), "caller": OFFICER, "outcome": "busy"}
    return cmd.Attempt(**(fields | changes))  # type: ignore[arg-type]


def test_attempts_are_counted() -> None:
    Given(*WAITING).when(attempt()).then(attempted(1, at(75)))
    Given(*WAITING, attempted(1, at(75))).when(attempt()).then(attempted(2, at(90)))


def test_state_tells_when_to_call_next() -> None:
    callback = Given(*WAITING, attempted(1, at(75))).callback
    assert (callback.attempts, callback.last_outcome) == (1, "busy")
    assert callback.next_attempt_at == at(75)


def test_wish_goes_with_its_outcome_only() -> None:
    Given(*WAITING).when(attempt(outcome="call_later")).refused("contradiction", "call_again_at")
    Given(*WAITING).when(attempt(call_again_at=at(90))).refused("contradiction", "call_again_at")


@pytest.mark.parametrize("wish", [at(60), at(60) + timedelta(days=30)])
def test_wish_lies_ahead_and_not_beyond_reason(wish: datetime) -> None:
    command = attempt(outcome="call_later", call_again_at=wish)
    Given(*WAITING).when(command).refused("not-soon", "call_again_at")


def test_completed_callback_takes_no_more_attempts() -> None:
    Given(*WAITING, completed()).when(attempt()).refused("callback-completed")
