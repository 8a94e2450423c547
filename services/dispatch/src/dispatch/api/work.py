"""Handing a case over, work out of scope, and what work costs, each as its own call."""

from typing import Annotated

from fastapi import Depends
from pydantic import Field, StringConstraints

from aftercare_events.catalogue.work import Told, UsedPart
from aftercare_http import Body, Id, MinPosition, Router, requires

from ..domain import commands as cmd
from .call import Calling, Done, Happening, Note, Reason, or_nothing
from .case_bodies import CaseId, Reasoned

router = Router(prefix="/v1/cases/{case_id}", tags=["cases"], dependencies=[MinPosition])

# More than any piece of work costs, and few enough that sums stay exact everywhere.
MOST_CENTS = 10**12
Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Number = Annotated[int, Field(ge=1, le=10_000)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Described = Annotated[Note, Field(min_length=1)]


class ToldBody(Happening):
    """`whom` was told that others have the case; `lead` names to whom it was reported."""

    whom: Told
    lead: Id | None = None
    note: Note | None = None


class AcceptedBody(Happening):
    """`reference` is the partner's number for the case."""

    reference: Annotated[str, StringConstraints(pattern=r"^[\w./#-]{1,64}$")]


class ScopeBody(Happening):
    description: Described


class ScopeDecisionBody(Happening):
    """`decided_by` is the maintenance director; left out, whoever calls."""

    number: Number
    approved: bool
    reason: Reason
    decided_by: Id | None = None


class DefectDecisionBody(Happening):
    """`decided_by` is whoever confirmed it; left out, whoever calls."""

    number: Number
    confirmed: bool
    reason: Reason
    decided_by: Id | None = None


class UsedPartBody(Body):
    part_number: Id
    quantity: Number
    unit_cents: Cents


class CostsBody(Happening):
    """Money in whole cents of `currency`; `number` replaces that entry."""

    currency: Currency = "CNY"
    number: Number | None = None
    travel_metres: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    travel_minutes: Minutes = 0
    travel_cents: Cents = 0
    labour_minutes: Minutes = 0
    labour_cents: Cents = 0
    parts: tuple[UsedPartBody, ...] = Field(default=(), max_length=200)
    scope: Number | None = None
    defect: Number | None = None
    note: Note | None = None


@router.post("/tell-hand-over")
async def tell_of_hand_over(case_id: CaseId, call: Calling, body: ToldBody) -> Done:
    """The customer, or the lead, knows that experts or a vendor have the case now (DP-09)."""
    return await call.change_case(
        body,
        lambda at: cmd.TellOfHandOver(
            case_id=case_id, at=at, whom=body.whom, lead=body.lead, note=body.note
        ),
    )


@router.post("/accept-hand-over")
async def accept_hand_over(case_id: CaseId, call: Calling, body: AcceptedBody) -> Done:
    """The partner who was asked takes the case, under a number of their own (DP-26)."""
    return await call.change_case(
        body, lambda at: cmd.AcceptHandOver(case_id=case_id, at=at, reference=body.reference)
    )


@router.post("/take-back")
async def take_back(
    case_id: CaseId, call: Calling, body: Annotated[Reasoned, or_nothing(Reasoned)]
) -> Done:
    """Experts or vendor gave it back; with nobody assigned somebody is looked for (DP-09).

    A partner who sends it back says why: `reason` (DP-26).
    """
    return await call.change_case(
        body, lambda at: cmd.TakeBack(case_id=case_id, at=at, reason=body.reason)
    )


@router.post("/ask-scope")
async def ask_scope(case_id: CaseId, call: Calling, body: ScopeBody) -> Done:
    """Work outside the agreed scope waits for the maintenance director (DP-19)."""
    return await call.change_case(
        body, lambda at: cmd.AskScope(case_id=case_id, at=at, description=body.description)
    )


@router.post("/decide-scope", dependencies=[Depends(requires("dispatch:approve"))])
async def decide_scope(case_id: CaseId, call: Calling, body: ScopeDecisionBody) -> Done:
    """The maintenance director approves or refuses, with scope `dispatch:approve` (DP-19)."""
    who = body.decided_by or call.by(body).actor
    return await call.change_case(
        body,
        lambda at: cmd.DecideScope(
            case_id=case_id,
            at=at,
            number=body.number,
            approved=body.approved,
            decided_by=who,
            reason=body.reason,
        ),
    )


@router.post("/claim-defect")
async def claim_defect(case_id: CaseId, call: Calling, body: ScopeBody) -> Done:
    """The product itself seems to be at fault (DP-29)."""
    return await call.change_case(
        body, lambda at: cmd.ClaimDefect(case_id=case_id, at=at, description=body.description)
    )


@router.post("/decide-defect", dependencies=[Depends(requires("dispatch:approve"))])
async def decide_defect(case_id: CaseId, call: Calling, body: DefectDecisionBody) -> Done:
    """Confirmed, it is replaced free of charge before the case is resolved (DP-29)."""
    who = body.decided_by or call.by(body).actor
    return await call.change_case(
        body,
        lambda at: cmd.DecideDefect(
            case_id=case_id,
            at=at,
            number=body.number,
            confirmed=body.confirmed,
            decided_by=who,
            reason=body.reason,
        ),
    )


@router.post("/costs")
async def record_costs(case_id: CaseId, call: Calling, body: CostsBody) -> Done:
    """Travel, labour and parts at cost; contract and scope say who pays (DP-20)."""
    parts = tuple(
        UsedPart(part_number=one.part_number, quantity=one.quantity, unit_cents=one.unit_cents)
        for one in body.parts
    )
    said = body.model_dump(exclude={"occurred_at", "actor", "parts"})
    return await call.change_case(
        body, lambda at: cmd.RecordCosts(case_id=case_id, at=at, parts=parts, **said)
    )
