"""Faxes as clerks see them, and what a clerk says of one."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from aftercare_events.catalogue.case import Kind
from aftercare_http import Body, Id, Line, OccurredAt


class FaxCheck(Body):
    """What the clerk confirms or corrects; what is left out stays as it is."""

    kind: Kind | None = None
    severity: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    category: Line | None = None
    customer_id: Id | None = None
    device_serial: Line | None = None
    reason: Line = "fax checked"
    actor: Id | None = None
    occurred_at: OccurredAt = None


class Proposal(BaseModel):
    """What its words suggest; `continues` is an earlier case whose number stands in it."""

    kind: Kind | None = None
    severity: str | None = None
    device_id: str | None = None
    customer_id: str | None = None
    continues: str | None = None


class Reading(BaseModel):
    """What a machine read on the first pages; no text once its sender was erased."""

    text: list[str]
    confidence: float
    proposal: Proposal


class FailedReading(BaseModel):
    attempt: int
    reason: str


class Fax(BaseModel):
    """A fax that opened a case. `reading` comes when a machine has read it; until a clerk has
    checked it, it waits on the list."""

    fax_id: str
    case_id: str
    received_at: datetime
    pages: int
    sender: str | None = None
    reading: Reading | None = None
    failed: FailedReading | None = None
    checked_at: datetime | None = None
    checked_by: str | None = None
