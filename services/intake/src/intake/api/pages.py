"""The report forms for customers: for everything, for complaints, and for supervision (IN-12)."""

from fastapi import Depends, Request, Response

from aftercare_http import Pages, Router, not_found, public

from ..parts import Intake, intake_of
from ..web.entrance import ENTRANCES, GENERAL, Entrance
from ..web.uploads import BODY_LIMIT, FILES, READ_FILES, read_uploads
from .report_form import TEXTS, Form

ACTOR = "customer"
BODY_LIMITS = {"/report": BODY_LIMIT}
router = Router(include_in_schema=False)
pages = Pages("intake")
Open = [Depends(public())]


@router.get("/report", dependencies=Open)
async def empty_form(request: Request) -> Response:
    return _empty(request, GENERAL)


@router.get("/report/{name}", dependencies=Open)
async def empty_form_of(name: str, request: Request) -> Response:
    return _empty(request, _named(name))


@router.post("/report", dependencies=Open)
async def send_form(request: Request) -> Response:
    return await _sent(request, GENERAL)


@router.post("/report/{name}", dependencies=Open)
async def send_form_of(name: str, request: Request) -> Response:
    return await _sent(request, _named(name))


def _named(name: str) -> Entrance:
    """Raises Problem 404."""
    entrance = ENTRANCES.get(name)
    if entrance is None:
        raise not_found("form", name)
    return entrance


def _empty(request: Request, entrance: Entrance) -> Response:
    return _form(request, Form.empty(entrance, intake_of(request).form_tokens.new()))


async def _sent(request: Request, entrance: Entrance) -> Response:
    """Opens a case, or shows again what was filled in with what is wrong."""
    intake = intake_of(request)
    intake.sending.pass_or_refuse(request)
    form = await _read(request, entrance, intake)
    if form.errors:
        return _form(request, form, status=422)
    said = intake.said(ACTOR)
    who = await intake.discretion.recognise(form.person)
    opened = await intake.counter.report(
        form.request(who, said.time), form.uploads.files, form.identity, said
    )
    case_id = opened.reported.case_id
    return pages.render(
        request,
        "report_received.html",
        status=201,
        title="received.title",
        case_id=case_id,
        reported_at=said.time,
        status_url=intake.links.path(case_id),
        entrance=entrance,
    )


async def _read(request: Request, entrance: Entrance, intake: Intake) -> Form:
    async with request.form(max_files=READ_FILES, max_fields=30) as sent:
        texts = {name: value for name, value in sent.items() if isinstance(value, str)}
        uploads = await read_uploads(sent)
    token = intake.form_tokens.read(texts.get("token", ""))
    return Form.read(entrance, token, texts, uploads)


def _form(request: Request, form: Form, status: int = 200) -> Response:
    return pages.render(
        request,
        "report.html",
        status=status,
        title=form.entrance.words("title"),
        form=form,
        entrance=form.entrance,
        limits=TEXTS,
        files=FILES,
    )
