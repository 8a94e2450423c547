"""IN-13: what is taken up at once does not wait in silence for somebody to come on duty."""

from dataclasses import replace

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from support.dispatch_cases import CASE, Given, assigned, at, reported

LOOKED = cmd.FindNobody(case_id=CASE, at=at(60), at_once=True)
MAY_WAIT = cmd.FindNobody(case_id=CASE, at=at(60), at_once=False)
UNATTENDED = c.CaseUnattended(case_id=CASE)


def test_worst_fault_that_finds_nobody_is_said_once() -> None:
    Given(reported(severity="1")).when(LOOKED).then(UNATTENDED)
    Given(reported(severity="1"), UNATTENDED).when(LOOKED).then()


def test_it_is_said_what_spoke_against_everybody() -> None:
    looked = replace(LOOKED, left_out={"off_duty": 2, "skill": 1})
    said = c.CaseUnattended(case_id=CASE, left_out={"off_duty": 2, "skill": 1})
    Given(reported(severity="1")).when(looked).then(said)


def test_it_is_said_again_when_whoever_had_it_declined() -> None:
    declined = c.CaseDeclined(case_id=CASE, engineer_id="E-1")
    facts = (reported(severity="1"), UNATTENDED, assigned("E-1"), declined)
    Given(*facts).when(LOOKED).then(UNATTENDED)


def test_it_is_not_said_of_what_may_wait_or_is_looked_after() -> None:
    Given(reported(severity="2")).when(MAY_WAIT).then()
    Given(reported(severity="1"), assigned("E-1")).when(LOOKED).then()


def test_nothing_is_said_of_a_case_that_is_over() -> None:
    Given(reported(severity="1"), c.CaseWithdrawn(case_id=CASE)).when(LOOKED).refused(
        "case-withdrawn"
    )
