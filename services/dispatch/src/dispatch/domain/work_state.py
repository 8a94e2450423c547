"""Hand-over, scope and costs of a case, as its facts have left them."""

from datetime import datetime
from typing import assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue import work as w
from aftercare_events.catalogue.case import EscalatedToExpert, HolderKind
from aftercare_events.catalogue.partner import PartnerKind
from aftercare_events.catalogue.warranty import CaseGuaranteeGranted

Fact = (
    w.HandOverTold
    | w.TakenBack
    | w.ScopeAsked
    | w.ScopeDecided
    | w.CostsRecorded
    | w.DefectClaimed
    | w.DefectDecided
    | CaseGuaranteeGranted
)


class HandOver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who holds a case that the engineer could not solve, since when, and who knows (DP-09).

    `partner` is what kind of partner it is, who promised to answer `answer_by` (DP-26); `silent_at`
    and `absent_at` are when a promise of theirs passed unkept.
    """

    target: str
    since: datetime
    kind: HolderKind | None = None
    reason: str | None = None
    customer_told_at: datetime | None = None
    lead: str | None = None
    lead_told_at: datetime | None = None
    given_back_at: datetime | None = None
    given_back_reason: str | None = None
    partner: PartnerKind | None = None
    agreement: str | None = None
    answer_by: datetime | None = None
    onsite_by: datetime | None = None
    accepted_at: datetime | None = None
    reference: str | None = None
    silent_at: datetime | None = None
    arrived_at: datetime | None = None
    absent_at: datetime | None = None


class ScopeRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Work out of scope; `approved` is None while the maintenance director has to decide."""

    number: int
    description: str
    asked_at: datetime
    approved: bool | None = None
    decided_by: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None


class Defect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A defect of the product as claimed; `confirmed` is None until somebody decided."""

    number: int
    description: str
    claimed_at: datetime
    confirmed: bool | None = None
    decided_by: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None


class Work(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`guarantee` is the one that was granted and makes the work free (DP-15)."""

    hand_overs: tuple[HandOver, ...] = ()
    scope: tuple[ScopeRequest, ...] = ()
    costs: tuple[w.CostsRecorded, ...] = ()
    defects: tuple[Defect, ...] = ()
    guarantee: str | None = None

    @property
    def undecided(self) -> tuple[int, ...]:
        return tuple(one.number for one in self.scope if one.approved is None)


def handed_over(work: Work, fact: EscalatedToExpert, at: datetime) -> Work:
    one = HandOver(
        target=fact.target,
        since=at,
        kind=fact.kind,
        reason=fact.reason,
        customer_told_at=at if fact.customer_told else None,
        lead=fact.lead,
        lead_told_at=at if fact.lead else None,
    )
    return replace(work, hand_overs=(*work.hand_overs, one))


def evolve(work: Work, fact: Fact, at: datetime) -> Work:
    match fact:
        case w.HandOverTold(whom="customer"):
            return on_last(work, customer_told_at=at)
        case w.HandOverTold():
            return on_last(work, lead=fact.lead, lead_told_at=at)
        case w.TakenBack():
            return on_last(work, given_back_at=at, given_back_reason=fact.reason)
        case w.ScopeAsked():
            asked = ScopeRequest(number=fact.number, description=fact.description, asked_at=at)
            return replace(work, scope=(*work.scope, asked))
        case w.ScopeDecided():
            return replace(work, scope=tuple(_decided(one, fact, at) for one in work.scope))
        case w.DefectClaimed():
            defect = Defect(number=fact.number, description=fact.description, claimed_at=at)
            return replace(work, defects=(*work.defects, defect))
        case w.DefectDecided():
            return replace(work, defects=tuple(_judged(one, fact, at) for one in work.defects))
        case w.CostsRecorded():
            others = tuple(one for one in work.costs if one.number != fact.number)
            costs = sorted((*others, fact), key=lambda one: one.number)
            return replace(work, costs=tuple(costs))
        case CaseGuaranteeGranted():
            return replace(work, guarantee=fact.guarantee_id)
        case _:
            assert_never(fact)


def on_last(work: Work, **changes: object) -> Work:
    if not work.hand_overs:
        return work
    *before, last = work.hand_overs
    return replace(work, hand_overs=(*before, replace(last, **changes)))


def _decided(one: ScopeRequest, fact: w.ScopeDecided, at: datetime) -> ScopeRequest:
    if one.number != fact.number:
        return one
    return replace(
        one,
        approved=fact.approved,
        decided_by=fact.decided_by,
        reason=fact.reason,
        decided_at=at,
    )


def _judged(one: Defect, fact: w.DefectDecided, at: datetime) -> Defect:
    if one.number != fact.number:
        return one
    return replace(
        one,
        confirmed=fact.confirmed,
        decided_by=fact.decided_by,
        reason=fact.reason,
        decided_at=at,
    )
