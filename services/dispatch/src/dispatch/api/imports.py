"""Staff from a spreadsheet, duty and leave from a calendar: a report per line or component."""

import asyncio
import csv
import io
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import Path, Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from aftercare_events.decider import Refused
from aftercare_http import Id, MinPosition, Problem, Router, first_fault, unprocessable

from ..domain import engineer, shifts
from ..duty_calendar import Entry, NotACalendar, Occurrence, read_calendar
from .call import Call, Calling, Entered, Happening
from .engineers import EngineerBody, RosterBody, register, roster
from .shifts import AbsenceBody, absence

router = Router(prefix="/v1", tags=["engineers"], dependencies=[MinPosition])

MOST_LINES = 5000
SURPLUS = "\n"
_id = TypeAdapter[str](Id)
_SPAN = re.compile(r"\s*([1-7])(?:-([1-7]))?\s+(\d\d:\d\d)-(\d\d:\d\d)\s*")
Put = Callable[[Call, str, dict[str, str]], Awaitable[Entered]]


class Line(BaseModel):
    """What became of one line (the header is 1) or component; `field` names what is wrong."""

    line: int
    id: str | None
    outcome: Literal["recorded", "unchanged", "refused"]
    field: str | None = None
    detail: str | None = None


class Report(BaseModel):
    recorded: int
    unchanged: int
    refused: int
    lines: list[Line]


async def _engineer(call: Call, engineer_id: str, cells: dict[str, str]) -> Entered:
    cells = dict(cells)
    values: dict[str, Any] = {
        "skills": _listed(cells.pop("skills", "")),
        "certificates": [_certificate(one) for one in _listed(cells.pop("certificates", ""))],
        "home": _part(cells, ("latitude", "longitude")),
        "residence": _part(cells, ("customer_id", "site_id")),
    }
    body = EngineerBody.model_validate(cells | values, strict=False)
    return await register(call, engineer_id, body)


async def _roster(call: Call, engineer_id: str, cells: dict[str, str]) -> Entered:
    cells = dict(cells)
    spans = [_span(one) for one in _listed(cells.pop("spans", ""))]
    body = RosterBody.model_validate(cells | {"spans": spans}, strict=False)
    return await roster(call, engineer_id, body)


async def _absence(call: Call, engineer_id: str, cells: dict[str, str]) -> Entered:
    cells = dict(cells)
    absence_id = _id.validate_python(cells.pop("absence_id", ""))
    body = AbsenceBody.model_validate(cells, strict=False)
    return await absence(call, engineer_id, absence_id, body)


