"""DP-10, DP-11: the nearest fitting unit, one loan at a time, and the life of a loan."""

from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import Point
from aftercare_events.catalogue.loan import (
    CaseLoanEnded,
    CaseLoanReserved,
    LoanExtended,
    LoanReceived,
    LoanReserved,
    LoanReturned,
    LoanShipped,
    LoanSwapped,
)
from aftercare_events.catalogue.sla import ClockBreached
from aftercare_events.catalogue.unit import (
    UnitInspected,
    UnitRegistered,
    UnitReserved,
    UnitReturned,
    UnitWrittenOff,
)
from aftercare_events.decider import Refused
from dispatch.domain import lending, loan, stock, unit
from dispatch.domain.geography import direction
from support.dispatch_cases import CASE, after, at, reported

BEIJING = direction(Point(latitude=39.9042, longitude=116.4074))
SHANGHAI = direction(Point(latitude=31.2304, longitude=121.4737))

ENTRY = UnitRegistered(unit_id="U-1", depot_id="DP-1", model="S7706", grade=2)
IN_STOCK = unit.evolve(unit.INITIAL, ENTRY)
RESERVED = LoanReserved(loan_id="L-1", case_id=CASE, unit_id="U-1", depot_id="DP-1", model="S7706")


def reserve(**changes: Any) -> loan.Reserve:
    fields: dict[str, Any] = {
        "loan_id": "L-1",
        "case_id": CASE,
        "unit_id": "U-1",
        "depot_id": "DP-1",
        "model": "S7706",
    }
    return loan.Reserve(**(fields | changes))


def lent(*facts: loan.Fact) -> loan.LoanState:
    return reduce(
        lambda state, fact: loan.evolve(state, fact, at(0)), (RESERVED, *facts), loan.INITIAL
    )


def refusal(call: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value.code


def test_loan_unit_and_case_change_together() -> None:
    assert list(lending.lend(reserve(), after(reported()), IN_STOCK, loan.INITIAL)) == [
        UnitReserved(unit_id="U-1", loan_id="L-1"),
        CaseLoanReserved(case_id=CASE, loan_id="L-1", unit_id="U-1"),
        RESERVED,
    ]


def test_lent_unit_is_not_lent_again() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-9"))
    assert refusal(lending.lend, reserve(), after(reported()), out, loan.INITIAL) == "unit-not-free"


def test_nothing_is_lent_for_a_case_that_is_over() -> None:
    over = after(reported(), c.CaseWithdrawn(case_id=CASE))
    assert refusal(lending.lend, reserve(), over, IN_STOCK, loan.INITIAL) == "case-withdrawn"


def test_machine_lends_only_what_is_still_wanted() -> None:
    automatic = reserve(automatic=True)
    assert lending.lend(automatic, after(reported()), IN_STOCK, loan.INITIAL) == []
    assert lending.lend(automatic, breached(), IN_STOCK, loan.INITIAL)


def breached(**changes: Any) -> Any:
    request_loan = changes.pop("request_loan", True)
    return after(
        reported(**({"use_affected": True} | changes)),
        ClockBreached(
            case_id=CASE,
            clock="restore",
            cycle=1,
            due_at=at(120),
            breached_at=at(120),
            policy="it-integration",
            policy_version=1,
            request_loan=request_loan,
        ),
    )


def test_breach_wants_a_loan_where_the_contract_says_so_and_use_is_affected() -> None:
    assert breached().loan_wanted
    assert not breached(use_affected=False).loan_wanted
    assert not breached(use_affected=None).loan_wanted
    assert not breached(request_loan=False).loan_wanted


@pytest.mark.parametrize(("fit", "status"), [(True, "free"), (False, "unfit")])
def test_returned_unit_is_free_again_if_it_is_fit(fit: bool, status: str) -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    back = loan.Return(loan_id="L-1", condition="scratched", fit=fit)
    facts: list[Any] = list(lending.end(back, lent(), out))
    assert facts == [
        UnitReturned(unit_id="U-1", loan_id="L-1", depot_id="DP-1", fit=fit),
        CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="returned"),
        LoanReturned(loan_id="L-1", condition="scratched", fit=fit),
    ]
    assert unit.evolve(out, facts[0]).status == status


def test_returned_unit_is_not_lent_before_it_was_inspected() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    facts: list[Any] = list(lending.end(loan.Return(loan_id="L-1", condition="dusty"), lent(), out))
    back = UnitReturned(unit_id="U-1", loan_id="L-1", depot_id="DP-1", fit=False, to_inspect=True)
    assert facts[0] == back
    shelf = unit.evolve(out, back)
    assert shelf.status == "to_inspect"
    assert refusal(lending.lend, reserve(), after(reported()), shelf, loan.INITIAL) == (
        "unit-not-free"
    )


