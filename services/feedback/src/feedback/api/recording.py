"""Between a request and a use case: who says so and when, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Response

from aftercare_events.catalogue.case import CaseClosed, CaseReopened
from aftercare_events.catalogue.feedback import CorrectiveActionOpened
from aftercare_http import Principal, correlation_id, requires, set_position, when_it_happened

from ..desk import By, Outcome
from .views import Recorded
from .wiring import Feedback

Officer = Annotated[Principal, Depends(requires("feedback:write"))]


def by(feedback: Feedback, who: Principal, occurred_at: datetime | None) -> By:
    """Raises Problem 422 for an `occurred_at` outside the rules."""
    at = when_it_happened(occurred_at, now=feedback.clock.now(), who=who)
    return By(actor=who.name, at=at, correlation_id=correlation_id())


def answer(response: Response, outcome: Outcome) -> Recorded:
    set_position(response, outcome.position)
    facts: Sequence[Any] = outcome.facts
    opened = next((fact for fact in facts if isinstance(fact, CorrectiveActionOpened)), None)
    return Recorded(
        position=outcome.position,
        case_id=facts[0].case_id,
        case_became=_became(facts),
        corrective_action_id=opened.corrective_action_id if opened else None,
    )


def _became(facts: Sequence[Any]) -> Literal["closed", "reopened"] | None:
    if any(isinstance(fact, CaseClosed) for fact in facts):
        return "closed"
    return "reopened" if any(isinstance(fact, CaseReopened) for fact in facts) else None
