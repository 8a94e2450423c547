"""A due time agreed with the customer for one case over HTTP (SL-13)."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel

from aftercare_events.catalogue.case import DeadlineAgreed
from aftercare_events.redact import redact
from aftercare_http import (
    Body,
    Id,
    KeyOfCommand,
    Line,
    OccurredAt,
    Principal,
    Router,
    requires,
    set_position,
    when_it_happened,
)

from ..deadlines import agree
from ..monitor import monitor_of
from ..unnamed import unnamed

router = Router(prefix="/v1", tags=["clocks"])
Agreeing = Annotated[Principal, Depends(requires("sla:ack"))]


class Deadline(Body):
    """`agreed_with` is the customer's person; it is sealed. `actor` is whom a desk acts for."""

    clock: Id
    due_at: AwareDatetime
    agreed_with: Line
    reason: Annotated[Line, AfterValidator(redact)]
    occurred_at: OccurredAt = None
    actor: Id | None = None


class Agreed(BaseModel):
    case_id: str
    clock: str
    due_at: datetime
    position: int


@router.post("/cases/{case_id}/deadlines", status_code=201)
async def agree_deadline(
    request: Request,
    response: Response,
    case_id: Id,
    body: Deadline,
    who: Agreeing,
    key: KeyOfCommand,
) -> Agreed:
    """Agree on a due time beside the contract's: both are shown, both are judged.

    A later agreement about the same clock takes the place of the earlier one.
    """
    monitor = monitor_of(request)
    at = when_it_happened(body.occurred_at, now=monitor.clock.now(), who=who)
    known = await monitor.case(case_id)
    owner = known.clocks.customer_id if known else None
    person = monitor.vault.named(owner or case_id, body.agreed_with)
    reason = await unnamed(monitor.log, monitor.vault, case_id, body.reason)
    fact = DeadlineAgreed(
        case_id=case_id,
        clock=body.clock,
        due_at=body.due_at,
        agreed_with=await monitor.vault.seal(person, {"name": body.agreed_with}),
        reason=redact(reason or "", body.agreed_with),
    )
    position = await agree(monitor, fact, by=body.actor or who.name, at=at, key=key)
    set_position(response, position)
    return Agreed(case_id=case_id, clock=body.clock, due_at=body.due_at, position=position)