@pytest.mark.parametrize(("fit", "status"), [(True, "free"), (False, "unfit")])
def test_inspection_puts_a_unit_back_on_stock_or_keeps_it_off(fit: bool, status: str) -> None:
    back = UnitReturned(unit_id="U-1", loan_id="L-1", depot_id="DP-1", fit=False, to_inspect=True)
    shelf = unit.evolve(IN_STOCK, back)
    [said] = unit.decide(unit.Inspect(unit_id="U-1", fit=fit, finding="fan worn"), shelf)
    assert said == UnitInspected(unit_id="U-1", fit=fit, finding="fan worn")
    assert unit.evolve(shelf, said).status == status


def test_only_what_came_back_is_inspected() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    look = unit.Inspect(unit_id="U-1", fit=True)
    assert refusal(unit.decide, look, out) == "nothing-to-inspect"
    assert refusal(unit.decide, look, IN_STOCK) == "nothing-to-inspect"
    assert refusal(unit.decide, look, unit.INITIAL) == "unknown-unit"


def test_repaired_unit_is_inspected_again() -> None:
    unfit = unit.evolve(IN_STOCK, UnitInspected(unit_id="U-1", fit=False))
    assert unit.decide(unit.Inspect(unit_id="U-1", fit=True), unfit)


SWAP = loan.Swap(
    loan_id="L-1", unit_id="U-2", depot_id="DP-2", model="S7712", condition="fan is loud"
)
OTHER = UnitRegistered(unit_id="U-2", depot_id="DP-2", model="S7712", grade=3)


def test_failing_unit_is_swapped_in_one_step() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    shipped = lent(LoanShipped(loan_id="L-1", waybill="SF-1"))
    facts: list[Any] = list(lending.swap(SWAP, shipped, out, unit.evolve(unit.INITIAL, OTHER)))
    assert facts == [
        UnitReturned(unit_id="U-1", loan_id="L-1", depot_id="DP-1", fit=False),
        UnitReserved(unit_id="U-2", loan_id="L-1"),
        LoanSwapped(
            loan_id="L-1",
            unit_id="U-2",
            depot_id="DP-2",
            model="S7712",
            previous_unit_id="U-1",
            condition="fan is loud",
        ),
    ]
    swapped = loan.evolve(shipped, facts[-1], at(0))
    assert swapped.terms is not None
    assert (swapped.stage, swapped.terms.unit_id, swapped.waybill) == ("reserved", "U-2", None)


def test_swap_needs_another_unit_that_is_free_and_a_loan_that_is_out() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    free = unit.evolve(unit.INITIAL, OTHER)
    taken = unit.evolve(free, UnitReserved(unit_id="U-2", loan_id="L-9"))
    same = replace(SWAP, unit_id="U-1")
    ended = lent(LoanReturned(loan_id="L-1", condition="good"))
    assert refusal(lending.swap, SWAP, lent(), out, taken) == "unit-not-free"
    assert refusal(lending.swap, same, lent(), out, out) == "same-unit"
    assert refusal(lending.swap, SWAP, ended, out, free) == "loan-returned"


def test_written_off_unit_is_gone_until_it_is_found() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    facts: list[Any] = list(lending.end(loan.WriteOff(loan_id="L-1", reason="burnt"), lent(), out))
    gone, ended, _ = facts
    assert ended == CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="written_off")
    lost = unit.evolve(out, gone)
    assert lost.status == "written_off"
    found = unit.Inspect(unit_id="U-1", fit=True, finding="behind the shelf")
    assert refusal(unit.decide, replace(found, finding=None), lost) == "finding-required"
    [inspected] = unit.decide(found, lost)
    assert unit.evolve(lost, inspected).free


@pytest.mark.parametrize("status", ["to_inspect", "unfit", "written_off"])
def test_list_that_is_sent_again_brings_no_unit_on_stock(status: str) -> None:
    """DP-11: an unseen, a broken, a lost unit is lent again only once somebody has looked at it."""
    states = {
        "to_inspect": UnitReturned(
            unit_id="U-1", loan_id="L-1", depot_id="DP-1", fit=False, to_inspect=True
        ),
        "unfit": UnitReturned(unit_id="U-1", loan_id="L-1", depot_id="DP-1", fit=False),
        "written_off": UnitWrittenOff(unit_id="U-1", loan_id="L-1"),
    }
    off = unit.evolve(IN_STOCK, states[status])
    assert off.status == status
    assert unit.decide(unit.Register(entry=ENTRY), off) == []
    moved = unit.Register(entry=UnitRegistered(unit_id="U-1", depot_id="DP-2", model="S7706"))
    assert refusal(unit.decide, moved, off) == f"unit-{status.replace('_', '-')}"


