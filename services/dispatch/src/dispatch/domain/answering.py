"""What whoever was given a case says to it, and the customer to whoever was sent."""

from collections.abc import Sequence
from typing import assert_never

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused

from . import commands as cmd
from .case_facts import Fact
from .case_guards import done_by, held_by, must_be_open
from .case_state import CaseState


def decide(command: cmd.Answering, state: CaseState) -> Sequence[Fact]:
    if isinstance(command, cmd.NoAnswer):
        return no_answer(command, state)
    if isinstance(command, cmd.TakeFromAway):
        return take_from_away(command, state)
    must_be_open(state)
    match command:
        case cmd.Accept():
            return accept(command, state)
        case cmd.Decline():
            return decline(command, state)
        case cmd.RejectEngineer():
            return reject_engineer(command, state)
        case _:
            assert_never(command)


def accept(command: cmd.Accept, state: CaseState) -> Sequence[Fact]:
    held = done_by(command.engineer_id, state, command.at)
    if held.accepted:
        raise Refused("already-accepted", f"{held.engineer_id} has accepted")
    return [c.CaseAccepted(case_id=command.case_id, engineer_id=held.engineer_id)]


def decline(command: cmd.Decline, state: CaseState) -> Sequence[Fact]:
    held = held_by(command.engineer_id, state)
    if held.arrived_at is not None:
        raise Refused("already-arrived", f"{held.engineer_id} is on site and cannot decline")
    return [
        c.CaseDeclined(case_id=command.case_id, engineer_id=held.engineer_id, reason=command.reason)
    ]


def no_answer(command: cmd.NoAnswer, state: CaseState) -> Sequence[Fact]:
    """Nothing, when an answer came, or somebody else was asked, before the silence was noticed."""
    due, held = state.answer_due, state.assignment
    if due is None or held is None or held.engineer_id != command.engineer_id or command.at < due:
        return []
    return [c.CaseDeclined(case_id=command.case_id, engineer_id=held.engineer_id, unanswered=True)]


def take_from_away(command: cmd.TakeFromAway, state: CaseState) -> Sequence[Fact]:
    """Nothing, where the work has begun, or they were chosen although it was known (DP-04)."""
    held = state.assignment
    if held is None or held.engineer_id != command.engineer_id or held.at > command.said_at:
        return []
    begun = held.departed_at or held.arrived_at or "restored" in state.milestones
    if state.stage != "open" or begun:
        return []
    if command.absence and not (held.slot and held.slot.overlaps(command.absence)):
        return []
    return [c.CaseDeclined(case_id=command.case_id, engineer_id=held.engineer_id, away=True)]


def reject_engineer(command: cmd.RejectEngineer, state: CaseState) -> Sequence[Fact]:
    """The customer wants somebody else (DP-16) than whoever has the case, or than the one named."""
    engineer_id = command.engineer_id or held_by(None, state).engineer_id
    if engineer_id in state.rejected:
        raise Refused("already-rejected", f"{engineer_id} was rejected before")
    return [
        c.EngineerRejected(case_id=command.case_id, engineer_id=engineer_id, reason=command.reason)
    ]
