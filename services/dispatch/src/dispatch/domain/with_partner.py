"""What a partner says, or does not say, to a case handed over to them (DP-26)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from aftercare_events.catalogue import partner as p
from aftercare_events.catalogue.case import EngineerArrived
from aftercare_events.decider import Refused

from . import commands as cmd
from .partner import may_be_asked
from .work_state import HandOver, Work, on_last

Fact = p.PartnerAsked | p.PartnerAccepted | p.PartnerSilent | p.PartnerAbsent


def ask(partner: p.PartnerRegistered, command: cmd.EscalateToExpert) -> p.PartnerAsked:
    """Raises Refused. The promise counts from the hand-over."""
    may_be_asked(partner, command.at)
    promise = partner.promise
    onsite = promise.onsite_minutes
    return p.PartnerAsked(
        case_id=command.case_id,
        partner_id=partner.partner_id,
        kind=partner.kind,
        agreement=promise.agreement,
        answer_by=command.at + timedelta(minutes=promise.answer_minutes),
        onsite_by=None if onsite is None else command.at + timedelta(minutes=onsite),
    )


def accept(command: cmd.AcceptHandOver, held: HandOver | None) -> Sequence[Fact]:
    """Once; a late answer counts as long as the case is still with them."""
    if held is None or held.partner is None:
        raise Refused("not-with-a-partner", "the case was not handed over to a partner")
    if held.accepted_at is not None:
        raise Refused("already-accepted", f"{held.target} took it as {held.reference}")
    return [
        p.PartnerAccepted(
            case_id=command.case_id, partner_id=held.target, reference=command.reference
        )
    ]


def no_answer(command: cmd.PartnerNoAnswer, held: HandOver | None) -> Sequence[Fact]:
    """Nothing, when an answer came or somebody else has it before the silence was noticed."""
    due = answer_due(held)
    if held is None or due is None or command.at < due:
        return []
    return [p.PartnerSilent(case_id=command.case_id, partner_id=held.target)]


def not_there(command: cmd.PartnerNotThere, held: HandOver | None) -> Sequence[Fact]:
    """Nothing, when they came or somebody else has it before the absence was noticed."""
    due = onsite_due(held)
    if held is None or due is None or command.at < due:
        return []
    return [p.PartnerAbsent(case_id=command.case_id, partner_id=held.target, onsite_by=due)]


def arrive(command: cmd.Arrive, held: HandOver | None) -> Sequence[EngineerArrived]:
    """`held` is theirs, or was until a promise passed and nobody else was sent since."""
    if held is None or held.partner is None:
        raise Refused("not-with-a-partner", "the case was not handed over to a partner")
    if held.target != command.partner_id:
        raise Refused("not-the-holder", f"the case is with {held.target}", "partner_id")
    if held.arrived_at is not None:
        raise Refused("already-arrived", f"{held.target} is on site")
    return [EngineerArrived(case_id=command.case_id, partner_id=held.target)]


def answer_due(held: HandOver | None) -> datetime | None:
    """When whoever holds the case must have answered; None: nobody waits for it."""
    if held is None or held.accepted_at is not None or held.arrived_at is not None:
        return None
    return held.answer_by


def onsite_due(held: HandOver | None) -> datetime | None:
    """When the partner who took the case must be on site; None: nobody waits for it."""
    if held is None or held.accepted_at is None or held.arrived_at is not None:
        return None
    return held.onsite_by


def evolve(work: Work, fact: Fact, at: datetime) -> Work:
    match fact:
        case p.PartnerAsked():
            return on_last(
                work,
                partner=fact.kind,
                agreement=fact.agreement,
                answer_by=fact.answer_by,
                onsite_by=fact.onsite_by,
            )
        case p.PartnerAccepted():
            return on_last(work, accepted_at=at, reference=fact.reference)
        case p.PartnerSilent():
            return on_last(work, silent_at=at)
        case p.PartnerAbsent():
            return on_last(work, absent_at=at)
        case _:
            assert_never(fact)
