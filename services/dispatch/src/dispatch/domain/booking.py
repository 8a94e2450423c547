"""How an engineer's day follows from a case: who is freed, who is booked.

The case decides, its visit before and after is compared, and both sides go into one batch.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import EngineerHandedOver, ReleaseReason
from aftercare_events.decider import Refused

from . import case_facts, engineer, shifts
from .case_state import CaseState, Visit

REASONS: dict[type, ReleaseReason] = {
    c.CaseAssigned: "reassigned",
    c.EndExpected: "rescheduled",
    c.CaseDeclined: "declined",
    c.EngineerRejected: "rejected",
    c.EscalatedToExpert: "escalated",
    c.ServiceRestored: "work_done",
    c.MaintenanceRecorded: "work_done",
    c.CaseResolved: "resolved",
    c.CaseReopened: "reopened",
}


def follow(
    case_id: str,
    before: CaseState,
    facts: Sequence[case_facts.Fact],
    after: CaseState,
    at: datetime,
) -> Sequence[engineer.Command]:
    """The commands to the engineers concerned, releases first."""
    was, visit = before.visit, after.visit
    if was == visit:
        return _set_off(case_id, facts, visit)
    commands: list[engineer.Command] = []
    if was is not None and not _goes_on(was, visit):
        reason = REASONS.get(type(facts[-1]), "case_ended")
        commands.append(
            engineer.Release(engineer_id=was.engineer_id, case_id=case_id, reason=reason)
        )
    if visit is not None:
        commands.append(
            engineer.Book(
                engineer_id=visit.engineer_id,
                case_id=case_id,
                slot=visit.slot,
                at=at,
                on_site=visit.on_site,
            )
        )
    return commands


def _set_off(
    case_id: str, facts: Sequence[case_facts.Fact], visit: Visit | None
) -> Sequence[engineer.Command]:
    """Nothing of the day changes, but whoever is on site elsewhere does not go."""
    goes = any(
        isinstance(fact, c.EngineerDeparted) and visit and fact.engineer_id == visit.engineer_id
        for fact in facts
    )
    return (
        [engineer.SetOff(engineer_id=visit.engineer_id, case_id=case_id)] if goes and visit else []
    )


def _goes_on(was: Visit, visit: Visit | None) -> bool:
    """The same visit, now with somebody there, or with what they came for done."""
    return visit is not None and visit == was._replace(on_site=visit.on_site)


def hand_over(
    command: shifts.HandOver, gives: engineer.EngineerState, takes: engineer.EngineerState
) -> Sequence[engineer.Fact]:
    """Both sides of a hand-over (交接班). Raises Refused."""
    facts = engineer.decide(command, gives)
    for fact in facts:
        if isinstance(fact, EngineerHandedOver):
            taken = shifts.PlanShift(
                engineer_id=fact.to,
                shift_id=fact.shift_id,
                start=fact.start,
                end=fact.end,
                taken_from=fact.engineer_id,
                note=fact.note,
            )
            return [*facts, *_taking(taken, takes)]
    return facts


def _taking(command: shifts.PlanShift, state: engineer.EngineerState) -> Sequence[engineer.Fact]:
    if state.entry is None or not state.entry.active:
        raise Refused("unknown-engineer", f"no engineer {command.engineer_id} is at work", "to")
    return engineer.decide(command, state)


def decide(
    commands: Sequence[engineer.Command], state: engineer.EngineerState, at: datetime
) -> Sequence[engineer.Fact]:
    """The facts of several commands to one engineer, each seeing what the one before did."""
    facts: list[engineer.Fact] = []
    for command in commands:
        new = engineer.decide(command, state)
        state = reduce(lambda so_far, fact: engineer.evolve(so_far, fact, at), new, state)
        facts.extend(new)
    return facts
