"""The clocks of a case over HTTP (SL-11), and what its breaches cost (SL-10)."""

from datetime import datetime
from typing import Any

import msgspec
from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy import select

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
)

from ..case_clocks import clocks_of
from ..domain.explain import Explanation
from ..domain.explain_text import as_text
from ..monitor import monitor_of
from ..tables import penalties

router = Router(prefix="/v1", tags=["clocks"])
READ = Depends(requires("sla:read"))


class ClockView(BaseModel):
    """One clock as it stands; `explanation` says where its due time comes from."""

    case_id: str
    clock: str
    cycle: int
    state: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    paused_s: float
    policy: str
    policy_version: int
    provisional: bool
    explanation: dict[str, Any]


class CaseClocks(BaseModel):
    case_id: str
    clocks: list[ClockView]


class Penalty(BaseModel):
    """Liability for one breach, in per cent of the contract price."""

    position: int
    case_id: str
    clock: str
    cycle: int
    percent: float
    max_percent: float
    clause: str
    contract_id: str | None
    customer_id: str | None
    accrued_at: datetime
    withdrawn_at: datetime | None


@router.get("/cases/{case_id}/clocks", dependencies=[READ, MinPosition])
async def clocks(request: Request, case_id: Id) -> CaseClocks:
    """Every clock of a case with its due time, state and explanation."""
    found = await clocks_of(monitor_of(request), case_id)
    if found is None:
        raise not_found("case", case_id)
    return CaseClocks(case_id=case_id, clocks=[_view(explanation) for explanation in found])


def _view(explanation: Explanation) -> ClockView:
    data: dict[str, Any] = msgspec.to_builtins(explanation)
    record = data.pop("record")
    texts = {"text": as_text(explanation, "en"), "text_zh": as_text(explanation, "zh")}
    return ClockView(**record, explanation={**data, **texts})


@router.get("/penalties", dependencies=[READ, MinPosition])
async def list_penalties(
    request: Request,
    case: Id | None = None,
    customer: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Penalty]:
    """What breaches cost so far, oldest first; those withdrawn stay visible."""
    key = decode_cursor(cursor, tuple[int])
    query = select(penalties).where(penalties.c.position > (key[0] if key else 0))
    if case is not None:
        query = query.where(penalties.c.case_id == case)
    if customer is not None:
        query = query.where(penalties.c.customer_id == customer)
    async with monitor_of(request).engine.connect() as connection:
        rows = await connection.execute(query.order_by(penalties.c.position).limit(limit))
        items = [Penalty.model_validate(dict(row)) for row in rows.mappings()]
    more = len(items) == limit
    return Page(items=items, next=encode_cursor((items[-1].position,)) if more else None)
