"""DP-11: who waits for a spare gets it by severity, then by time, until the own device works."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.loan import (
    CaseLoanEnded,
    CaseLoanRequested,
    CaseLoanReserved,
    LoanRequested,
    LoanWaitEnded,
)
from aftercare_events.catalogue.unit import UnitRegistered
from aftercare_events.decider import Refused
from dispatch.domain import lending, loan, stock, unit
from dispatch.domain.contract_terms import ContractTerms, rank
from dispatch.domain.waiting_queue import Waiting, serve
from support.dispatch_cases import CASE, START, after, at, reported

SAID = LoanRequested(loan_id="L-1", case_id=CASE, model="S7706", category="network", grade=2)
WAITING = CaseLoanRequested(case_id=CASE, loan_id="L-1")
STANDS = loan.evolve(loan.INITIAL, SAID, at(5))
SHELF = unit.evolve(
    unit.INITIAL, UnitRegistered(unit_id="U-1", depot_id="DP-1", model="S7706", grade=2)
)
RESERVE = loan.Reserve(loan_id="L-1", case_id=CASE, unit_id="U-1", depot_id="DP-1", model="S7706")


def refusal(call: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value.code


def one(loan_id: str, rank: int = 0, minutes: int = 0, **wish: Any) -> Waiting:
    return Waiting(
        loan_id=loan_id,
        case_id=f"C-{loan_id}",
        wish=stock.Wish(**({"category": "network", "grade": 1} | wish)),
        rank=rank,
        since=START + timedelta(minutes=minutes),
    )


def spare(unit_id: str, grade: int = 2, category: str = "network") -> stock.Spare:
    return stock.Spare(
        unit_id=unit_id, depot_id="DP-1", model="S7706", category=category, grade=grade
    )


def test_case_and_loan_begin_to_wait_together() -> None:
    facts = list(lending.wait(loan.Request(said=SAID), after(reported()), loan.INITIAL))
    assert facts == [WAITING, SAID]
    waiting = after(reported(), WAITING)
    assert (waiting.loans, waiting.loans_waiting) == ((), ("L-1",))


def test_what_waits_is_reserved_when_a_unit_is_there() -> None:
    case = after(reported(), WAITING)
    facts: list[Any] = list(lending.lend(RESERVE, case, SHELF, STANDS))
    assert [type(fact).__name__ for fact in facts] == [
        "UnitReserved",
        "CaseLoanReserved",
        "LoanReserved",
    ]
    served = after(reported(), WAITING, facts[1])
    assert (served.loans, served.loans_waiting) == (("L-1",), ())
    assert loan.evolve(STANDS, facts[2], at(9)).stage == "reserved"


def test_nobody_waits_once_the_own_device_works() -> None:
    mended = after(reported(), c.ServiceRestored(case_id=CASE))
    assert refusal(lending.wait, loan.Request(said=SAID), mended, loan.INITIAL) == "no-unit-free"


def test_cancelled_wait_is_over_for_loan_and_case() -> None:
    facts: list[Any] = list(lending.cancel(loan.Cancel(loan_id="L-1", reason="restored"), STANDS))
    assert facts == [
        CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="cancelled"),
        LoanWaitEnded(loan_id="L-1", reason="restored"),
    ]
    assert after(reported(), WAITING, facts[0]).loans_waiting == ()
    cancelled = loan.evolve(STANDS, facts[1], at(9))
    assert refusal(loan.decide, RESERVE, cancelled) == "loan-cancelled"
    assert refusal(loan.decide, loan.Ship(loan_id="L-1"), STANDS) == "loan-waiting"


def during_repair() -> loan.Reserve:
    return loan.Reserve(
        loan_id="L-1",
        case_id=CASE,
        unit_id="U-1",
        depot_id="DP-1",
        model="S7706",
        automatic=True,
        cause="during_repair",
    )


def test_spare_during_repair_is_lent_once_and_not_after_it() -> None:
    visit = after(reported(), c.OnsiteRequired(case_id=CASE))
    assert lending.lend(during_repair(), visit, SHELF, loan.INITIAL)
    mended = after(reported(), c.ServiceRestored(case_id=CASE))
    assert lending.lend(during_repair(), mended, SHELF, loan.INITIAL) == []
    has_one = after(reported(), CaseLoanReserved(case_id=CASE, loan_id="L-9", unit_id="U-9"))
    assert lending.lend(during_repair(), has_one, SHELF, loan.INITIAL) == []
    returned = loan.evolve(STANDS, LoanWaitEnded(loan_id="L-1", reason="not needed"), at(9))
    assert lending.lend(during_repair(), visit, SHELF, returned) == []


def test_the_most_severe_is_served_first_then_who_waits_longest() -> None:
    late_but_severe, early = one("L-1", rank=0, minutes=60), one("L-2", rank=2)
    assert list(serve([early, late_but_severe], [spare("A")])) == ["L-1"]
    assert list(serve([one("L-4", minutes=9), one("L-3", minutes=8)], [spare("A")])) == ["L-3"]


def test_who_cannot_use_what_is_free_holds_up_nobody() -> None:
    picky, other = one("L-1", grade=9), one("L-2", rank=3)
    assert list(serve([picky, other], [spare("A")])) == ["L-2"]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 4)), max_size=8),
    st.lists(st.integers(0, 4), max_size=6),
)
def test_no_unit_is_given_twice_and_none_lies_idle_for_whom_it_fits(
    wants: list[tuple[int, int, int]], grades: list[int]
) -> None:
    queue = [
        one(f"L-{number}", rank=rank, minutes=minutes, grade=grade)
        for number, (rank, minutes, grade) in enumerate(wants)
    ]
    shelf = [spare(f"U-{number}", grade=grade) for number, grade in enumerate(grades)]
    served = serve(queue, shelf)
    given_out = [choice.spare.unit_id for choice in served.values()]
    assert len(given_out) == len(set(given_out))
    left = [unit for unit in shelf if unit.unit_id not in given_out]
    assert not any(
        stock.fits(waits.wish, unit)
        for waits in queue
        if waits.loan_id not in served
        for unit in left
    )


def test_rank_follows_the_scale_of_the_contract() -> None:
    terms = ContractTerms(severities=("catastrophic", "general"))
    assert [rank(terms, name) for name in ("catastrophic", "general", None)] == [0, 1, 2]
