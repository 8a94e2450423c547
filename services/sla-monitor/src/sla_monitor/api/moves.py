"""Open cases onto a newer version of their contract over HTTP (SL-01)."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import select

from aftercare_events.decider import see
from aftercare_events.redact import redact
from aftercare_http import (
    Body,
    Id,
    Limit,
    Line,
    Principal,
    Router,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
)

from ..case_rows import load
from ..domain.policy import Policy
from ..monitor import SERVICE, Monitor, monitor_of
from ..moves import Move, move, terms_for
from ..tables import cases

router = Router(prefix="/v1", tags=["policies"])
Mover = Annotated[Principal, Depends(requires("admin"))]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class CasesToMove(Body):
    """Either `case_ids`, or all cases of the contract, those of one customer if named.

    `cursor` is `next` of the answer before; without `case_ids`, so many cases are looked at.
    """

    reason: Annotated[Line, AfterValidator(redact)]
    case_ids: Annotated[list[Id], Field(min_length=1, max_length=200)] | None = None
    customer_id: Id | None = None
    cursor: Annotated[str, Field(max_length=1000)] | None = None


class CasesMoved(BaseModel):
    """`stayed` are over, under these terms already, under newer ones or under another contract."""

    moved: list[str]
    stayed: list[str]
    next: str | None


@router.post("/policies/{name}/{version}/move")
async def move_cases(
    request: Request,
    name: Id,
    version: Version,
    body: CasesToMove,
    who: Mover,
    limit: Limit = 50,
) -> CasesMoved:
    """Let open cases go on under a newer version: each clock not met is recalculated, openly.

    Repeating it moves nothing twice. A list too long for one call goes on at `next`.
    """
    monitor = monitor_of(request)
    policy = await _published(monitor, name, version)
    chosen = body.case_ids or await _page(monitor, policy.name, body, limit)
    wanted = Move(cause="policy", reason=body.reason, by=who.name, version=version)
    movable = await _movable(monitor, policy.name, chosen, wanted)
    positions = await asyncio.gather(*(move(monitor, case_id, wanted) for case_id in movable))
    moved = {case_id for case_id, at in zip(movable, positions, strict=True) if at is not None}
    more = body.case_ids is None and len(chosen) == limit
    return CasesMoved(
        moved=[case_id for case_id in chosen if case_id in moved],
        stayed=[case_id for case_id in chosen if case_id not in moved],
        next=encode_cursor((chosen[-1],)) if more else None,
    )


async def _published(monitor: Monitor, name: str, version: int) -> Policy:
    await see(monitor.log, monitor.projector, f"ac.{SERVICE}.policy.{name}")
    await monitor.refill()
    terms = monitor.shelf.policies.of(name, version)
    if terms is None:
        raise not_found("policy", f"{name} {version}")
    return terms.policy


async def _page(monitor: Monitor, policy: str, body: CasesToMove, limit: int) -> Sequence[str]:
    key = decode_cursor(body.cursor, tuple[str])
    query = (
        select(cases.c.case_id)
        .where(cases.c.policy == policy, cases.c.case_id > (key[0] if key else ""))
        .order_by(cases.c.case_id)
        .limit(limit)
    )
    if body.customer_id is not None:
        query = query.where(cases.c.customer_id == body.customer_id)
    async with monitor.engine.connect() as connection:
        return list(await connection.scalars(query))


async def _movable(
    monitor: Monitor, policy: str, case_ids: Sequence[str], wanted: Move
) -> Sequence[str]:
    """Those that are worth a look at the log: open, of that contract, and not there yet."""
    async with monitor.engine.connect() as connection:
        rows = await load(connection, case_ids)
    return [
        case_id
        for case_id, row in rows.items()
        if row.clocks.policy == policy and terms_for(monitor, row, wanted)
    ]
