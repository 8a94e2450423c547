"""What feedback says: officers, callbacks, corrective actions."""

from datetime import datetime
from typing import Literal

import msgspec

from ..sealing import Sealed
from .case import CallbackOutcome
from .registry import event_type

AttemptOutcome = Literal["no_answer", "busy", "call_later", "wrong_number", "refused"]
CancelReason = Literal["reopened", "withdrawn", "merged", "closed"]
ActionReason = Literal["unsatisfied", "low_score"]


class Scores(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the customer gave, 1 (worst) to 5 (best) each (FB-02)."""

    technical_skill: int | None = None
    attitude: int | None = None
    timeliness: int | None = None


@event_type("aftercare.officer.registered.v1")
class OfficerRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody may make callbacks, as a member of `department`; a later one replaces it."""

    officer_id: str
    department: str
    name: Sealed | None = None
    active: bool = True


class _CallbackEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    callback_id: str
    case_id: str


@event_type("aftercare.callback.scheduled.v1")
class CallbackScheduled(_CallbackEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A resolved case is to be called back by `due_at` (FB-01).

    `provisional`: the due time rests on a year whose official calendar is not known yet.
    """

    cycle: int
    due_at: datetime
    provisional: bool = False


@event_type("aftercare.callback.attempted.v1")
class CallbackAttempted(_CallbackEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A call that brought no answers (FB-04); without `next_attempt_at` no more are planned."""

    officer_id: str
    attempt: int
    outcome: AttemptOutcome
    next_attempt_at: datetime | None = None
    note: Sealed | None = None


@event_type("aftercare.callback.completed.v1")
class CallbackCompleted(_CallbackEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The customer answered, on the phone or by the survey link (officer `self-service`).

    `engineer_id` is the engineer the answers are about.
    """

    officer_id: str
    outcome: CallbackOutcome
    scores: Scores | None = None
    solved: bool | None = None
    suggestions: Sealed | None = None
    engineer_id: str | None = None


@event_type("aftercare.callback.cancelled.v1")
class CallbackCancelled(_CallbackEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The case went on without an answer, so that there is nothing left to ask."""

    reason: CancelReason


class _ActionEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    corrective_action_id: str
    case_id: str


@event_type("aftercare.corrective_action.opened.v1")
class CorrectiveActionOpened(_ActionEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A callback showed something that must be put right (FB-03)."""

    callback_id: str
    cycle: int
    reason: ActionReason
    engineer_id: str | None = None


@event_type("aftercare.corrective_action.assigned.v1")
class CorrectiveActionAssigned(_ActionEvent, frozen=True, kw_only=True, omit_defaults=True):
    owner_id: str
    due_at: datetime


@event_type("aftercare.corrective_action.done.v1")
class CorrectiveActionDone(_ActionEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The owner says what was done about it."""

    measures: str


@event_type("aftercare.corrective_action.verified.v1")
class CorrectiveActionVerified(_ActionEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The customer was called again; anything but `satisfied` hands the action back."""

    officer_id: str
    outcome: CallbackOutcome
    note: Sealed | None = None
