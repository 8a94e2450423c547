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


class Happening(Body):
    """Something that happened; `actor` is for a desk that acts for somebody."""

    occurred_at: OccurredAt = None
    actor: Id | None = None


class AttemptMade(Happening):
    """A call that brought no answers; `call_again_at` goes with `call_later`."""

    officer_id: Id
    outcome: AttemptOutcome
    note: Text | None = None
    call_again_at: AwareDatetime | None = None


class CallCompleted(Happening):
    """What the customer said. `suggestions` are kept sealed."""

    officer_id: Id
    outcome: CallbackOutcome
    scores: ScoresGiven | None = None
    solved: bool | None = None
    suggestions: Text | None = None


class ActionAssigned(Happening):
    owner_id: Id
    due_at: AwareDatetime


class ActionDone(Happening):
    measures: Annotated[Text, Field(min_length=1)]


class ActionVerified(Happening):
    """What the customer said when called again."""

    officer_id: Id
    outcome: CallbackOutcome
    note: Text | None = None


class OfficerEntry(Body):
    department: Line
    name: Line | None = None
    active: bool = True


CallbackStatus = Literal["open", "completed", "cancelled"]
ActionStatus = Literal["open", "assigned", "done", "verified"]
