"""What breaches cost, and why (SL-10)."""

from datetime import datetime
from decimal import Decimal

from fastapi import Depends, Request
from pydantic import BaseModel

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Router,
    decode_cursor,
    encode_cursor,
    requires,
)

from ..domain.liability import Why, amount
from ..domain.liability_text import derivation
from ..monitor import monitor_of
from ..penalties import Liability, Price, Priced, Wanted, find, liabilities

router = Router(prefix="/v1", tags=["figures"])
READ = Depends(requires("sla:read"))


class Penalty(BaseModel):
    """Liability for one breach, in per cent of the contract price.

    `percent` is the contract's rate, `percent_applied` what of it counts under the cap after
    `percent_before`; `amount` is that share of the price, where the archive has one.
    """

    position: int
    case_id: str
    clock: str
    cycle: int
    percent: float
    percent_before: float
    percent_applied: float
    max_percent: float
    why: Why
    amount: Decimal | None
    currency: str | None
    clause: str
    contract_id: str | None
    customer_id: str | None
    policy: str | None
    policy_version: int | None
    due_at: datetime | None
    breached_at: datetime | None
    accrued_at: datetime
    withdrawn_at: datetime | None
    derivation: str
    derivation_zh: str


class ClaimedLosses(BaseModel):
    currency: str
    amount: Decimal
    claims: int


class PenaltySummary(BaseModel):
    """One contract: what its breaches cost under the cap, and what was claimed beside.

    `percent_due` is what would be owed without the cap. Where no contract is named, the cap is
    that of the customer under `policy`.
    """

    contract_id: str | None
    customer_id: str | None
    policy: str | None
    breaches: int
    withdrawn: int
    percent_due: float
    percent_applied: float
    max_percent: float
    price: Decimal | None
    amount: Decimal | None
    currency: str | None
    losses: list[ClaimedLosses]


@router.get("/penalties", dependencies=[READ, MinPosition])
async def list_penalties(
    request: Request,
    case: Id | None = None,
    customer: Id | None = None,
    contract: Id | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Penalty]:
    """What breaches cost so far, in the order of the log; those withdrawn stay visible."""
    key = decode_cursor(cursor, tuple[int])
    wanted = Wanted(case, customer, contract)
    found = await find(monitor_of(request).engine, wanted, after=key[0] if key else 0, limit=limit)
    items = [_penalty(priced) for priced in found]
    more = len(items) == limit
    return Page(items=items, next=encode_cursor((items[-1].position,)) if more else None)


@router.get("/penalties/summary", dependencies=[READ, MinPosition])
async def summarise_penalties(
    request: Request, customer: Id | None = None, contract: Id | None = None
) -> list[PenaltySummary]:
    """Penalties and claimed losses by contract."""
    wanted = Wanted(customer=customer, contract=contract)
    return [_summary(found) for found in await liabilities(monitor_of(request).engine, wanted)]


def _penalty(priced: Priced) -> Penalty:
    charge, of = priced.charge, priced.charge.accrual
    return Penalty(
        position=of.position,
        case_id=of.case_id,
        clock=of.clock,
        cycle=of.cycle,
        percent=float(of.percent),
        percent_before=float(charge.before),
        percent_applied=float(charge.applied),
        max_percent=float(of.max_percent),
        why=charge.why,
        amount=_amount(charge.applied, priced.price),
        currency=priced.price.currency if priced.price else None,
        clause=of.clause,
        contract_id=of.contract_id,
        customer_id=of.customer_id,
        policy=of.policy,
        policy_version=of.policy_version,
        due_at=of.due_at,
        breached_at=of.breached_at,
        accrued_at=of.accrued_at,
        withdrawn_at=of.withdrawn_at,
        derivation=derivation(charge, priced.zone, "en"),
        derivation_zh=derivation(charge, priced.zone, "zh"),
    )


def _summary(found: Liability) -> PenaltySummary:
    price = found.price
    return PenaltySummary(
        contract_id=found.liable.contract_id,
        customer_id=found.liable.customer_id,
        policy=found.liable.policy,
        breaches=found.sum.breaches,
        withdrawn=found.sum.withdrawn,
        percent_due=float(found.sum.percent_due),
        percent_applied=float(found.sum.percent_applied),
        max_percent=float(found.sum.max_percent),
        price=price.amount if price else None,
        amount=_amount(found.sum.percent_applied, price),
        currency=price.currency if price else None,
        losses=[
            ClaimedLosses(currency=c.currency, amount=c.amount, claims=c.claims)
            for c in found.losses
        ],
    )


def _amount(percent: Decimal, price: Price | None) -> Decimal | None:
    return amount(percent, price.amount) if price else None
