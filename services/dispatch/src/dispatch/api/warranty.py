"""Warranty after repairs, and the three guarantees that a person grants (DP-13, DP-14, DP-15)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel
from sqlalchemy import RowMapping, select

from aftercare_events.catalogue.warranty import Ground, Proposed, Remedy, RestartCause
from aftercare_http import Cursor, Id, Limit, MinPosition, Page, Router

from ..aggregates import GUARANTEE
from ..domain import guarantee
from ..tables import guarantees
from .call import Calling, Desk, GuaranteeDone, Happening, Reader, Reason
from .paging import page_of

router = Router(prefix="/v1", tags=["warranty"], dependencies=[MinPosition])

GuaranteeId = Annotated[Id, Path(examples=["G-4F7K-Q2M9-1-R"])]


class AcceptBody(Happening):
    """`remedy` may be left out where only one is proposed."""

    remedy: Remedy | None = None
    reason: Reason | None = None


class RefuseBody(Happening):
    reason: Reason


class RepairView(BaseModel):
    case_id: str
    repaired_on: date


class GuaranteeView(BaseModel):
    """What is proposed, and the dates and cases that prove it; `remedy` is what was granted."""

    guarantee_id: str
    status: guarantee.Stage
    case_id: str
    device_id: str
    ground: Ground
    proposed: Proposed
    failed_on: date
    counted_from: date | None
    day: int | None
    repairs: list[RepairView]
    remedy: Remedy | None
    reason: str | None
    position: int


class ExtensionView(BaseModel):
    case_id: str
    waited_from: datetime
    waited_until: datetime
    days: int


class RestartView(BaseModel):
    case_id: str
    starts_on: date
    cause: RestartCause
    part: str | None
    serial: str | None


class WarrantyView(BaseModel):
    """What repairs changed; when it ends the archive of intake says."""

    device_id: str
    extensions: list[ExtensionView]
    restarts: list[RestartView]


@router.get("/guarantees")
async def list_guarantees(
    desk: Desk,
    _: Reader,
    case: Annotated[Id | None, Query(description="Proposed for this case.")] = None,
    status: Annotated[guarantee.Stage | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[GuaranteeView]:
    query = select(guarantees)
    if case is not None:
        query = query.where(guarantees.c.case_id == case)
    if status is not None:
        query = query.where(guarantees.c.stage == status)
    rows, following = await page_of(desk.reading, guarantees, limit, cursor, query)
    return Page(items=[guarantee_view(row) for row in rows], next=following)


@router.post("/guarantees/{guarantee_id}/accept")
async def accept(guarantee_id: GuaranteeId, call: Calling, body: AcceptBody) -> GuaranteeDone:
    """Grant it: the work is free of charge, and a new device begins a new warranty."""
    command = guarantee.Accept(guarantee_id=guarantee_id, remedy=body.remedy, reason=body.reason)
    return await call.decide_guarantee(body, command)


@router.post("/guarantees/{guarantee_id}/refuse")
async def refuse(guarantee_id: GuaranteeId, call: Calling, body: RefuseBody) -> GuaranteeDone:
    command = guarantee.Refuse(guarantee_id=guarantee_id, reason=body.reason)
    return await call.decide_guarantee(body, command)


@router.get("/warranty/{device_id}")
async def show_warranty(
    device_id: Annotated[Id, Path(examples=["IT-SRV-01"])], desk: Desk, _: Reader
) -> WarrantyView:
    """Longer waits and replacements, each with its case; empty where there was none."""
    state = (await desk.reading.warranty(device_id)).state
    return WarrantyView(
        device_id=device_id,
        extensions=[
            ExtensionView.model_validate(one, from_attributes=True) for one in state.extensions
        ],
        restarts=[RestartView.model_validate(one, from_attributes=True) for one in state.restarts],
    )


def guarantee_view(row: RowMapping) -> GuaranteeView:
    state = GUARANTEE.decoder.decode(row["state"])
    said = state.proposal
    if said is None:
        raise ValueError(f"guarantee {row['guarantee_id']} was never proposed")
    return GuaranteeView(
        guarantee_id=said.guarantee_id,
        status=state.stage,
        case_id=said.case_id,
        device_id=said.device_id,
        ground=said.ground,
        proposed=said.remedy,
        failed_on=said.failed_on,
        counted_from=said.counted_from,
        day=said.day,
        repairs=[
            RepairView(case_id=one.case_id, repaired_on=one.repaired_on) for one in said.repairs
        ],
        remedy=state.remedy,
        reason=state.reason,
        position=row["position"],
    )
