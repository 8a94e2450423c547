"""Faxes and mails by HTTP: what fax servers and mail gateways hand in as it came."""

from typing import Annotated

from fastapi import Depends, File, Form, Request, Response, UploadFile
from pydantic import AwareDatetime, BaseModel

from aftercare_events.catalogue.intake import Disposition
from aftercare_http import (
    Line,
    Principal,
    Router,
    requires,
    set_position,
    unprocessable,
    when_it_happened,
)
from aftercare_http.admission import too_large

from ..arrivals import Arrived
from ..fax.decode import MAX_BYTES as MAX_FAX_BYTES
from ..fax.decode import Unreadable, media_type
from ..mail.limits import KEPT_BYTES, MAX_HEADER_BYTES
from ..parts import intake_of

router = Router(prefix="/v1", tags=["requests"])
Writer = Annotated[Principal, Depends(requires("intake:write"))]
# Multipart adds its own lines around the file. A mail is measured by its route, which notes what it
# turns away.
BODY_LIMITS = {"/v1/faxes": MAX_FAX_BYTES + (64 << 10), "/v1/emails": 1 << 40}


class Received(BaseModel):
    """It stands in the log.

    `opened` a case, `joined` one, or is `automatic` or `quarantined` for `reason`, to be read.
    """

    position: int
    disposition: Disposition
    duplicate: bool
    case_id: str | None = None
    reason: str | None = None


@router.post("/faxes", status_code=202)
async def receive_fax(
    who: Writer,
    request: Request,
    response: Response,
    file: Annotated[UploadFile, File(description="TIFF or PDF, all pages.")],
    job_id: Annotated[Line, Form(description="The fax server's own id: the same job is one case.")],
    sender: Annotated[Line | None, Form(description="The sender's number.")] = None,
    received_at: Annotated[AwareDatetime | None, Form()] = None,
) -> Received:
    """A fax becomes a case; its pages are kept whole and can be opened from it."""
    intake = intake_of(request)
    at = when_it_happened(received_at, now=intake.clock.now(), who=who, field="received_at")
    content = await file.read()
    try:
        media_type(content)
    except Unreadable as error:
        raise unprocessable("file", "not-a-fax", str(error)) from error
    arrived = await intake.faxroom.receive(content, sender, job_id, intake.said(who.name, at))
    return _answer(arrived, response)


@router.post(
    "/emails",
    status_code=202,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def receive_mail(who: Writer, request: Request, response: Response) -> Received:
    """One raw RFC 5322 message, as it came: the same as by LMTP.

    One that is too large to be read is kept whole in quarantine, up to 50 MB; beyond that it is
    refused with 413, and its beginning kept there.
    """
    intake = intake_of(request)
    raw = await _mail_in(request)
    if not raw.strip():
        raise unprocessable("body", "empty", "send one raw RFC 5322 message")
    said = intake.said(who.name)
    if len(raw) > KEPT_BYTES:
        await intake.mailroom.turn_away(raw[:MAX_HEADER_BYTES], said)
        raise too_large(KEPT_BYTES)
    return _answer(await intake.mailroom.receive(raw, said), response)


async def _mail_in(request: Request) -> bytes:
    """The body, or enough of it to see that it is too large."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > KEPT_BYTES:
            break
    return bytes(raw)


def _answer(arrived: Arrived, response: Response) -> Received:
    set_position(response, arrived.position)
    return Received(
        position=arrived.position,
        disposition=arrived.disposition,
        duplicate=arrived.duplicate,
        case_id=arrived.case_id,
        reason=arrived.reason,
    )
