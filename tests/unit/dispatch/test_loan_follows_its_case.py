"""DP-11: the loan of a withdrawn case is due back, that of a merged case goes on for the other."""

from functools import reduce

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.loan import (
    CaseLoanEnded,
    CaseLoanReserved,
    LoanMoved,
    LoanReserved,
    LoanReturned,
)
from dispatch.domain import lending, loan
from support.dispatch_cases import CASE, after, at, reported

OTHER = "OTHR-CASE"
RESERVED = LoanReserved(loan_id="L-1", case_id=CASE, unit_id="U-1", depot_id="DP-1", model="S7706")
LENT = CaseLoanReserved(case_id=CASE, loan_id="L-1", unit_id="U-1")
MOVED = LoanMoved(loan_id="L-1", case_id=OTHER, previous_case_id=CASE)
MOVE = loan.Move(loan_id="L-1", case_id=CASE, into=OTHER)


def lent(*facts: loan.Fact) -> loan.LoanState:
    return reduce(
        lambda state, fact: loan.evolve(state, fact, at(0)), (RESERVED, *facts), loan.INITIAL
    )


def test_nothing_has_to_stand_in_for_a_withdrawn_case() -> None:
    withdrawn = after(reported(), LENT, c.CaseWithdrawn(case_id=CASE))
    assert withdrawn.needless_since == at(20)
    assert not withdrawn.works_again


def test_device_that_worked_again_before_the_withdrawal_counts_from_then() -> None:
    restored = c.ServiceRestored(case_id=CASE)
    assert after(reported(), restored, c.CaseWithdrawn(case_id=CASE)).needless_since == at(10)


def test_both_cases_and_the_loan_change_together() -> None:
    facts = list(lending.move(MOVE, lent()))
    assert facts == [
        CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="moved"),
        CaseLoanReserved(case_id=OTHER, loan_id="L-1", unit_id="U-1"),
        MOVED,
    ]
    moved = lent(MOVED)
    assert (moved.case_id, moved.stage) == (OTHER, "reserved")
    assert after(reported(), LENT, c.CaseMerged(case_id=CASE, into=OTHER), facts[0]).loans == ()
    assert after(reported(), facts[1]).loans == ("L-1",)


def test_loan_is_moved_once_and_only_while_it_is_out() -> None:
    assert lending.move(MOVE, lent(MOVED)) == []
    assert lending.move(MOVE, lent(LoanReturned(loan_id="L-1", condition="good"))) == []
