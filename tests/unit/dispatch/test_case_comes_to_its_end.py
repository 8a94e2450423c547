"""DP-01, DP-08: resolved, signed off, closed, and opened again."""

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from aftercare_events.sealing import Sealed
from dispatch.domain import commands as cmd
from support.dispatch_cases import CASE, Given, after, assigned, at, recorded, reported

RESOLVED = c.CaseResolved(case_id=CASE)
SIGNED = c.CaseSignedOff(case_id=CASE, rating=5)
CLOSED = c.CaseClosed(case_id=CASE)
LENT = CaseLoanReserved(case_id=CASE, loan_id="L-1", unit_id="U-1")

resolve = cmd.Resolve(case_id=CASE, at=at(60))
sign_off = cmd.SignOff(case_id=CASE, at=at(60), rating=5)
close = cmd.Close(case_id=CASE, at=at(60))
reopen = cmd.Reopen(case_id=CASE, at=at(60), reason="down again")


def test_fault_is_resolved_only_with_its_maintenance_record() -> None:
    Given(reported(), assigned()).when(resolve).refused("record-required")
    Given(reported(), assigned(), recorded()).when(resolve).then(RESOLVED)


@pytest.mark.parametrize("name", ["symptom", "cause", "action", "prevention", "technique"])
def test_record_that_lacks_something_says_what_before_resolution(name: str) -> None:
    """DP-08: all of it is written down, not blanks."""
    lacking = Given(reported(), recorded(**{name: " "})).when(resolve).refused("record-incomplete")
    assert lacking.missing == (f"record.{name}",)


def test_place_and_person_of_the_record_may_be_those_of_the_report() -> None:
    """DP-08: where it was and who reported it need not be written twice."""
    short = recorded(place=None, reported_by=None)
    lacking = Given(reported(), short).when(resolve).refused("record-incomplete")
    assert lacking.missing == ("record.place", "record.reported_by")
    known = reported(site_id="S-1", contact=Sealed(person="P-1", box="x"))
    Given(known, short).when(resolve).then(RESOLVED)


def test_question_is_resolved_without_one() -> None:
    Given(reported(kind="question")).when(resolve).then(RESOLVED)


def test_resolution_ends_a_pause() -> None:
    paused = c.CasePaused(case_id=CASE, reason="no_site_access")
    resumed = c.CaseResumed(case_id=CASE, reason="no_site_access")
    Given(reported(), recorded(), paused).when(resolve).then(resumed, RESOLVED)


def test_case_is_resolved_once() -> None:
    Given(reported(), recorded(), RESOLVED).when(resolve).refused("case-resolved")


def test_no_step_lies_before_the_one_it_rests_on() -> None:
    """Facts are told later with their true times, which have an order all the same."""
    restored = c.ServiceRestored(case_id=CASE)
    early = cmd.Resolve(case_id=CASE, at=at(5))
    refusal = Given(reported(), recorded(), restored).when(early).refused("out-of-order")
    assert refusal.field == "occurred_at"
    Given(reported(), recorded()).when(early).then(RESOLVED)
    for command in (
        cmd.SignOff(case_id=CASE, at=at(5), rating=5),
        cmd.Close(case_id=CASE, at=at(5)),
        cmd.Reopen(case_id=CASE, at=at(5), reason="down again"),
    ):
        Given(reported(), recorded(), RESOLVED).when(command).refused("out-of-order")


def test_only_resolved_work_is_signed_off_and_once() -> None:
    Given(reported(), recorded()).when(sign_off).refused("case-open")
    Given(reported(), recorded(), RESOLVED).when(sign_off).then(SIGNED)
    Given(reported(), recorded(), RESOLVED, SIGNED).when(sign_off).refused("case-signed-off")


def test_case_closes_once_it_is_resolved() -> None:
    Given(reported()).when(close).refused("case-open")
    Given(reported(), RESOLVED).when(close).then(CLOSED)
    Given(reported(), RESOLVED, SIGNED).when(close).then(CLOSED)
    Given(reported(), RESOLVED, CLOSED).when(close).refused("case-closed")


def test_case_does_not_close_while_its_loan_is_out() -> None:
    Given(reported(), LENT, RESOLVED).when(close).refused("loan-out")
    despite = cmd.Close(case_id=CASE, at=at(60), despite_loan=True)
    Given(reported(), LENT, RESOLVED).when(despite).refused("reason-required")
    named = cmd.Close(case_id=CASE, at=at(60), despite_loan=True, reason="customer buys it")
    Given(reported(), LENT, RESOLVED).when(named).then(
        c.CaseClosed(case_id=CASE, reason="customer buys it")
    )
    ended = CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="returned")
    Given(reported(), LENT, ended, RESOLVED).when(close).then(CLOSED)


def test_reopened_case_looks_for_somebody_in_a_new_cycle() -> None:
    facts = (reported(), assigned(), recorded(), RESOLVED)
    Given(*facts).when(reopen).then(c.CaseReopened(case_id=CASE, reason="down again"))
    state = after(*facts, c.CaseReopened(case_id=CASE))
    assert (state.stage, state.cycle, state.wanted, state.assignment) == (
        "open",
        2,
        "hotline",
        None,
    )
    assert state.milestones == {}
    assert state.record is None


def test_open_case_is_not_reopened() -> None:
    Given(reported()).when(reopen).refused("case-open")
    withdrawn = c.CaseWithdrawn(case_id=CASE)
    Given(reported(), withdrawn).when(reopen).refused("case-withdrawn")


def test_withdrawn_case_looks_for_nobody() -> None:
    assert after(reported(), c.CaseWithdrawn(case_id=CASE)).wanted is None
