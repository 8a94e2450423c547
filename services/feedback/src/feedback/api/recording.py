"""Between a request and a use case: who says so and when, and what came of it."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, Response

from aftercare_events.by import By
from aftercare_events.catalogue.case import CaseClosed, CaseClosingHeld, CaseReopened
from aftercare_events.catalogue.feedback import CorrectiveActionOpened
from aftercare_http import (
    KeyOfCommand,
    Principal,
    correlation_id,
    requires,
    set_position,
    when_it_happened,
)

from ..outcome import Outcome
from .bodies import Happening
from .views import Recorded
from .wiring import TheFeedback

Officer = Annotated[Principal, Depends(requires("feedback:write"))]


class Call:
    """One writing request: its caller, its key, its answer."""

    def __init__(
        self, response: Response, feedback: TheFeedback, who: Officer, key: KeyOfCommand
    ) -> None:
        self.feedback = feedback
        self._response = response
        self._who = who
        self._key = key

    def by(self, body: Happening) -> By:
        """Raises Problem 422 for an `occurred_at` outside the rules."""
        now = self.feedback.clock.now()
        return By(
            actor=body.actor or self._who.name,
            at=when_it_happened(body.occurred_at, now=now, who=self._who),
            correlation_id=correlation_id(),
            key=self._key,
        )

    def answer(self, outcome: Outcome) -> Recorded:
        set_position(self._response, outcome.position)
        facts: Sequence[Any] = outcome.facts
        opened = next((fact for fact in facts if isinstance(fact, CorrectiveActionOpened)), None)
        held = next((fact for fact in facts if isinstance(fact, CaseClosingHeld)), None)
        return Recorded(
            position=outcome.position,
            case_id=facts[0].case_id,
            case_became=_became(facts),
            waits_for_loans=list(held.loans) if held else [],
            corrective_action_id=opened.corrective_action_id if opened else None,
        )


Calling = Annotated[Call, Depends(Call)]


def _became(facts: Sequence[Any]) -> Literal["closed", "reopened"] | None:
    if any(isinstance(fact, CaseClosed) for fact in facts):
        return "closed"
    return "reopened" if any(isinstance(fact, CaseReopened) for fact in facts) else None
