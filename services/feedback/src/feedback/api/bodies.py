"""What callers send."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from aftercare_events.catalogue.case import CallbackOutcome
from aftercare_events.catalogue.feedback import AttemptOutcome
from aftercare_http import Body, Id, Line, OccurredAt, Text

Score = Annotated[int, Field(ge=1, le=5, description="1 (worst) to 5 (best)")]


class ScoresGiven(Body):
    technical_skill: Score | None = None
    attitude: Score | None = None
    timeliness: Score | None = None


class AttemptMade(Body):
    """A call that brought no answers; `call_again_at` goes with `call_later`."""

    officer_id: Id
    outcome: AttemptOutcome
    note: Text | None = None
    call_again_at: AwareDatetime | None = None
    occurred_at: OccurredAt = None


class CallCompleted(Body):
    """What the customer said. `suggestions` are kept sealed."""

    officer_id: Id
    outcome: CallbackOutcome
    scores: ScoresGiven | None = None
    solved: bool | None = None
    suggestions: Text | None = None
    occurred_at: OccurredAt = None


class ActionAssigned(Body):
    owner_id: Id
    due_at: AwareDatetime
    occurred_at: OccurredAt = None


class ActionDone(Body):
    measures: Annotated[Text, Field(min_length=1)]
    occurred_at: OccurredAt = None


class ActionVerified(Body):
    """What the customer said when called again."""

    officer_id: Id
    outcome: CallbackOutcome
    note: Text | None = None
    occurred_at: OccurredAt = None


class OfficerEntry(Body):
    department: Line
    name: Line | None = None
    active: bool = True


CallbackStatus = Literal["open", "completed", "cancelled"]
ActionStatus = Literal["open", "assigned", "done", "verified"]
