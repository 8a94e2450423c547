"""A breached clock keeps its case on the overdue list until its milestone is reached."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import BreachWithdrawn, ClockBreached
from support.dispatch_cases import CASE, after, assigned, at, reported


def breach(clock: str) -> ClockBreached:
    return ClockBreached(
        case_id=CASE,
        clock=clock,
        cycle=1,
        due_at=at(5),
        breached_at=at(5),
        policy="it-integration",
        policy_version=1,
    )


@pytest.mark.parametrize(
    ("clock", "fact", "left"),
    [
        ("contact", c.CustomerContacted(case_id=CASE), False),
        ("respond", c.CustomerContacted(case_id=CASE), True),
        ("contact", c.CaseDiagnosed(case_id=CASE), False),
        ("onsite", c.CaseDiagnosed(case_id=CASE), True),
        ("dispatch", assigned(), False),
        ("dispatch", c.CaseResponded(case_id=CASE), True),
        ("onsite", c.EngineerArrived(case_id=CASE), False),
        ("restore", c.EngineerArrived(case_id=CASE), True),
        ("onsite", c.ServiceRestored(case_id=CASE), False),
        ("resolve", c.ServiceRestored(case_id=CASE), True),
        ("resolve", c.CaseResolved(case_id=CASE), False),
        ("close", c.CaseResolved(case_id=CASE), True),
        ("close", c.CaseClosed(case_id=CASE), False),
        ("restore", c.CaseWithdrawn(case_id=CASE), False),
    ],
)
def test_milestone_ends_it(clock: str, fact: Any, left: bool) -> None:
    assert bool(after(reported(), breach(clock), fact).breached) is left


def test_withdrawn_breach_ends_it() -> None:
    undone = BreachWithdrawn(case_id=CASE, clock="restore", cycle=1, reason="met_in_time")
    assert after(reported(), breach("restore"), breach("respond"), undone).breached == {"respond"}
