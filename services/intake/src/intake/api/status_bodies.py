"""How a case goes, as its customer is told: the same on her page and to her portal (IN-01)."""

from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel
from sqlalchemy import select

from aftercare_events.catalogue.case import Channel, Kind, Mode
from aftercare_events.catalogue.sla import CasePromised
from aftercare_events.sealing import Sealed

from .. import tables
from ..domain.progress import Milestone, Step, progress
from ..parts import Intake
from ..people import Person
from ..sealing import Recognised

# Of what came by other doors the customer is told that it came: others may have sent it.
SHOWN_AGAIN = "web"


class StatusStep(BaseModel):
    step: Step
    at: datetime


class Visit(BaseModel):
    """When somebody is booked to come."""

    start: datetime
    end: datetime


class DueTime(BaseModel):
    """A promised time that runs; `agreed` with the customer, beside the contract's.

    It is `provisional` while official days may still move it.
    """

    clock: str
    due_at: datetime
    agreed: bool
    provisional: bool


class OwnMessage(BaseModel):
    """A follow-up; what was said only where it came over the web."""

    added_at: datetime
    channel: Channel
    text: str | None = None
    files: list[str] = []


class Notice(BaseModel):
    """What all customers concerned were told."""

    issued_at: datetime
    zh: str
    en: str


class Status(BaseModel):
    """`now` is what we do at present. With `promises_moved` the contract's times changed since
    they were promised, and none is named. `status_url` is the page that says the same."""

    case_id: str
    kind: Kind
    summary: str
    reported_at: datetime
    now: Step
    steps: list[StatusStep]
    mode: Mode | None
    visit: Visit | None
    due: list[DueTime]
    promises_moved: bool
    messages: list[OwnMessage]
    notices: list[Notice]
    goes_on_as: str | None
    status_url: str
    position: int


def owner_of(intake: Intake, case: dict[str, Any]) -> Recognised:
    """Who adds to a case speaks for its contact, and is erased with her."""
    case_id, contact = case["case_id"], case["report"].get("contact")
    key = contact["person"] if contact else intake.vault.person_id(f"case:{case_id}")
    return Recognised(Person(reference=case_id), key)


async def status_of(intake: Intake, case: dict[str, Any]) -> Status:
    """`case` is a row of `Cases`."""
    case_id, report = case["case_id"], case["report"]
    milestones, promised = await _told(intake, case_id)
    way = progress(case["reported_at"], milestones, promised.promised if promised else ())
    return Status(
        case_id=case_id,
        kind=case["kind"],
        summary=report["summary"],
        reported_at=case["reported_at"],
        now=way.now,
        steps=[StatusStep(step=step, at=at) for step, at in way.steps],
        mode=way.mode,
        visit=Visit(start=way.slot[0], end=way.slot[1]) if way.slot else None,
        due=[DueTime.model_validate(due, from_attributes=True) for due in way.due],
        promises_moved=way.moved,
        messages=await _messages(intake, case_id),
        notices=await _notices(intake, case_id),
        goes_on_as=case["merged_into"],
        status_url=intake.links.url(case_id),
        position=case["position"],
    )


async def _told(intake: Intake, case_id: str) -> tuple[list[Milestone], CasePromised | None]:
    milestones, promises = tables.milestones, tables.promises
    way = select(milestones.c.entry).where(milestones.c.case_id == case_id)
    said = select(promises.c.entry).where(promises.c.case_id == case_id)
    async with intake.engine.connect() as connection:
        entries = await connection.scalars(way.order_by(milestones.c.position))
        told = [msgspec.convert(entry, Milestone) for entry in entries]
        promised = (await connection.execute(said)).scalar_one_or_none()
    return told, None if promised is None else msgspec.convert(promised, CasePromised)


async def _messages(intake: Intake, case_id: str) -> list[OwnMessage]:
    table = tables.messages
    statement = select(table).where(table.c.case_id == case_id).order_by(table.c.position)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return [await _message(intake, dict(row)) for row in rows]


async def _notices(intake: Intake, case_id: str) -> list[Notice]:
    table = tables.notices
    query = select(table).where(table.c.case_id == case_id)
    async with intake.engine.connect() as connection:
        rows = (await connection.execute(query.order_by(table.c.issued_at))).mappings().all()
    return [Notice(issued_at=row["issued_at"], zh=row["zh"], en=row["en"]) for row in rows]


async def _message(intake: Intake, row: dict[str, Any]) -> OwnMessage:
    said: dict[str, Any] = {}
    if row["channel"] == SHOWN_AGAIN and row["text"] is not None:
        said = await intake.vault.open(msgspec.convert(row["text"], Sealed)) or {}
    return OwnMessage(
        added_at=row["added_at"],
        channel=row["channel"],
        text=said.get("text"),
        files=said.get("files", []),
    )
