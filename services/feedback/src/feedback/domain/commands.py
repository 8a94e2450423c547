"""What can be asked of a callback and of a corrective action. `at` is when it happened (UTC)."""

from dataclasses import dataclass
from datetime import datetime

from aftercare_events.catalogue.case import CallbackOutcome
from aftercare_events.catalogue.feedback import AttemptOutcome, Scores
from aftercare_events.sealing import Sealed

from .independence import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class _Command:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(_Command):
    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(_Command):
    """Nothing follows while the case still waits for this callback."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseHeld(_Command):
    """The case waited for its loans only; nothing follows while one of them is out."""

    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(_Command):
    """A call that brought no answers; `call_again_at` is the customer's wish."""

    caller: Caller
    outcome: AttemptOutcome
    call_again_at: datetime | None = None
    note: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(_Command):
    caller: Caller
    outcome: CallbackOutcome
    scores: Scores | None = None
    solved: bool | None = None
    suggestions: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAction(_Command):
    owner_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishAction(_Command):
    measures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAction(_Command):
    caller: Caller
    outcome: CallbackOutcome
    note: Sealed | None = None


CallbackCommand = Schedule | Cancel | CloseHeld | Attempt | Complete
ActionCommand = AssignAction | FinishAction | VerifyAction
