"""What the routes reach for; `main.py` builds it."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from aftercare_events.clock import Clock

from ..callbacks import Callbacks
from ..confidant import Confidant
from ..corrective_actions import CorrectiveActions
from ..officers import Officers
from ..queries import Queries
from ..survey_link import SurveyLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    clock: Clock
    callbacks: Callbacks
    actions: CorrectiveActions
    officers: Officers
    queries: Queries
    confidant: Confidant
    links: SurveyLinks


def the_feedback(request: Request) -> Feedback:
    return cast("Feedback", request.app.state.feedback)


TheFeedback = Annotated[Feedback, Depends(the_feedback)]
