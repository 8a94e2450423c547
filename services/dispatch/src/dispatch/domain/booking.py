"""How an engineer's day follows from a case: who is freed, who is booked.

The case decides, its visit before and after is compared, and both sides go into one batch.
"""

from collections.abc import Sequence
from functools import reduce

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.dispatch import ReleaseReason

from . import case_state, engineer
from .case_state import CaseState

REASONS: dict[type, ReleaseReason] = {
    c.CaseAssigned: "reassigned",
    c.CaseDeclined: "declined",
    c.EngineerRejected: "rejected",
    c.EscalatedToExpert: "escalated",
    c.ServiceRestored: "work_done",
    c.MaintenanceRecorded: "work_done",
    c.CaseResolved: "resolved",
    c.CaseReopened: "reopened",
}


def follow(
    case_id: str, before: CaseState, facts: Sequence[case_state.Fact], after: CaseState
) -> Sequence[engineer.Command]:
    """The commands to the engineers concerned, releases first."""
    if before.visit == after.visit:
        return []
    commands: list[engineer.Command] = []
    if before.visit is not None:
        reason = REASONS.get(type(facts[-1]), "case_ended")
        commands.append(
            engineer.Release(engineer_id=before.visit[0], case_id=case_id, reason=reason)
        )
    if after.visit is not None:
        engineer_id, slot = after.visit
        commands.append(engineer.Book(engineer_id=engineer_id, case_id=case_id, slot=slot))
    return commands


def decide(
    commands: Sequence[engineer.Command], state: engineer.EngineerState
) -> Sequence[engineer.Fact]:
    """The facts of several commands to one engineer, each seeing what the one before did."""
    facts: list[engineer.Fact] = []
    for command in commands:
        new = engineer.decide(command, state)
        state = reduce(engineer.evolve, new, state)
        facts.extend(new)
    return facts
