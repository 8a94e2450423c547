"""The history over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import StreamingResponse

from aftercare_http import Id, Router, lift_time_limit, requires, unprocessable, until_closing

from .. import history
from ..monitor import monitor_of

router = Router(prefix="/v1", tags=["history"])
READ = Depends(requires("history:read"))
MAX_POSITION = 2**63 - 1


@router.get("/events", dependencies=[READ], response_class=StreamingResponse)
async def read_events(
    request: Request,
    start: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    until: Annotated[str | None, Query(max_length=40)] = None,
    case: Id | None = None,
    type: Annotated[str | None, Query(max_length=200)] = None,  # noqa: A002
    limit: Annotated[int | None, Query(ge=1, le=10_000_000)] = None,
    follow: bool = False,
) -> StreamingResponse:
    """Events as NDJSON, oldest first, each with its position as `sequence`.

    `from` and `until` take a position (both included) or an RFC 3339 time of recording; `type`
    takes a pattern such as `aftercare.case.*`; `follow` goes on with what comes.
    """
    query = history.Query(point("from", start), point("until", until), case, type, limit, follow)
    if follow and until is not None:
        raise unprocessable("until", "endless", "what follows has no end")
    log = monitor_of(request).log
    lines = history.lines(log, query, await history.bounds_of(log, query))
    lift_time_limit(request.scope)
    return StreamingResponse(until_closing(request, lines), media_type="application/x-ndjson")


def point(field: str, text: str | None) -> history.Point | None:
    """A position or an instant. Raises Problem 422."""
    if text is None:
        return None
    if text.isascii() and text.isdigit() and int(text) <= MAX_POSITION:
        return int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise unprocessable(
            field, "no-point", "a position or an RFC 3339 time with an offset is expected"
        )
    return instant
