"""Rows into answers; what was sealed is opened here, for whoever the route let in."""

import msgspec

from ..domain.case import Case
from ..domain.corrective_action import CorrectiveAction
from ..queries import ListedCallback, sealed
from .views import ActionView, AttemptView, CallbackDetail, CallbackView, CaseStory, Contact
from .wiring import Feedback


async def show_callback(feedback: Feedback, listed: ListedCallback) -> CallbackView:
    callback = listed.callback
    return CallbackView.model_validate(
        {
            **msgspec.structs.asdict(callback),
            "scores": msgspec.to_builtins(callback.scores),
            "case": show_case(callback.case_id, listed.case),
            "barred_departments": sorted(listed.barred_departments),
            "contact": await _contact(feedback, listed.case),
            "survey_path": feedback.links.path(callback.callback_id),
        }
    )


async def show_detail(feedback: Feedback, listed: ListedCallback) -> CallbackDetail:
    view = await show_callback(feedback, listed)
    attempts = await feedback.queries.attempts(view.callback_id)
    history = [
        AttemptView(
            attempt=row.attempt,
            at=row.at,
            officer_id=row.officer_id,
            outcome=row.outcome,
            next_attempt_at=row.next_attempt_at,
            note=await feedback.confidant.words(sealed(row.note)),
        )
        for row in attempts
    ]
    suggestions = await feedback.queries.suggestions(view.callback_id)
    return CallbackDetail(
        **dict(view), history=history, suggestions=await feedback.confidant.words(suggestions)
    )


def show_case(case_id: str, case: Case) -> CaseStory:
    return CaseStory(
        case_id=case_id,
        status=case.status,
        kind=case.kind,
        severity=case.severity,
        policy=case.policy,
        customer_id=case.customer_id,
        summary=case.summary,
        resolution=case.resolution,
        resolved_at=case.resolved_at,
        engineers=[handler.engineer_id for handler in case.handlers],
        waits_for_loans=list(case.loans) if case.closing_held else [],
    )


def show_action(action: CorrectiveAction) -> ActionView:
    return ActionView.model_validate(action, from_attributes=True)


async def _contact(feedback: Feedback, case: Case) -> Contact | None:
    if case.contact is None:
        return None
    opened = await feedback.confidant.open(case.contact)
    return Contact(**{name: opened.get(name) for name in Contact.model_fields})
