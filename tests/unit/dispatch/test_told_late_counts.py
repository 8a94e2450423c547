"""DP-07: what somebody did while they had the case counts, although somebody else has it now."""

from collections.abc import Sequence
from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused
from dispatch.domain import booking, case, case_folding, case_state
from dispatch.domain import commands as cmd
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

SLOT = {"slot_start": at(10), "slot_end": at(130)}
FIRST = assigned("E-1", **SLOT)
SECOND = assigned("E-2", **SLOT)
SILENT = c.CaseDeclined(case_id=CASE, engineer_id="E-1", unanswered=True)


def told(facts: Sequence[Any], kind: Any, minutes: int, **said: Any) -> Sequence[Any]:
    command = kind(case_id=CASE, at=at(minutes), engineer_id="E-1", **said)
    return Given(*facts).when(command).decided()


@pytest.mark.parametrize("moved_on", [(SECOND,), (SILENT,), (SILENT, SECOND)])
@pytest.mark.parametrize(
    ("kind", "fact", "milestone"),
    [
        (cmd.Accept, c.CaseAccepted, "accepted"),
        (cmd.Depart, c.EngineerDeparted, "departed"),
        (cmd.Arrive, c.EngineerArrived, "arrived"),
    ],
)
def test_milestone_is_theirs_and_the_case_is_not(
    moved_on: tuple[Any, ...], kind: Any, fact: Any, milestone: str
) -> None:
    facts = (reported(), FIRST, *moved_on)
    before = after(*facts)
    (said,) = told(facts, kind, 15)
    assert said == fact(case_id=CASE, engineer_id="E-1")
    state = case_folding.evolve(before, said, at(15))
    assert state.milestones[milestone] == at(15)
    assert (state.assignment, state.wanted) == (before.assignment, before.wanted)
    assert case_state.status(state) == case_state.status(before)
    assert booking.follow(CASE, before, [said], state, at(15)) == []


def test_whole_visit_is_told_in_order_and_once() -> None:
    state = after(reported(), FIRST, SECOND)
    for kind in (cmd.Depart, cmd.Arrive):
        command = kind(case_id=CASE, at=at(15), engineer_id="E-1")
        (said,) = case.decide(command, state)
        state = case_folding.evolve(state, said, at(15))
    again = cmd.Arrive(case_id=CASE, at=at(16), engineer_id="E-1")
    with pytest.raises(Refused) as refusal:
        case.decide(again, state)
    assert refusal.value.code == "already-arrived"


def test_what_happened_afterwards_is_not_theirs() -> None:
    for minutes in (5, 21):
        command = cmd.Arrive(case_id=CASE, at=at(minutes), engineer_id="E-1")
        Given(reported(), FIRST, SECOND).when(command).refused("not-the-holder")
    stranger = cmd.Arrive(case_id=CASE, at=at(15), engineer_id="E-3")
    Given(reported(), FIRST, SECOND).when(stranger).refused("not-the-holder")


def test_reopened_case_knows_nothing_of_the_visits_before() -> None:
    resolved, reopened = c.CaseResolved(case_id=CASE), c.CaseReopened(case_id=CASE)
    command = cmd.Arrive(case_id=CASE, at=at(15), engineer_id="E-1")
    facts = (reported(), FIRST, SECOND, resolved, reopened, SECOND)
    Given(*facts).when(command).refused("not-the-holder")


def test_whoever_lacks_the_skill_attended_then_too() -> None:
    (said,) = told((reported(), FIRST, SECOND), cmd.Arrive, 15, lacks=("skill",))
    assert said == c.EngineerAttended(case_id=CASE, engineer_id="E-1", lacks=("skill",))
    state = case_folding.evolve(after(reported(), FIRST, SECOND), said, at(15))
    assert "arrived" not in state.milestones
    assert state.assignment == after(reported(), FIRST, SECOND).assignment
