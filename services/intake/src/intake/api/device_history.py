"""The history of a device, for staff and for the portal of whoever has it (IN-09)."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request
from pydantic import BaseModel

from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.case import Channel, Kind, Replaced
from aftercare_events.catalogue.loan import LoanOutcome
from aftercare_events.catalogue.warranty import RestartCause
from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires_any,
)

from ..device_history import Key, happened
from ..domain.device_history import FactKind, VersionKind, changes_of, kind_of
from ..domain.progress import Step
from ..parts import Intake, intake_of
from .desk_frame import SCOPE

Reader = Annotated[Principal, Depends(requires_any(SCOPE, "history:read", customers=True))]
router = Router(prefix="/v1/devices", tags=["archive"], dependencies=[MinPosition])


class ReportedFault(BaseModel):
    """What opened the case."""

    kind: Kind
    channel: Channel
    severity: str | int | None = None
    summary: str = ""


class ReplacedPiece(BaseModel):
    """`serial` is that of the new piece (DP-14)."""

    what: Replaced
    name: str | None = None
    serial: str | None = None


class Maintenance(BaseModel):
    """The record of the work (DP-08)."""

    symptom: str
    cause: str
    action: str
    place: str | None = None
    prevention: str | None = None
    replaced: list[ReplacedPiece] = []


class ChangedSeverity(BaseModel):
    """`reason` is for staff only."""

    severity: str | int
    previous: str | int | None = None
    reason: str | None = None


class SpareLoan(BaseModel):
    """`unit_id` when it was lent, `outcome` when the loan ended."""

    loan_id: str
    unit_id: str | None = None
    outcome: LoanOutcome | None = None


class ChangedWarranty(BaseModel):
    """Longer by `days`, for the device waited for its repair; or anew from `starts_on`, with `part`
    for that key part alone (DP-13, DP-14)."""

    days: int | None = None
    waited_from: datetime | None = None
    waited_until: datetime | None = None
    starts_on: date | None = None
    cause: RestartCause | None = None
    part: str | None = None
    serial: str | None = None


class ChangedField(BaseModel):
    """A field of the archive's entry; null where it was or is not known."""

    field: str
    before: str | int | None
    after: str | int | None


class Happening(BaseModel):
    """`what` says which of the others is there: `report` for `received`, `record` for `maintained`,
    `severity`, `loan`, `warranty`, and `changes` of the archive's entry with its warranty dates."""

    at: datetime
    what: Step | FactKind | VersionKind
    case_id: str | None = None
    report: ReportedFault | None = None
    record: Maintenance | None = None
    severity: ChangedSeverity | None = None
    loan: SpareLoan | None = None
    warranty: ChangedWarranty | None = None
    changes: list[ChangedField] = []


@router.get("/{device_id}/history")
async def device_history(
    device_id: Id, who: Reader, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[Happening]:
    """Cases with their steps, maintenance, severity, spares lent and the archive's entry; newest
    first, for as long as its customer of today has it."""
    intake = intake_of(request)
    device = await known_device(intake, device_id)
    if who.customer_id not in (None, device.customer_id):
        raise not_found("device", device_id)
    return await history(intake, device, limit, cursor, for_staff=who.customer_id is None)


async def known_device(intake: Intake, device_id: str) -> DeviceRecorded:
    device = await intake.archive.device(device_id)
    if device is None:
        raise not_found("device", device_id)
    return device


async def history(
    intake: Intake, device: DeviceRecorded, limit: int, cursor: str | None, *, for_staff: bool
) -> Page[Happening]:
    rows = await happened(intake.engine, device, limit + 1, decode_cursor(cursor, Key))
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[_shown(row, for_staff=for_staff) for row in rows[:limit]],
        next=encode_cursor((last["at"], last["position"], last["case_id"])) if last else None,
    )


def _shown(row: dict[str, Any], *, for_staff: bool) -> Happening:
    what, entry = row["what"], row["entry"]
    told: dict[str, Any] = {"at": row["at"], "what": what, "case_id": row["case_id"] or None}
    match what:
        case "version":
            told |= _version(entry, row["before"])
        case "received":
            told["report"] = entry
        case "maintained":
            told["record"] = entry
        case "severity_changed":
            told["severity"] = entry if for_staff else {**entry, "reason": None}
        case "spare_lent" | "spare_loan_ended":
            told["loan"] = entry
        case "warranty_extended" | "warranty_restarted":
            told["warranty"] = entry
        case _:
            # A step says all by its name.
            pass
    return Happening.model_validate(told)


def _version(entry: Any, before: Any) -> dict[str, Any]:
    earlier = msgspec.convert(before, DeviceRecorded) if before else None
    changes = changes_of(earlier, msgspec.convert(entry, DeviceRecorded))
    return {
        "what": kind_of(earlier, changes),
        "changes": [ChangedField.model_validate(one, from_attributes=True) for one in changes],
    }
