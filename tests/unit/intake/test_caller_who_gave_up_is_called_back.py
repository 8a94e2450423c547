"""IN-03: abandoned calls of one caller are one thing to do, until somebody spoke to her."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.intake import (
    CallRecorded,
    ReturnCallAttempted,
    ReturnCallCompleted,
)
from aftercare_events.decider import Refused
from intake.domain.return_call import Attempt, Complete, ReturnCall, decide, evolve, follow

TEN = datetime(2026, 11, 2, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def call(number: int, minutes: int, **changes: Any) -> CallRecorded:
    began = TEN + minutes * MINUTE
    values: dict[str, Any] = {
        "call_id": f"T-{number}",
        "reference": str(number),
        "body_digest": "",
        "direction": "inbound",
        "outcome": "abandoned",
        "started_at": began,
        "ended_at": began + MINUTE,
        "known_by": "K-1",
    }
    return CallRecorded(**values | changes)


def told(*calls: CallRecorded) -> ReturnCall | None:
    newest = None
    for each in calls:
        newest = follow(newest, each)
    return newest


def waiting() -> ReturnCall:
    item = told(call(1, 0))
    assert item is not None
    return item


def test_abandoned_call_is_to_be_called_back_when_it_ended() -> None:
    item = waiting()
    assert (item.return_call_id, item.since, item.due_at) == ("T-1", TEN, TEN + MINUTE)


def test_calls_in_a_row_are_one_item_in_whatever_order_they_are_told() -> None:
    first, second = call(1, 0), call(2, 5)
    item, turned = told(first, second), told(second, first)
    assert item is not None
    assert turned is not None
    assert (item.calls, item.since, item.last_call_at) == (2, TEN, TEN + 5 * MINUTE)
    assert (turned.calls, turned.since, turned.last_call_at) == (2, TEN, TEN + 5 * MINUTE)


@pytest.mark.parametrize(
    "changes",
    [{"outcome": "answered"}, {"direction": "outbound"}, {"known_by": None}],
    ids=["answered", "outbound", "number withheld"],
)
def test_nobody_else_is_called_back(changes: dict[str, Any]) -> None:
    assert told(call(1, 0, **changes)) is None


def test_call_after_the_end_is_a_new_item_and_one_told_late_is_not() -> None:
    ended = evolve(
        waiting(),
        ReturnCallCompleted(return_call_id="T-1", outcome="reached", by="agent-07"),
        TEN + 10 * MINUTE,
    )
    late, new = follow(ended, call(2, 5)), follow(ended, call(3, 20))
    assert late is not None
    assert new is not None
    assert (late.return_call_id, late.calls, late.ended) == ("T-1", 2, "reached")
    assert (new.return_call_id, new.ended) == ("T-3", None)


def test_attempt_in_vain_is_counted_and_tried_again_later() -> None:
    at = TEN + 10 * MINUTE
    [event] = decide(Attempt(outcome="no_answer", at=at, by="agent-07"), waiting())
    assert isinstance(event, ReturnCallAttempted)
    after = evolve(waiting(), event, at)
    assert (after.attempts, after.last_outcome, after.due_at) == (1, "no_answer", at + 30 * MINUTE)


def test_caller_who_names_a_time_is_called_then_and_not_before_now() -> None:
    at = TEN + 10 * MINUTE
    [event] = decide(
        Attempt(outcome="call_later", at=at, by="agent-07", again_at=at + MINUTE), waiting()
    )
    assert isinstance(event, ReturnCallAttempted)
    assert event.next_attempt_at == at + MINUTE
    with pytest.raises(Refused) as refused:
        decide(Attempt(outcome="call_later", at=at, by="agent-07", again_at=at), waiting())
    assert refused.value.field == "call_again_at"


def test_what_is_ended_stays_ended() -> None:
    [event] = decide(Complete(outcome="reached", by="agent-07", case_id="4F7K-Q2M9"), waiting())
    ended = evolve(waiting(), event, TEN + 5 * MINUTE)
    assert decide(Complete(outcome="reached", by="agent-08"), ended) == []
    for command in (
        Attempt(outcome="busy", at=TEN + 9 * MINUTE, by="agent-07"),
        Complete(outcome="unreachable", by="agent-07"),
    ):
        with pytest.raises(Refused) as refused:
            decide(command, ended)
        assert refused.value.code == "return-call-ended"
