"""Direct losses that customers claim, recorded beside the penalties (SL-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue import record
from aftercare_events.catalogue.loss import LossClaimed
from aftercare_events.command_key import CommandKey, event_id, read_key
from aftercare_events.decider import Basis, commit, see
from aftercare_events.envelope import Event
from aftercare_events.log import Expect, whole
from aftercare_http import not_found

from .case_rows import load
from .domain.state import CaseClocks
from .monitor import SERVICE, Monitor
from .tables import losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a customer says; `by` records it, `claimed_by` is the contact who said so."""

    loss_id: str
    amount: Decimal
    currency: str
    claimed_by: str | None
    note: str | None
    by: str
    at: datetime
    key: CommandKey | None


async def claim(monitor: Monitor, case_id: str, claim: Claim) -> int:
    """Record a claim about a case; its position, also where the same request came before.

    Raises Problem 404, KeyReused, Conflict, LogUnavailable.
    """
    known: list[int] = []

    async def read() -> Basis[CaseClocks]:
        branch = whole("case", case_id)
        positions = await see(monitor.log, monitor.projector, branch)
        async with monitor.engine.connect() as connection:
            row = (await load(connection, [case_id])).get(case_id)
            earlier = await connection.execute(_with_id(claim.loss_id))
        if row is None:
            raise not_found("case", case_id)
        known.extend(_repeated(claim, earlier.one_or_none()))
        return Basis(row.clocks, [Expect(branch, positions[branch])])

    def decide(clocks: CaseClocks) -> Sequence[Event]:
        return [] if known else [_event(clocks, claim)]

    position = await commit(monitor.log, read, decide)
    return known[0] if position is None else position


def _repeated(claim: Claim, earlier: Row[Any] | None) -> list[int]:
    if earlier is None or claim.key is None or not claim.key.repeats(read_key(earlier.event_id)):
        return []
    return [earlier.position]


def _event(clocks: CaseClocks, claim: Claim) -> Event:
    fact = LossClaimed(
        case_id=clocks.case_id,
        loss_id=claim.loss_id,
        amount=f"{claim.amount:f}",
        currency=claim.currency,
        contract_id=clocks.contract_id,
        customer_id=clocks.customer_id,
        claimed_by=claim.claimed_by,
        note=claim.note,
    )
    return record(
        fact, service=SERVICE, time=claim.at, actor=claim.by, event_id=event_id(claim.key, 0)
    )


def _with_id(loss_id: str) -> Any:
    return select(losses.c.position, losses.c.event_id).where(losses.c.loss_id == loss_id)


async def of_case(engine: AsyncEngine, case_id: str) -> Sequence[Row[Any]]:
    """In the order in which they were recorded."""
    query = select(losses).where(losses.c.case_id == case_id).order_by(losses.c.position)
    async with engine.connect() as connection:
        return (await connection.execute(query)).all()
