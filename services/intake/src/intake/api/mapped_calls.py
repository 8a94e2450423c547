"""Calls as any telephone system tells them, read by a mapping of its fields (IN-03)."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated, Any, Literal, cast

import msgspec
from fastapi import Depends, Request, Response
from pydantic import BaseModel

from aftercare_events.decider import Refused
from aftercare_http import (
    Id,
    Identity,
    Principal,
    Problem,
    Router,
    canonical,
    not_found,
    requires,
    set_position,
    unprocessable,
)
from aftercare_http.lean import decode

from ..mail.text import decoded
from ..parts import Intake, intake_of
from ..phone.mapping import CallMapping, call_in
from .bodies import CallBody
from .requests import keep_call

MAX_CALLS = 10_000
BODY_LIMITS = {"/v1/calls/mapped": 8 << 20}
router = Router(prefix="/v1/calls/mapped", tags=["calls"])
Writer = Annotated[Principal, Depends(requires("intake:write"))]
Json = dict[str, Any]
_CALL = msgspec.json.Decoder(CallBody)
BODY: Json = {
    "required": True,
    "content": {
        "application/json": {"schema": {"anyOf": [{"type": "object"}, {"type": "array"}]}},
        "text/csv": {"schema": {"type": "string"}},
    },
}


class MappedCall(BaseModel):
    """What became of one record; `line` is that in the CSV, or its place in the array, from 1."""

    line: int
    outcome: Literal["recorded", "duplicate", "refused"]
    call_id: str | None = None
    position: int | None = None
    field: str | None = None
    detail: str | None = None


class MappedCalls(BaseModel):
    calls: list[MappedCall]


@router.post("/{mapping}", openapi_extra={"requestBody": BODY})
async def record_mapped(
    mapping: Id, who: Writer, request: Request, response: Response
) -> MappedCalls:
    """One JSON object that is refused is a problem, as at `POST /v1/calls`. An array, or CSV, is
    answered record by record; one that is refused keeps no other from its place."""
    intake = intake_of(request)
    known = intake.call_mappings.get(mapping)
    if known is None:
        raise not_found("mapping", mapping)
    told = await _told(request, known)
    if isinstance(told, dict):
        calls = [await _keep(intake, who, 1, told, known)]
    else:
        calls = [await _kept_or_refused(intake, who, line, one, known) for line, one in told]
    set_position(response, max((call.position or 0 for call in calls), default=0))
    return MappedCalls(calls=calls)


async def _told(request: Request, mapping: CallMapping) -> Json | list[tuple[int, Any]]:
    """One record, or several by their lines. Raises Problem 400, 415, 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/csv":
        return _bounded(_rows(decoded(await request.body(), "utf-8-sig"), mapping))
    if kind != "application/json":
        title = "Unsupported media type"
        raise Problem(415, "unsupported-media-type", title, "send application/json or text/csv")
    body = await request.json()
    if isinstance(body, list):
        return _bounded(enumerate(cast("list[Any]", body), start=1))
    if not isinstance(body, dict):
        raise unprocessable("body", "invalid", "an object, or an array of them")
    return cast("Json", body)


def _rows(text: str, mapping: CallMapping) -> list[tuple[int, Any]]:
    reader = csv.DictReader(
        io.StringIO(text, newline=""),
        fieldnames=mapping.columns or None,
        delimiter=mapping.delimiter,
        strict=True,
    )
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise unprocessable("body", "not-csv", str(error)) from error


def _bounded(records: Iterable[tuple[int, Any]]) -> list[tuple[int, Any]]:
    some = list(records)
    if len(some) > MAX_CALLS:
        raise unprocessable("body", "too-many-calls", f"at most {MAX_CALLS} calls")
    return some


async def _kept_or_refused(
    intake: Intake, who: Principal, line: int, record: Any, mapping: CallMapping
) -> MappedCall:
    try:
        return await _keep(intake, who, line, record, mapping)
    except Refused as error:
        return MappedCall(line=line, outcome="refused", field=error.field, detail=error.detail)
    except Problem as error:
        if error.status_code >= 500:
            raise
        return MappedCall(line=line, outcome="refused", field=error.field, detail=error.detail)


async def _keep(
    intake: Intake, who: Principal, line: int, record: Any, mapping: CallMapping
) -> MappedCall:
    """Raises Refused, Problem 422, LogUnavailable."""
    if not isinstance(record, dict):
        raise unprocessable("body", "invalid", "a record is an object")
    raw = msgspec.json.encode(call_in(cast("Json", record), mapping))
    body = decode(_CALL, raw)
    identity = Identity.of("call", body.call_id, body=canonical(raw))
    kept = await keep_call(intake, who, body, identity)
    return MappedCall(
        line=line,
        outcome="duplicate" if kept.duplicate else "recorded",
        call_id=body.call_id,
        position=kept.position,
    )
