"""What callers get back. Times are in UTC."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel

from aftercare_events.catalogue.case import CallbackOutcome
from aftercare_events.catalogue.feedback import ActionReason, AttemptOutcome

from ..domain.case import CaseStatus
from .bodies import ActionStatus, CallbackStatus, ScoresGiven

Instant = Annotated[datetime, AfterValidator(lambda instant: instant.astimezone(UTC))]


class Contact(BaseModel):
    """Whom to call; everything is null once the person's data was erased."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


class CaseStory(BaseModel):
    """What happened there, as far as the officer needs it on the phone.

    `waits_for_loans`: the customer is satisfied, and the case closes when these are back.
    """

    case_id: str
    status: CaseStatus
    kind: str
    severity: str | None
    policy: str
    customer_id: str
    summary: str
    resolution: str | None
    resolved_at: Instant | None
    engineers: list[str]
    waits_for_loans: list[str]


class CallbackView(BaseModel):
    """`barred_departments` and the case's engineers may not make this call (FB-01)."""

    callback_id: str
    case_id: str
    cycle: int
    status: CallbackStatus
    due_at: Instant
    provisional: bool
    attempts: int
    last_outcome: AttemptOutcome | None
    next_attempt_at: Instant | None
    completed_at: Instant | None
    officer_id: str | None
    outcome: CallbackOutcome | None
    scores: ScoresGiven | None
    solved: bool | None
    case: CaseStory
    barred_departments: list[str]
    contact: Contact | None
    survey_path: str


class AttemptView(BaseModel):
    attempt: int
    at: Instant
    officer_id: str
    outcome: AttemptOutcome
    next_attempt_at: Instant | None
    note: str | None


class CallbackDetail(CallbackView):
    history: list[AttemptView]
    suggestions: str | None


class ActionView(BaseModel):
    corrective_action_id: str
    case_id: str
    callback_id: str
    reason: ActionReason
    engineer_id: str | None
    status: ActionStatus
    opened_at: Instant
    owner_id: str | None
    due_at: Instant | None
    measures: str | None
    verified_by: str | None
    verdict: CallbackOutcome | None


class OfficerView(BaseModel):
    officer_id: str
    department: str
    name: str | None
    active: bool


class Average(BaseModel):
    """`average` is null while nobody answered."""

    average: float | None
    answers: int


class EngineerScores(BaseModel):
    engineer_id: str
    callbacks: int
    satisfied: int
    unsatisfied: int
    unsolved: int
    technical_skill: Average
    attitude: Average
    timeliness: Average


class Recorded(BaseModel):
    """Where in the log the effect stands, and what followed for the case.

    `waits_for_loans`: it closes by itself when these are back (DP-11), or by `close` of dispatch
    with `despite_loan`.
    """

    position: int
    case_id: str
    case_became: Literal["closed", "reopened"] | None = None
    waits_for_loans: list[str] = []
    corrective_action_id: str | None = None
