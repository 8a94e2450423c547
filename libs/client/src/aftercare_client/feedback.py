"""Aftercare feedback from Python, written by `make client` from its OpenAPI document."""

from collections.abc import Iterator
from typing import Literal, NotRequired, TypedDict

from .transport import Service, new_key, segment


class ScoresGiven(TypedDict):
    technical_skill: NotRequired[int | None]
    attitude: NotRequired[int | None]
    timeliness: NotRequired[int | None]


class CaseStory(TypedDict):
    """What happened there, as far as the officer needs it on the phone.

    `waits_for_loans`: the customer is satisfied, and the case closes when these are back.
    """

    case_id: str
    status: Literal["closed", "merged", "open", "resolved", "withdrawn"]
    kind: str
    severity: str | None
    policy: str
    customer_id: str
    summary: str
    resolution: str | None
    resolved_at: str | None
    engineers: list[str]
    waits_for_loans: list[str]


class Contact(TypedDict):
    """Whom to call; everything is null once the person's data was erased."""

    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]


class CallbackView(TypedDict):
    """`barred_departments` and the case's engineers may not make this call (FB-01)."""

    callback_id: str
    case_id: str
    cycle: int
    status: Literal["cancelled", "completed", "open"]
    due_at: str
    provisional: bool
    attempts: int
    last_outcome: Literal["busy", "call_later", "no_answer", "refused", "wrong_number"] | None
    next_attempt_at: str | None
    completed_at: str | None
    officer_id: str | None
    outcome: Literal["satisfied", "unsatisfied", "unsolved"] | None
    scores: ScoresGiven | None
    solved: bool | None
    case: CaseStory
    barred_departments: list[str]
    contact: Contact | None
    survey_path: str


class AttemptView(TypedDict):
    attempt: int
    at: str
    officer_id: str
    outcome: Literal["busy", "call_later", "no_answer", "refused", "wrong_number"]
    next_attempt_at: str | None
    note: str | None


class CallbackDetail(TypedDict):
    callback_id: str
    case_id: str
    cycle: int
    status: Literal["cancelled", "completed", "open"]
    due_at: str
    provisional: bool
    attempts: int
    last_outcome: Literal["busy", "call_later", "no_answer", "refused", "wrong_number"] | None
    next_attempt_at: str | None
    completed_at: str | None
    officer_id: str | None
    outcome: Literal["satisfied", "unsatisfied", "unsolved"] | None
    scores: ScoresGiven | None
    solved: bool | None
    case: CaseStory
    barred_departments: list[str]
    contact: Contact | None
    survey_path: str
    history: list[AttemptView]
    suggestions: str | None


class AttemptMade(TypedDict):
    """A call that brought no answers; `call_again_at` goes with `call_later`."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    officer_id: str
    outcome: Literal["busy", "call_later", "no_answer", "refused", "wrong_number"]
    note: NotRequired[str | None]
    call_again_at: NotRequired[str | None]


class Recorded(TypedDict):
    """Where in the log the effect stands, and what followed for the case.

    `waits_for_loans`: it closes by itself when these are back (DP-11), or by `close` of
    dispatch with `despite_loan`.
    """

    position: int
    case_id: str
    case_became: NotRequired[Literal["closed", "reopened"] | None]
    waits_for_loans: NotRequired[list[str]]
    corrective_action_id: NotRequired[str | None]


class CallCompleted(TypedDict):
    """What the customer said. `suggestions` are kept sealed."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    officer_id: str
    outcome: Literal["satisfied", "unsatisfied", "unsolved"]
    scores: NotRequired[ScoresGiven | None]
    solved: NotRequired[bool | None]
    suggestions: NotRequired[str | None]


class ActionView(TypedDict):
    corrective_action_id: str
    case_id: str
    callback_id: str
    reason: Literal["low_score", "unsatisfied"]
    engineer_id: str | None
    status: Literal["assigned", "done", "open", "verified"]
    opened_at: str
    owner_id: str | None
    due_at: str | None
    measures: str | None
    verified_by: str | None
    verdict: Literal["satisfied", "unsatisfied", "unsolved"] | None


