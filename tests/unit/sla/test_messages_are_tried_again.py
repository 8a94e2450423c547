"""What follows from an attempt to tell somebody of an alert."""

from datetime import UTC, datetime, timedelta

import pytest

from aftercare_events.catalogue.notification import (
    NotificationDelivered,
    NotificationFailed,
    NotificationGivenUp,
)
from sla_monitor.domain.notification import (
    ATTEMPTS,
    Failure,
    Message,
    notification_id,
    rings,
    settle,
    wait_after,
)

NOW = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def message(tried: int = 0) -> Message:
    return Message("webhook", "S-1", "S-1/CASE", ("A-1",), (17,), tried)


def test_message_that_was_taken_is_delivered() -> None:
    fact = settle(message(tried=2), None, NOW)
    assert isinstance(fact, NotificationDelivered)
    assert (fact.attempt, fact.alerts, fact.positions) == (3, ("A-1",), (17,))


def test_message_that_failed_is_due_again_later_each_time() -> None:
    fact = settle(message(tried=1), Failure("answered 500"), NOW)
    assert isinstance(fact, NotificationFailed)
    assert (fact.next_at, fact.error) == (NOW + timedelta(seconds=40), "answered 500")


def test_waits_grow_to_half_a_day_and_end_after_days() -> None:
    waits = [wait_after(attempt) for attempt in range(1, ATTEMPTS)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=10)
    assert max(waits) == timedelta(hours=12)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    ("tried", "failure"),
    [(ATTEMPTS - 1, Failure("answered 500")), (0, Failure("answered 410", final=True))],
)
def test_message_is_given_up_at_last_or_at_once(tried: int, failure: Failure) -> None:
    fact = settle(message(tried), failure, NOW)
    assert isinstance(fact, NotificationGivenUp)
    assert fact.error == failure.error


def test_message_has_one_id_for_ever_and_for_itself_alone() -> None:
    ids = {
        notification_id(kind, receiver, position)
        for kind in ("webhook", "person")
        for receiver in ("S-1", "S-2")
        for position in (17, 18)
    }
    assert len(ids) == 8
    assert message().notification_id == message(tried=5).notification_id in ids


@pytest.mark.parametrize(
    ("late_by", "age", "told"),
    [
        (timedelta(), timedelta(), True),
        (DAY, DAY, True),
        (timedelta(), DAY + timedelta(seconds=1), False),
        (DAY + timedelta(seconds=1), timedelta(), False),
    ],
    ids=["fresh", "just in time", "replayed", "imported"],
)
def test_old_alerts_do_not_ring(late_by: timedelta, age: timedelta, told: bool) -> None:
    assert rings(late_by.total_seconds(), NOW - age, NOW, DAY) is told
