"""The archive from a spreadsheet: CSV in, a report per line out."""

import csv
import io
from typing import Annotated, Any, Literal

from fastapi import Depends, Request, Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from aftercare_events.decider import Refused
from aftercare_http import (
    Id,
    Principal,
    Problem,
    Router,
    first_fault,
    requires,
    set_position,
    unprocessable,
)

from ..mail.text import decoded
from ..parts import Intake, intake_of
from .archive import COLLECTIONS, Collection, entry_of, make_visible
from .export import unmarked

Writer = Annotated[Principal, Depends(requires("intake:write"))]
MAX_LINES = 50_000
# Where the reader puts cells beyond those that the first line names.
SURPLUS = "\n"
MAX_BYTES = 32 << 20
BODY_LIMITS = {f"/v1/{collection.name}": MAX_BYTES for collection in COLLECTIONS}
router = Router(prefix="/v1", tags=["archive"])
_id = TypeAdapter[str](Id)


class Line(BaseModel):
    """What became of one line; `line` counts from 1, the header included."""

    line: int
    id: str | None
    outcome: Literal["created", "changed", "unchanged", "refused"]
    field: str | None = None
    detail: str | None = None


class Report(BaseModel):
    created: int
    changed: int
    unchanged: int
    refused: int
    lines: list[Line]


def add_route(collection: Collection) -> None:
    """`PUT` of a whole collection as CSV."""

    async def load(who: Writer, request: Request, response: Response) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/csv":
            raise Problem(415, "unsupported-media-type", "Unsupported media type", "send text/csv")
        intake = intake_of(request)
        rows = _rows(await request.body(), collection)
        done = [
            await _put(intake, collection, number, row, who.name)
            for number, row in enumerate(rows, start=2)
        ]
        newest = max((position for _, position in done), default=0)
        await make_visible(intake, newest)
        set_position(response, newest)
        return _report([line for line, _ in done])

    body = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
    router.put(
        f"/{collection.name}",
        name=f"load_{collection.name}",
        openapi_extra={"requestBody": body},
    )(load)


def _rows(body: bytes, collection: Collection) -> list[dict[str, str]]:
    """Raises Problem 422 for what is not a CSV of this collection."""
    text = decoded(body, "utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=SURPLUS, strict=True)
    try:
        names = reader.fieldnames or []
        rows = list(reader)
    except csv.Error as error:
        raise unprocessable("body", "not-csv", str(error)) from error
    known = {collection.key, *collection.body.model_fields}
    if collection.key not in names or not known.issuperset(names):
        detail = f"the first line names {collection.key} and any of {', '.join(sorted(known))}"
        raise unprocessable("body", "header", detail)
    if len(rows) > MAX_LINES:
        raise unprocessable("body", "too-many-lines", f"at most {MAX_LINES} lines")
    return rows


async def _put(
    intake: Intake, collection: Collection, number: int, row: dict[str, Any], actor: str
) -> tuple[Line, int]:
    cells = {
        name: unmarked(cell) if isinstance(cell, str) else cell
        for name, cell in row.items()
        if cell not in (None, "")
    }
    entry_id = str(cells.pop(collection.key, ""))

    def refused(field: str | None, detail: str) -> tuple[Line, int]:
        line = Line(
            line=number, id=entry_id[:64] or None, outcome="refused", field=field, detail=detail
        )
        return line, 0

    if SURPLUS in row:
        return refused(None, "more cells than the first line names")
    try:
        body = collection.body.model_validate_strings(cells, strict=False)
        entry = await entry_of(intake, collection, _id.validate_python(entry_id), body)
        recorded = await intake.register.record(entry, intake.said(actor))
    except ValidationError as error:
        field, detail = first_fault(error)
        return refused(field or collection.key, detail)
    except Refused as error:
        return refused(error.field, error.detail)
    return Line(line=number, id=entry_id, outcome=recorded.change), recorded.position


def _report(lines: list[Line]) -> Report:
    counts = dict.fromkeys(("created", "changed", "unchanged", "refused"), 0)
    for line in lines:
        counts[line.outcome] += 1
    return Report(**counts, lines=lines)


for each in COLLECTIONS:
    add_route(each)
