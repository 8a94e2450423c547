"""The officer's pages: whom to call, what happened there, what to ask."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from aftercare_http import (
    Cursor,
    Id,
    MinPosition,
    Principal,
    Router,
    not_found,
    requires,
)

from ..api.place import cursor_at, place_of
from ..api.showing import show_callback, show_detail
from ..api.wiring import TheFeedback
from ..queries import CallbackFilter
from .look import QUESTIONS, pages

ON_ONE_PAGE = 50

router = Router(include_in_schema=False)
OfficerOnPage = Annotated[Principal, Depends(requires("feedback:write", page=True))]


@router.get("/", dependencies=[MinPosition])
async def call_list(
    request: Request, feedback: TheFeedback, _: OfficerOnPage, cursor: Cursor = None
) -> Response:
    wanted = CallbackFilter(after=place_of(cursor))
    listed = await feedback.queries.callbacks(wanted, ON_ONE_PAGE + 1)
    callbacks = [await show_callback(feedback, each) for each in listed[:ON_ONE_PAGE]]
    more = len(listed) > ON_ONE_PAGE
    last = callbacks[-1] if more else None
    return pages.render(
        request,
        "call_list.html",
        title="calls.title",
        callbacks=callbacks,
        next=cursor_at(last.due_at, last.callback_id) if last else None,
    )


@router.get("/callbacks/{callback_id}", dependencies=[MinPosition])
async def one_call(
    callback_id: Id, request: Request, feedback: TheFeedback, _: OfficerOnPage
) -> Response:
    listed = await feedback.queries.callback(callback_id)
    if listed is None:
        raise not_found("callback", callback_id)
    callback = await show_detail(feedback, listed)
    barred = {*callback.case.engineers}
    officers = [
        officer
        for officer in await feedback.queries.officers()
        if officer.active
        and officer.officer_id not in barred
        and officer.department not in callback.barred_departments
    ]
    return pages.render(
        request,
        "call.html",
        title="calls.title",
        callback=callback,
        officers=officers,
        questions=QUESTIONS,
    )