class ActionAssigned(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    owner_id: str
    due_at: str


class ActionDone(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    measures: str


class ActionVerified(TypedDict):
    """What the customer said when called again."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    officer_id: str
    outcome: Literal["satisfied", "unsatisfied", "unsolved"]
    note: NotRequired[str | None]


class OfficerEntry(TypedDict):
    department: str
    name: NotRequired[str | None]
    active: NotRequired[bool]


class OfficerView(TypedDict):
    officer_id: str
    department: str
    name: str | None
    active: bool


class PageOfficerView(TypedDict):
    items: list[OfficerView]
    next: NotRequired[str | None]


class Average(TypedDict):
    """`average` is null while nobody answered."""

    average: float | None
    answers: int


class EngineerScores(TypedDict):
    engineer_id: str
    callbacks: int
    satisfied: int
    unsatisfied: int
    unsolved: int
    technical_skill: Average
    attitude: Average
    timeliness: Average


class Feedback(Service):
    """Every call of Aftercare feedback."""

    def list_callbacks(
        self,
        *,
        due: str | None = None,
        status: Literal["cancelled", "completed", "open"] | Literal["all"] | None = None,
        case_id: str | None = None,
        limit: int | None = None,
    ) -> Iterator[CallbackView]:
        """Those that wait to be made, the most urgent first."""
        return self._pages(
            "/v1/callbacks", {"due": due, "status": status, "case_id": case_id, "limit": limit}
        )

    def show_callback(self, callback_id: str) -> CallbackDetail:
        return self._read(f"/v1/callbacks/{segment(callback_id)}")

    def attempt_callback(
        self, callback_id: str, body: AttemptMade, *, idempotency_key: str | None = None
    ) -> Recorded:
        """A call that brought no answers; the retry plan says when the next one is due (FB-04)."""
        return self._send(
            "POST",
            f"/v1/callbacks/{segment(callback_id)}/attempt",
            body=body,
            key=idempotency_key or new_key(),
        )

    def complete_callback(
        self, callback_id: str, body: CallCompleted, *, idempotency_key: str | None = None
    ) -> Recorded:
        """Satisfied closes the case, unsolved reopens it, a complaint opens a corrective action.

        While a loan is out for it, the satisfied case closes when that is back
        (`waits_for_loans`).
        """
        return self._send(
            "POST",
            f"/v1/callbacks/{segment(callback_id)}/complete",
            body=body,
            key=idempotency_key or new_key(),
        )

    def list_actions(
        self,
        *,
        status: Literal["assigned", "done", "open", "verified"] | None = None,
        limit: int | None = None,
    ) -> Iterator[ActionView]:
        """The oldest first."""
        return self._pages("/v1/corrective-actions", {"status": status, "limit": limit})

    def assign_corrective_action(
        self, action_id: str, body: ActionAssigned, *, idempotency_key: str | None = None
    ) -> Recorded:
        """Name an owner and a due time, again where it did not help."""
        return self._send(
            "POST",
            f"/v1/corrective-actions/{segment(action_id)}/assign",
            body=body,
            key=idempotency_key or new_key(),
        )

    def done_corrective_action(
        self, action_id: str, body: ActionDone, *, idempotency_key: str | None = None
    ) -> Recorded:
        return self._send(
            "POST",
            f"/v1/corrective-actions/{segment(action_id)}/done",
            body=body,
            key=idempotency_key or new_key(),
        )

    def verify_corrective_action(
        self, action_id: str, body: ActionVerified, *, idempotency_key: str | None = None
    ) -> Recorded:
        """The customer was called again: satisfied ends it and closes the case that waited for
        it.
        """
        return self._send(
            "POST",
            f"/v1/corrective-actions/{segment(action_id)}/verify",
            body=body,
            key=idempotency_key or new_key(),
        )

    def register_officer(self, officer_id: str, body: OfficerEntry) -> OfficerView:
        """The whole entry as it stands from now on."""
        return self._send("PUT", f"/v1/officers/{segment(officer_id)}", body=body)

    def show_officer(self, officer_id: str) -> OfficerView:
        return self._read(f"/v1/officers/{segment(officer_id)}")

    def list_officers(self) -> PageOfficerView:
        """All of them: a company has dozens, not pages."""
        return self._read("/v1/officers")

    def show_scores(self, engineer_id: str) -> EngineerScores:
        """Over all completed callbacks of the cases that this engineer finished."""
        return self._read(f"/v1/engineers/{segment(engineer_id)}/scores")
