"""The report form for customers."""

from fastapi import Depends, Request, Response

from aftercare_http import Pages, Router, public

from ..parts import intake_of
from .report_form import KINDS, TEXTS, Form

ACTOR = "customer"
router = Router(include_in_schema=False)
pages = Pages("intake")
Open = [Depends(public())]


@router.get("/report", dependencies=Open)
async def empty_form(request: Request) -> Response:
    return _form(request, Form.empty())


@router.post("/report", dependencies=Open)
async def send_form(request: Request) -> Response:
    """Opens a case, or shows again what was filled in with what is wrong."""
    async with request.form(max_files=0, max_fields=30) as sent:
        form = Form.read({name: value for name, value in sent.items() if isinstance(value, str)})
    if form.errors:
        return _form(request, form, status=422)
    intake = intake_of(request)
    said = intake.said(ACTOR)
    who = await intake.discretion.recognise(form.person)
    opened = await intake.door.accept(form.request(who, said.time), form.identity, said)
    return pages.render(
        request,
        "report_received.html",
        status=201,
        title="received.title",
        case_id=opened.reported.case_id,
        reported_at=said.time,
    )


def _form(request: Request, form: Form, status: int = 200) -> Response:
    return pages.render(
        request,
        "report.html",
        status=status,
        title="report.title",
        form=form,
        kinds=KINDS,
        limits=TEXTS,
    )
