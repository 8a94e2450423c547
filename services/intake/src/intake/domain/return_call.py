"""A caller who gave up waiting is called back, once, however often she tried (IN-03)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from aftercare_events.catalogue.intake import (
    CallRecorded,
    ReturnAttempt,
    ReturnCallAttempted,
    ReturnCallCompleted,
    ReturnOutcome,
)
from aftercare_events.decider import Refused

# Who did not answer is tried again soon, who was engaged sooner, who was never there not at all.
AGAIN_AFTER: dict[ReturnAttempt, timedelta] = {
    "busy": timedelta(minutes=5),
    "no_answer": timedelta(minutes=30),
    "call_later": timedelta(hours=1),
    "wrong_number": timedelta(hours=1),
}

ReturnCallEvent = ReturnCallAttempted | ReturnCallCompleted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCall:
    """Her calls in a row are one item, which has the id of the first.

    `reached_by` is a later answered call, of hers or to her: that it ended is recorded soon.
    """

    return_call_id: str
    known_by: str
    since: datetime
    last_call_at: datetime
    due_at: datetime
    calls: int = 1
    attempts: int = 0
    last_outcome: ReturnAttempt | None = None
    reached_by: str | None = None
    ended: ReturnOutcome | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Nobody was reached; `again_at` where she said when to call."""

    outcome: ReturnAttempt
    at: datetime
    by: str
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    outcome: ReturnOutcome
    by: str
    call_id: str | None = None
    case_id: str | None = None


def decide(command: Attempt | Complete, state: ReturnCall) -> list[ReturnCallEvent]:
    """What follows from a command. Raises Refused."""
    match command:
        case Attempt():
            return [_attempted(command, state)]
        case Complete():
            return [_completed(command, state)] if state.ended != command.outcome else []
        case _:
            assert_never(command)


def _attempted(command: Attempt, state: ReturnCall) -> ReturnCallAttempted:
    _refuse_ended(state)
    again_at = command.again_at or command.at + AGAIN_AFTER[command.outcome]
    if again_at <= command.at:
        raise Refused("call-again-in-the-past", "Call again after this attempt.", "call_again_at")
    return ReturnCallAttempted(
        return_call_id=state.return_call_id,
        attempt=state.attempts + 1,
        outcome=command.outcome,
        next_attempt_at=again_at,
        by=command.by,
    )


def _completed(command: Complete, state: ReturnCall) -> ReturnCallCompleted:
    _refuse_ended(state)
    return ReturnCallCompleted(
        return_call_id=state.return_call_id,
        outcome=command.outcome,
        by=command.by,
        call_id=command.call_id,
        case_id=command.case_id,
    )


def _refuse_ended(state: ReturnCall) -> None:
    if state.ended is not None:
        raise Refused("return-call-ended", f"This call was ended as {state.ended}.")


def evolve(state: ReturnCall, event: ReturnCallEvent, at: datetime) -> ReturnCall:
    match event:
        case ReturnCallAttempted():
            return replace(
                state,
                attempts=event.attempt,
                last_outcome=event.outcome,
                due_at=event.next_attempt_at,
            )
        case ReturnCallCompleted():
            return replace(state, ended=event.outcome, ended_at=at)
        case _:
            assert_never(event)


def follow(newest: ReturnCall | None, call: CallRecorded) -> ReturnCall | None:
    """The newest item of a caller after one more call, in whichever order calls are told."""
    if call.outcome != "abandoned" or call.direction != "inbound" or call.known_by is None:
        return newest
    if newest is not None and _belongs_to(newest, call):
        return replace(
            newest,
            since=min(newest.since, call.started_at),
            last_call_at=max(newest.last_call_at, call.started_at),
            calls=newest.calls + 1,
        )
    return ReturnCall(
        return_call_id=call.call_id,
        known_by=call.known_by,
        since=call.started_at,
        last_call_at=call.started_at,
        due_at=call.ended_at,
    )


def _belongs_to(newest: ReturnCall, call: CallRecorded) -> bool:
    """A call that is told of late may lie before the end of what it belongs to."""
    return newest.ended_at is None or call.started_at <= newest.ended_at
