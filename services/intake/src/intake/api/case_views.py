"""Cases as intake knows them: what was reported, said and sent in."""

from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import Depends, Path, Request, Response
from sqlalchemy import select

from aftercare_events.attachments import Attachment
from aftercare_events.catalogue.case import Entitlement
from aftercare_events.sealing import Sealed
from aftercare_http import (
    Id,
    MinPosition,
    Principal,
    Problem,
    Router,
    not_found,
    requires,
    requires_any,
)

from .. import tables
from ..domain.entitlement import with_cause
from ..parts import Intake, intake_of
from .calls import CallView
from .case_bodies import Case, Merged, Message, Promised

router = Router(prefix="/v1/cases", tags=["cases"])
Reader = Annotated[Principal, Depends(requires("intake:write"))]
# A reader of the history gets the case without the person.
Onlooker = Annotated[Principal, Depends(requires_any("intake:write", "history:read"))]
_PRIVATE = ("contact", "identity", "body_digest", "attachments")


@router.get("/{case_id}", dependencies=[MinPosition])
async def show(case_id: Id, who: Onlooker, request: Request) -> Case:
    """The case as intake knows it; its progress is dispatch's to tell.

    Without `intake:write` it comes without the person: no contact, and nothing of what was said.
    """
    intake = intake_of(request)
    row = await known_case(intake, case_id)
    report = {name: value for name, value in row["report"].items() if name not in _PRIVATE}
    values = {name: row[name] for name in Case.model_fields if name in row}
    reads_people = who.may("intake:write")
    return Case.model_validate(
        values
        | {
            "report": report,
            "entitlement": _entitlement(row),
            "contact": await opened(intake, row["report"].get("contact")) if reads_people else {},
            "promised": await promised(intake, case_id),
            "messages": await _messages(intake, case_id, opening=reads_people),
            "attachments": list(range(1, row["attachments"] + 1)),
            "mails": await _mails(intake, case_id),
            "calls": await _calls(intake, case_id),
            "merged_from": await merged_from(intake, case_id, opening=reads_people),
        }
    )


@router.get(
    "/{case_id}/attachments/{number}",
    dependencies=[MinPosition],
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def show_attachment(
    case_id: Id, number: Annotated[int, Path(ge=1, le=100_000)], _: Reader, request: Request
) -> Response:
    """A fax, a file of a mail, or a mail as it came."""
    return file_answer(await attached(intake_of(request), case_id, number))


async def attached(intake: Intake, case_id: str, number: int) -> Attachment:
    """Raises Problem 404, and 410 where it was erased with the person whose it was."""
    table = tables.attachments
    statement = select(table.c.object).where(table.c.case_id == case_id, table.c.number == number)
    async with intake.engine.connect() as connection:
        name = (await connection.execute(statement)).scalar_one_or_none()
    if name is None:
        raise not_found("attachment", f"{case_id}/{number}")
    return opened_file(await intake.attachments.get(name))


def opened_file(found: Attachment | None) -> Attachment:
    if found is None:
        raise Problem(410, "erased", "Erased", "this person's data was erased")
    return found


def file_answer(found: Attachment) -> Response:
    return Response(
        found.content,
        media_type="application/octet-stream",
        headers={
            # What strangers sent is saved, never shown as if it were a page of ours.
            "Content-Disposition": f"attachment; filename*=utf-8''{quote(found.name, safe='')}",
            "Content-Security-Policy": "sandbox",
        },
    )


async def known_case(intake: Intake, case_id: str) -> dict[str, Any]:
    row = await intake.cases.row(case_id)
    if row is None:
        raise not_found("case", case_id)
    return row


async def promised(intake: Intake, case_id: str) -> list[Promised]:
    """Soonest first; empty also as long as the SLA monitor has said nothing."""
    table = tables.promises
    statement = select(table.c.entry).where(table.c.case_id == case_id)
    async with intake.engine.connect() as connection:
        said: Any = (await connection.execute(statement)).scalar_one_or_none()
    return [Promised.model_validate(time) for time in said.get("promised", ())] if said else []


async def merged_from(intake: Intake, case_id: str, *, opening: bool) -> list[Merged]:
    """What was told in the cases that go on as this one (IN-14)."""
    return [
        Merged(
            case_id=row["case_id"],
            reported_at=row["reported_at"],
            channel=row["report"]["channel"],
            summary=row["report"].get("summary", ""),
            contact=await opened(intake, row["report"].get("contact")) if opening else {},
            messages=await _messages(intake, row["case_id"], opening=opening),
            attachments=list(range(1, row["attachments"] + 1)),
            mails=await _mails(intake, row["case_id"]),
        )
        for row in await intake.cases.merged_into(case_id)
    ]


async def _mails(intake: Intake, case_id: str) -> list[int]:
    files, arrivals = tables.attachments, tables.arrivals
    statement = (
        select(files.c.number)
        .join(arrivals, arrivals.c.case_id == files.c.case_id)
        .where(files.c.case_id == case_id, arrivals.c.original == files.c.object)
        .where(arrivals.c.channel == "email")
        .order_by(files.c.number)
    )
    async with intake.engine.connect() as connection:
        return list((await connection.execute(statement)).scalars())


async def _calls(intake: Intake, case_id: str) -> list[CallView]:
    table = tables.calls
    statement = select(table.c.entry).where(tables.of_case(case_id))
    async with intake.engine.connect() as connection:
        entries = await connection.scalars(statement.order_by(table.c.started_at, table.c.call_id))
        return [CallView.model_validate(entry) for entry in entries]


def _entitlement(row: dict[str, Any]) -> dict[str, Any] | None:
    """As it stands: decided on the day of the report, and marked by a person since."""
    decided = row["report"].get("entitlement")
    if decided is None:
        return None
    entitlement = msgspec.convert(decided, Entitlement)
    return msgspec.to_builtins(with_cause(entitlement, row["excluded"]))


async def _messages(intake: Intake, case_id: str, *, opening: bool) -> list[Message]:
    table = tables.messages
    statement = select(table).where(table.c.case_id == case_id).order_by(table.c.position)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return [
        Message(
            added_at=row["added_at"],
            channel=row["channel"],
            actor=row["actor"],
            said=await opened(intake, row["text"]) if opening else {},
            split_into=row["split_into"],
        )
        for row in rows
    ]


async def opened(intake: Intake, sealed: Any) -> dict[str, Any]:
    """What a column has sealed; empty since the person was erased."""
    if sealed is None:
        return {}
    return await intake.vault.open(msgspec.convert(sealed, Sealed)) or {}
