"""Direct losses claimed by customers (SL-10)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from aftercare_events.redact import redact
from aftercare_http import (
    Body,
    Id,
    Idempotency,
    KeyOfCommand,
    MinPosition,
    OccurredAt,
    Principal,
    Router,
    Text,
    requires,
    set_position,
    when_it_happened,
)

from ..losses import Claim, claim, of_case
from ..monitor import monitor_of
from ..unnamed import unnamed

router = Router(prefix="/v1", tags=["figures"])
READ = Depends(requires("sla:read"))
Recorder = Annotated[Principal, Depends(requires("sla:ack"))]


class ClaimLoss(Body):
    """`claimed_by` is a contact's id. Names and numbers are taken out of the note."""

    amount: Annotated[Decimal, Field(gt=0, max_digits=16, decimal_places=4)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")] = "CNY"
    claimed_by: Id | None = None
    note: Annotated[Text, AfterValidator(redact)] | None = None
    actor: Id | None = None
    occurred_at: OccurredAt = None


class LossRecorded(BaseModel):
    loss_id: str
    position: int


class Loss(LossRecorded):
    case_id: str
    contract_id: str | None
    customer_id: str | None
    amount: Decimal
    currency: str
    claimed_by: str | None
    note: str | None
    occurred_at: datetime


@router.post("/cases/{case_id}/losses", status_code=201)
async def claim_loss(
    request: Request,
    response: Response,
    case_id: Id,
    body: ClaimLoss,
    who: Recorder,
    identity: Idempotency,
    key: KeyOfCommand,
) -> LossRecorded:
    """Record what a customer claims to have lost; it says nothing about whether it is owed."""
    monitor = monitor_of(request)
    claimed = Claim(
        loss_id=identity.derive("DL"),
        amount=body.amount,
        currency=body.currency,
        claimed_by=body.claimed_by,
        note=await unnamed(monitor.log, monitor.vault, case_id, body.note),
        by=body.actor or who.name,
        at=when_it_happened(body.occurred_at, now=monitor.clock.now(), who=who),
        key=key,
    )
    position = await claim(monitor, case_id, claimed)
    set_position(response, position)
    return LossRecorded(loss_id=claimed.loss_id, position=position)


@router.get("/cases/{case_id}/losses", dependencies=[READ, MinPosition])
async def list_losses(request: Request, case_id: Id) -> list[Loss]:
    """What was claimed about a case, in the order of the log."""
    rows = await of_case(monitor_of(request).engine, case_id)
    return [Loss.model_validate(row, from_attributes=True) for row in rows]
