"""Mails as they looked, without what could act, load or track."""

from typing import Annotated

from fastapi import Depends, Path, Request, Response

from aftercare_http import Id, MinPosition, Principal, Problem, Router, not_found, requires

from ..mail.limits import LimitBroken
from ..mail.parse import MAIL
from ..mail.safe_html import POLICY, page_of
from ..parts import intake_of
from ..workshop import WorkFailed
from .case_views import attached

router = Router(prefix="/v1/cases", tags=["cases"])
Reader = Annotated[Principal, Depends(requires("intake:write"))]


@router.get(
    "/{case_id}/attachments/{number}/page",
    dependencies=[MinPosition],
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
async def mail_page(
    case_id: Id, number: Annotated[int, Path(ge=1, le=100_000)], _: Reader, request: Request
) -> Response:
    """The HTML of a mail of the case's `mails`, made safe; its text where it has none."""
    intake = intake_of(request)
    found = await attached(intake, case_id, number)
    if found.media_type != MAIL:
        raise not_found("mail", f"{case_id}/{number}")
    try:
        page = await intake.workshop.run(page_of, found.content)
    except (LimitBroken, WorkFailed) as error:
        raise Problem(409, "not-shown", "Cannot be shown", str(error)) from error
    return Response(
        page,
        media_type="text/html",
        headers={"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"},
    )
