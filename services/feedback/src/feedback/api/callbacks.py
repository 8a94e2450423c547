"""Callbacks: whom to call, a call that brought nothing, a call that brought answers."""

from typing import Annotated, Literal

import msgspec
from fastapi import Query

from aftercare_events.catalogue.feedback import Scores
from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Router,
    not_found,
    unprocessable,
)

from ..callbacks import Answers, NoAnswer
from ..domain.independence import SELF_SERVICE
from ..queries import CallbackFilter
from .bodies import AttemptMade, CallbackStatus, CallCompleted
from .due import due_by
from .place import cursor_at, place_of
from .recording import Calling, Officer
from .showing import show_callback, show_detail
from .views import CallbackDetail, CallbackView, Recorded
from .wiring import TheFeedback

router = Router(prefix="/v1/callbacks", tags=["callbacks"])
Due = Annotated[str | None, Query(max_length=40, description=due_by.__doc__)]


@router.get("", dependencies=[MinPosition])
async def list_callbacks(
    feedback: TheFeedback,
    _: Officer,
    due: Due = None,
    status: CallbackStatus | Literal["all"] = "open",
    case_id: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CallbackView]:
    """Those that wait to be made, the most urgent first."""
    wanted = CallbackFilter(
        status=None if status == "all" else status,
        due_by=due_by(due, feedback.clock.now()),
        case_id=case_id,
        after=place_of(cursor),
    )
    listed = await feedback.queries.callbacks(wanted, limit + 1)
    items = [await show_callback(feedback, each) for each in listed[:limit]]
    if len(listed) <= limit:
        return Page(items=items)
    return Page(items=items, next=cursor_at(items[-1].due_at, items[-1].callback_id))


@router.get("/{callback_id}", dependencies=[MinPosition])
async def show(callback_id: Id, feedback: TheFeedback, _: Officer) -> CallbackDetail:
    listed = await feedback.queries.callback(callback_id)
    if listed is None:
        raise not_found("callback", callback_id)
    return await show_detail(feedback, listed)


@router.post("/{callback_id}/attempt")
async def attempt(callback_id: Id, body: AttemptMade, call: Calling) -> Recorded:
    """A call that brought no answers; the retry plan says when the next one is due (FB-04)."""
    said = NoAnswer(outcome=body.outcome, call_again_at=body.call_again_at, note=body.note)
    outcome = await call.feedback.callbacks.attempt(
        callback_id, _person(body.officer_id), said, call.by(body)
    )
    return call.answer(outcome)


@router.post("/{callback_id}/complete")
async def complete(callback_id: Id, body: CallCompleted, call: Calling) -> Recorded:
    """Satisfied closes the case, unsolved reopens it, a complaint opens a corrective action.

    While a loan is out for it, the satisfied case closes when that is back (`waits_for_loans`).
    """
    said = Answers(
        outcome=body.outcome,
        scores=msgspec.convert(body.scores, Scores, from_attributes=True) if body.scores else None,
        solved=body.solved,
        suggestions=body.suggestions,
    )
    outcome = await call.feedback.callbacks.complete(
        callback_id, _person(body.officer_id), said, call.by(body)
    )
    return call.answer(outcome)


def _person(officer_id: str) -> str:
    """Raises Problem 422 for the name under which customers answer by themselves."""
    if officer_id == SELF_SERVICE:
        raise unprocessable("officer_id", "reserved", "stands for the survey page")
    return officer_id
