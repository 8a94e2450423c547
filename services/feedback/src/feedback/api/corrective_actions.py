"""Corrective actions: who puts it right, what was done, what the customer says to it."""

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Router,
)

from ..corrective_actions import Verdict
from .bodies import ActionAssigned, ActionDone, ActionStatus, ActionVerified
from .place import cursor_at, place_of
from .recording import Calling, Officer
from .showing import show_action
from .views import ActionView, Recorded
from .wiring import TheFeedback

router = Router(prefix="/v1/corrective-actions", tags=["corrective actions"])


@router.get("", dependencies=[MinPosition])
async def list_actions(
    feedback: TheFeedback,
    _: Officer,
    status: ActionStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ActionView]:
    """The oldest first."""
    found = await feedback.queries.actions(status, place_of(cursor), limit + 1)
    items = [show_action(action) for action in found[:limit]]
    if len(found) <= limit:
        return Page(items=items)
    last = items[-1]
    return Page(items=items, next=cursor_at(last.opened_at, last.corrective_action_id))


@router.post("/{action_id}/assign")
async def assign(action_id: Id, body: ActionAssigned, call: Calling) -> Recorded:
    """Name an owner and a due time, again where it did not help."""
    saying = call.by(body)
    outcome = await call.feedback.actions.assign(action_id, body.owner_id, body.due_at, saying)
    return call.answer(outcome)


@router.post("/{action_id}/done")
async def done(action_id: Id, body: ActionDone, call: Calling) -> Recorded:
    saying = call.by(body)
    return call.answer(await call.feedback.actions.finish(action_id, body.measures, saying))


@router.post("/{action_id}/verify")
async def verify(action_id: Id, body: ActionVerified, call: Calling) -> Recorded:
    """The customer was called again: satisfied ends it and closes the case that waited for it."""
    verdict = Verdict(officer_id=body.officer_id, outcome=body.outcome, note=body.note)
    saying = call.by(body)
    return call.answer(await call.feedback.actions.verify(action_id, verdict, saying))
