"""What every page of the desk shares: who may see it, and the queues that wait."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from aftercare_http import Principal, requires

from ..parts import intake_of
from ..queues import COUNTED, QUEUES, waiting
from .pages import pages

SCOPE = "intake:write"
Clerk = Annotated[Principal, Depends(requires(SCOPE, page=True))]


async def on_desk(request: Request, template: str, *, title: str, **context: Any) -> Response:
    """A page of the desk; its template extends `desk.html`."""
    return pages.render(
        request,
        template,
        title=title,
        queues=QUEUES,
        waiting=await waiting(intake_of(request).engine),
        many=COUNTED,
        here=request.url.path,
        **context,
    )
