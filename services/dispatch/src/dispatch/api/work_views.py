"""What a reader sees of hand-overs, scope and costs of a case."""

from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from pydantic import BaseModel

from aftercare_events.catalogue.case import HolderKind
from aftercare_events.catalogue.partner import PartnerKind

from ..domain import costs
from ..domain.work_state import HandOver, Work


class HandOverView(BaseModel):
    """A partner promised to answer `answer_by`, took it as their `reference`, came, or did not."""

    target: str
    kind: HolderKind | None
    since: datetime
    reason: str | None
    customer_told_at: datetime | None
    lead: str | None
    lead_told_at: datetime | None
    given_back_at: datetime | None
    given_back_reason: str | None
    partner: PartnerKind | None
    agreement: str | None
    answer_by: datetime | None
    onsite_by: datetime | None
    accepted_at: datetime | None
    reference: str | None
    silent_at: datetime | None
    arrived_at: datetime | None
    absent_at: datetime | None


class ScopeView(BaseModel):
    number: int
    description: str
    asked_at: datetime
    approved: bool | None
    decided_by: str | None
    reason: str | None
    decided_at: datetime | None


class DefectView(BaseModel):
    number: int
    description: str
    claimed_at: datetime
    confirmed: bool | None
    decided_by: str | None
    reason: str | None
    decided_at: datetime | None


class UsedPartView(BaseModel):
    part_number: str
    quantity: int
    unit_cents: int


class CostsView(BaseModel):
    number: int
    currency: str
    charged: bool
    travel_metres: int
    travel_minutes: int
    travel_cents: int
    labour_minutes: int
    labour_cents: int
    parts: list[UsedPartView]
    total_cents: int
    scope: int | None
    defect: int | None
    note: str | None


class WorkView(BaseModel):
    """`to_pay_cents` is what the customer pays, by currency; `borne_cents` what is ours.

    `guarantee` is the one that was granted: of its work only what is out of scope is paid.
    """

    hand_overs: list[HandOverView]
    scope: list[ScopeView]
    defects: list[DefectView]
    costs: list[CostsView]
    to_pay_cents: dict[str, int]
    borne_cents: dict[str, int]
    guarantee: str | None


def work_view(work: Work) -> WorkView:
    return WorkView(
        hand_overs=[hand_over_view(one) for one in work.hand_overs],
        scope=[ScopeView(**asdict(one)) for one in work.scope],
        defects=[DefectView(**asdict(one)) for one in work.defects],
        costs=[_costs(one) for one in work.costs],
        to_pay_cents=dict(costs.totals(work.costs, charged=True)),
        borne_cents=dict(costs.totals(work.costs, charged=False)),
        guarantee=work.guarantee,
    )


def hand_over_view(one: HandOver) -> HandOverView:
    return HandOverView(**asdict(one))


def _costs(one: Any) -> CostsView:
    said = asdict(one)
    said["parts"] = [UsedPartView(**asdict(part)) for part in one.parts]
    return CostsView(**said, total_cents=costs.total_cents(one))
