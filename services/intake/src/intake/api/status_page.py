"""`/status/…`: did you get it, when are you coming, and here is more about it (IN-01, IN-14).

Whoever has the link may see and add. A wrong link and an unknown case look the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Depends, Request, Response
from starlette.responses import RedirectResponse

from aftercare_http import Identity, MinPosition, Router, digest, public

from ..mail.text import clean
from ..parts import Intake, intake_of
from ..web.form_token import FormToken
from ..web.uploads import BODY_LIMIT, FIELD, FILES, READ_FILES, Uploads, read_uploads
from .pages import ACTOR, pages
from .status_bodies import owner_of, status_of

BODY_LIMITS = {"/status": BODY_LIMIT}
LIMITS = {"text": 5_000}
UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}
router = Router(include_in_schema=False, dependencies=[Depends(public())])


@dataclass(frozen=True, slots=True)
class Addition:
    """What a customer wants to add; `errors` maps a field to the key of what is wrong with it."""

    token: FormToken
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    uploads: Uploads = field(default_factory=Uploads)
    errors: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def identity(self) -> Identity:
        content = digest([self.values["text"].encode("utf-8", "replace"), self._files])
        return Identity.of("status-form", self.token.nonce, content, body=b"")

    @property
    def _files(self) -> bytes:
        return self.uploads.digest.encode()


@router.get("/status/{case_id}/{secret}", dependencies=[MinPosition])
async def show(case_id: str, secret: str, request: Request) -> Response:
    intake = intake_of(request)
    intake.looking.pass_or_refuse(request)
    case = await _opened(intake, case_id, secret)
    if case is None:
        return _unknown(request)
    if case["merged_into"] is not None:
        return RedirectResponse(intake.links.path(case["merged_into"]), 303, UNLISTED)
    return await _page(request, intake, case, Addition(intake.form_tokens.new()))


@router.post("/status/{case_id}/{secret}")
async def add(case_id: str, secret: str, request: Request) -> Response:
    """A message, files, or both; a repeated form is added once."""
    intake = intake_of(request)
    intake.sending.pass_or_refuse(request)
    case = await _opened(intake, case_id, secret)
    if case is None:
        return _unknown(request)
    addition = await _read(request, intake)
    if addition.errors:
        return await _page(request, intake, case, addition, status=422)
    kept = await intake.counter.add(
        case_id,
        owner_of(intake, case),
        addition.values["text"],
        addition.uploads.files,
        addition.identity,
        intake.said(ACTOR),
    )
    path = intake.links.path(kept.case_id)
    return RedirectResponse(f"{path}?min_position={kept.position}", 303, UNLISTED)


async def _opened(intake: Intake, case_id: str, secret: str) -> dict[str, Any] | None:
    """The case that the link opens, as new as the log."""
    if not (case_id.isascii() and intake.links.opens(case_id, secret)):
        return None
    return await intake.cases.seen(case_id)


async def _read(request: Request, intake: Intake) -> Addition:
    async with request.form(max_files=READ_FILES, max_fields=10) as sent:
        texts = {name: value for name, value in sent.items() if isinstance(value, str)}
        uploads = await read_uploads(sent)
    text = clean(texts.get("text", "")).strip()
    token = intake.form_tokens.read(texts.get("token", ""))
    errors: dict[str, str] = {}
    if uploads.error:
        errors[FIELD] = uploads.error
    if len(text) > LIMITS["text"]:
        errors["text"] = "report.error.too_long"
    elif not text and not uploads.names:
        errors["text"] = "status.error.empty"
    if token.refused and not errors:
        errors["token"] = token.refused
    return Addition(token, {"text": text}, uploads, errors)


async def _page(
    request: Request, intake: Intake, case: dict[str, Any], addition: Addition, status: int = 200
) -> Response:
    page = pages.render(
        request,
        "status.html",
        status=status,
        title="status.title",
        case=await status_of(intake, case),
        path=intake.links.path(case["case_id"]),
        form=addition,
        limits=LIMITS,
        files=FILES,
    )
    page.headers.update(UNLISTED)
    return page


def _unknown(request: Request) -> Response:
    page = pages.render(request, "status_unknown.html", status=404, title="status.unknown")
    page.headers.update(UNLISTED)
    return page
