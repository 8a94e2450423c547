"""What is agreed, charged and handed over while a case is worked on; it happens to the case."""

from typing import Literal

import msgspec

from .registry import event_type

Told = Literal["customer", "lead"]


class _CaseEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str


@event_type("aftercare.case.hand_over_told.v1")
class HandOverTold(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The customer, or the `lead`, was told that others have the case now (DP-09)."""

    whom: Told
    lead: str | None = None
    note: str | None = None


@event_type("aftercare.case.taken_back.v1")
class TakenBack(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Experts or vendor gave the case back; whoever had it has it again (DP-09)."""

    reason: str | None = None


@event_type("aftercare.case.scope_asked.v1")
class ScopeAsked(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Work outside the agreed scope is asked for (DP-19); `number` counts within the case."""

    number: int
    description: str


@event_type("aftercare.case.scope_decided.v1")
class ScopeDecided(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The maintenance director, `decided_by`, approved or refused it (DP-19)."""

    number: int
    approved: bool
    decided_by: str
    reason: str


@event_type("aftercare.case.defect_claimed.v1")
class DefectClaimed(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The product itself is said to be at fault (DP-29); `number` counts within the case."""

    number: int
    description: str


@event_type("aftercare.case.defect_decided.v1")
class DefectDecided(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Once confirmed, the product is replaced free of charge (DP-29)."""

    number: int
    confirmed: bool
    decided_by: str
    reason: str


class UsedPart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part at cost, `unit_cents` each."""

    part_number: str
    quantity: int
    unit_cents: int


@event_type("aftercare.case.costs_recorded.v1")
class CostsRecorded(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Travel, labour and parts of one piece of work at cost, in cents of `currency` (DP-20).

    `number` counts within the case; the same one again replaces it. `charged`: the customer pays.
    `scope` is the approved request out of scope that the work was for, `defect` the confirmed one
    that it made good.
    """

    number: int
    currency: str
    charged: bool
    travel_metres: int = 0
    travel_minutes: int = 0
    travel_cents: int = 0
    labour_minutes: int = 0
    labour_cents: int = 0
    parts: tuple[UsedPart, ...] = ()
    scope: int | None = None
    defect: int | None = None
    note: str | None = None