ENGINEER_CELLS = (
    *("name", "phone", "email", "department", "level", "skills", "certificates"),
    *("latitude", "longitude", "customer_id", "site_id", "active", "reserve"),
)
KINDS: Mapping[str, tuple[Put, Sequence[str]]] = {
    "engineers": (_engineer, ENGINEER_CELLS),
    "rosters": (_roster, ("zone", "around_the_clock", "official", "spans")),
    "absences": (_absence, ("absence_id", "start", "end", "kind", "deputy")),
}
CSV = {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
ICALENDAR = {"required": True, "content": {"text/calendar": {"schema": {"type": "string"}}}}


@router.post("/imports/{kind}", openapi_extra={"requestBody": CSV})
async def load_staff(
    kind: Literal["engineers", "rosters", "absences"], call: Calling, request: Request
) -> Report:
    """A CSV whose first line names the fields; a refused line keeps no other from its place.

    Lists are separated by semicolons; `certificates` are `name|2027-12-31|skill`, the skill may be
    left out; `spans` are `1-5 09:00-18:00` (1 is Monday).
    """
    _is_sent(request, "text/csv")
    put, cells = KINDS[kind]
    rows = _rows(await request.body(), ("engineer_id", *cells))
    return _report([await _line(call, put, line, row) for line, row in enumerate(rows, start=2)])


@router.put("/rosters/{engineer_id}/calendar", openapi_extra={"requestBody": ICALENDAR})
async def load_calendar(
    engineer_id: Annotated[Id, Path(examples=["E-TAN-WEI"])], call: Calling, request: Request
) -> Report:
    """An iCalendar file with shifts and leave (categories LEAVE, VACATION, 休假), whole.

    From a month ago to thirteen months ahead. What an earlier file had and this one has not is
    cancelled from now on, unless it was handed over; `line` counts the events of the file.
    """
    _is_sent(request, "text/calendar")
    now, body = call.desk.clock.now(), await request.body()
    try:
        entries = await asyncio.to_thread(read_calendar, body, now)
    except NotACalendar as error:
        raise unprocessable("body", "not-a-calendar", str(error)) from error
    state = (await call.desk.reading.engineer(engineer_id)).state
    lines = [_checked(engineer_id, entry, state) for entry in entries]
    kept = [entry for entry, line in zip(entries, lines, strict=True) if line.outcome != "refused"]
    wanted = [one for entry in kept for one in entry.occurrences]
    commands = [_command(engineer_id, one) for one in wanted]
    if all(line.outcome != "refused" for line in lines):
        known = {
            *(one.shift_id for one in state.dated if one.other is None),
            *(one.absence_id for one in state.absences),
        }
        formerly = {key for key in known if key.startswith("IC-")} - {one.key for one in wanted}
        commands += shifts.no_longer(engineer_id, state.rota, formerly, now)
    await call.change_engineer(Happening(), engineer_id, *commands)
    return _report(lines)


def _checked(engineer_id: str, entry: Entry, state: engineer.EngineerState) -> Line:
    """What would become of one event alone. Raises Refused for an engineer nobody knows."""
    line = Line(line=entry.component, id=entry.uid[:64], outcome="refused", detail=entry.wrong)
    if entry.wrong is not None:
        return line
    try:
        facts = [
            fact
            for one in entry.occurrences
            for fact in engineer.decide(_command(engineer_id, one), state)
        ]
    except Refused as refused:
        if refused.code == "unknown-engineer":
            raise
        return line.model_copy(update={"field": refused.field, "detail": refused.detail})
    return line.model_copy(update={"outcome": "recorded" if facts else "unchanged"})


def _command(engineer_id: str, one: Occurrence) -> engineer.Command:
    if one.is_leave:
        return shifts.RecordAbsence(
            engineer_id=engineer_id, absence_id=one.key, start=one.start, end=one.end
        )
    return shifts.PlanShift(engineer_id=engineer_id, shift_id=one.key, start=one.start, end=one.end)


def _is_sent(request: Request, kind: str) -> None:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != kind:
        raise Problem(415, "unsupported-media-type", "Unsupported media type", f"send {kind}")


def _rows(body: bytes, known: Sequence[str]) -> Sequence[dict[str, Any]]:
    """Raises Problem 422 for what is not a CSV with these fields."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=SURPLUS, strict=True)
    try:
        names, rows = reader.fieldnames or [], list(reader)
    except csv.Error as error:
        raise unprocessable("body", "not-csv", str(error)) from error
    if known[0] not in names or not set(known).issuperset(names):
        detail = f"the first line names {known[0]} and any of {', '.join(known[1:])}"
        raise unprocessable("body", "header", detail)
    if len(rows) > MOST_LINES:
        raise unprocessable("body", "too-many-lines", f"at most {MOST_LINES} lines")
    return rows


async def _line(call: Call, put: Put, number: int, row: dict[str, Any]) -> Line:
    cells = {name: cell for name, cell in row.items() if cell not in (None, "")}
    engineer_id = str(cells.pop("engineer_id", ""))
    line = Line(line=number, id=engineer_id[:64] or None, outcome="refused")
    if SURPLUS in row:
        return line.model_copy(update={"detail": "more cells than the first line names"})
    try:
        entered = await put(call, _id.validate_python(engineer_id), cells)
    except ValidationError as error:
        field, detail = first_fault(error)
        return line.model_copy(update={"field": field or "engineer_id", "detail": detail})
    except Refused as refused:
        return line.model_copy(update={"field": refused.field, "detail": refused.detail})
    return line.model_copy(update={"outcome": "recorded" if entered.changed else "unchanged"})


def _report(lines: list[Line]) -> Report:
    counts = dict.fromkeys(("recorded", "unchanged", "refused"), 0)
    for line in lines:
        counts[line.outcome] += 1
    return Report(**counts, lines=lines)


def _listed(cell: str) -> Sequence[str]:
    return [one.strip() for one in cell.split(";") if one.strip()]


def _part(cells: dict[str, str], names: Sequence[str]) -> dict[str, str] | None:
    part = {name: cells.pop(name) for name in names if name in cells}
    return part or None


def _certificate(cell: str) -> dict[str, str]:
    return dict(zip(("name", "valid_until", "skill"), cell.split("|"), strict=False))


def _span(cell: str) -> dict[str, Any]:
    match = _SPAN.fullmatch(cell)
    if match is None:
        raise Refused("span", f"{cell!r} is no span such as 1-5 09:00-18:00", "spans")
    first, last = int(match[1]), int(match[2] or match[1])
    return {"days": list(range(first, last + 1)), "start": match[3], "end": match[4]}
