"""Handing a case over to experts, a vendor or a partner, and having it back (DP-09, DP-26)."""

from collections.abc import Sequence
from typing import assert_never

from aftercare_events.catalogue import work as w
from aftercare_events.catalogue.case import EscalatedToExpert
from aftercare_events.decider import Refused

from . import commands as cmd
from . import with_partner
from .case_state import CaseState

Fact = EscalatedToExpert | w.HandOverTold | w.TakenBack | with_partner.Fact
Decided = Sequence[Fact]


def decide(command: cmd.HandingOver, state: CaseState) -> Decided:
    """Raises Refused."""
    match command:
        case cmd.EscalateToExpert():
            return escalate(command, state)
        case cmd.TellOfHandOver():
            return tell(command, state)
        case cmd.AcceptHandOver():
            return with_partner.accept(command, state.held_over)
        case cmd.PartnerNoAnswer():
            return with_partner.no_answer(command, state.held_over)
        case cmd.PartnerNotThere():
            held = None if "restored" in state.milestones else state.held_over
            return with_partner.not_there(command, held)
        case cmd.TakeBack():
            return take_back(command, state)
        case _:
            assert_never(command)


def escalate(command: cmd.EscalateToExpert, state: CaseState) -> Decided:
    """Passed on, and from one expert group to the next (DP-09)."""
    if state.expert == command.target:
        raise Refused("already-handed-over", f"{command.target} holds the case")
    partner = command.partner
    passed = EscalatedToExpert(
        case_id=command.case_id,
        target=command.target,
        reason=command.reason,
        kind="vendor" if partner else command.kind,
        lead=command.lead,
        customer_told=command.customer_told,
    )
    return [passed, with_partner.ask(partner, command)] if partner else [passed]


def take_back(command: cmd.TakeBack, state: CaseState) -> Decided:
    """A partner says why they send it back (DP-26)."""
    _handed_over(state)
    held = state.held_over
    if held is not None and held.partner is not None and not command.reason:
        raise Refused("reason-required", "say why the partner does not do it", "reason")
    return [w.TakenBack(case_id=command.case_id, reason=command.reason)]


def tell(command: cmd.TellOfHandOver, state: CaseState) -> Decided:
    _handed_over(state)
    if command.whom == "lead" and command.lead is None:
        raise Refused("lead-required", "say to whom it was reported (DP-09)", "lead")
    return [
        w.HandOverTold(
            case_id=command.case_id, whom=command.whom, lead=command.lead, note=command.note
        )
    ]


def _handed_over(state: CaseState) -> None:
    if state.expert is None:
        raise Refused("not-handed-over", "neither experts nor a vendor hold the case")