def test_log_of_earlier_days_is_read_as_it_was_meant() -> None:
    """A unit was once put back on stock by its entry; its rows stay what they were."""
    lost = unit.evolve(IN_STOCK, UnitWrittenOff(unit_id="U-1", loan_id="L-1"))
    assert unit.evolve(lost, ENTRY).free


def test_lent_unit_is_not_entered_anew() -> None:
    out = unit.evolve(IN_STOCK, UnitReserved(unit_id="U-1", loan_id="L-1"))
    moved = unit.Register(entry=UnitRegistered(unit_id="U-1", depot_id="DP-2", model="S7706"))
    assert refusal(unit.decide, moved, out) == "unit-lent"
    assert unit.decide(unit.Register(entry=ENTRY), IN_STOCK) == []


def test_loan_goes_its_way() -> None:
    shipped = LoanShipped(loan_id="L-1", waybill="SF-1")
    received = LoanReceived(loan_id="L-1")
    assert list(loan.decide(loan.Ship(loan_id="L-1", waybill="SF-1"), lent())) == [shipped]
    assert list(loan.decide(loan.Receive(loan_id="L-1"), lent(shipped))) == [received]
    assert lent(shipped, received).stage == "in_use"


def test_step_at_the_wrong_time_says_where_the_loan_stands() -> None:
    returned = LoanReturned(loan_id="L-1", condition="good")
    shipped = LoanShipped(loan_id="L-1")
    assert refusal(loan.decide, loan.Ship(loan_id="L-1"), lent(shipped)) == "loan-shipped"
    assert refusal(loan.decide, loan.Receive(loan_id="L-1"), lent(returned)) == "loan-returned"
    assert refusal(loan.decide, reserve(), lent()) == "loan-reserved"


def test_loan_is_extended_to_a_later_day() -> None:
    until = date(2026, 12, 1)
    extend = loan.Extend(loan_id="L-1", due_back=until)
    assert list(loan.decide(extend, lent())) == [LoanExtended(loan_id="L-1", due_back=until)]
    extended = lent(LoanExtended(loan_id="L-1", due_back=until))
    assert extended.due_back == until
    assert refusal(loan.decide, extend, extended) == "not-later"


def spare(unit_id: str, **changes: Any) -> stock.Spare:
    fields: dict[str, Any] = {
        "depot_id": "DP-1",
        "model": "S7706",
        "category": "network",
        "grade": 2,
        "where": BEIJING,
    }
    return stock.Spare(unit_id=unit_id, **(fields | changes))


WISH = stock.Wish(model="S7706", category="network", grade=2, where=BEIJING)


def choice(*spares: stock.Spare, wish: stock.Wish = WISH) -> str | None:
    found = stock.choose(wish, spares)
    return found.spare.unit_id if found else None


def test_nearest_fitting_unit_is_lent() -> None:
    assert choice(spare("A", where=SHANGHAI), spare("B")) == "B"
    assert choice(spare("A", where=None), spare("B", where=SHANGHAI)) == "B"


def test_higher_grade_stands_in_for_a_lower_one_only() -> None:
    better, worse = spare("A", model="S7712", grade=3), spare("B", model="S7703", grade=1)
    assert choice(better, worse) == "A"
    assert choice(worse) is None


def test_of_equally_near_ones_the_lowest_grade_that_will_do_is_lent() -> None:
    assert choice(spare("A", model="S7712", grade=3), spare("B")) == "B"


def test_other_category_fits_only_as_the_same_model() -> None:
    assert choice(spare("A", category="lighting", model="LC-64", grade=9)) is None
    assert choice(spare("A", category=None, grade=None)) == "A"


def test_depot_can_be_asked_for() -> None:
    wish = stock.Wish(model="S7706", depot_id="DP-2", where=BEIJING)
    assert choice(spare("A"), spare("B", depot_id="DP-2"), wish=wish) == "B"


def test_choice_is_explained() -> None:
    found = stock.choose(WISH, [spare("A"), spare("B", where=SHANGHAI)])
    assert found is not None
    assert found.why == {
        "distance_km": 0.0,
        "stands_in_as": "same_model",
        "same_model": True,
        "grade": 2,
        "fitting": 2,
    }


def test_of_equally_near_ones_what_looks_alike_is_lent() -> None:
    plain, alike = spare("A", model="X1"), spare("B", model="S7712", grade=3, family="S77")
    wish = replace(WISH, family="S77")
    assert choice(plain, alike, wish=wish) == "B"
    found = stock.choose(wish, [plain, alike])
    assert found is not None
    assert found.why["stands_in_as"] == "same_look"


def test_only_what_looks_alike_fits_where_that_is_asked() -> None:
    """DP-28: a replacement matches in type and look."""
    wish = replace(WISH, family="S77", same_look=True)
    assert choice(spare("A", model="X1", grade=9), wish=wish) is None
    assert choice(spare("A", model="S7712", grade=3, family="S77"), wish=wish) == "A"
