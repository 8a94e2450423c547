"""DP-11: a loan is due back when the own device works again; reminded of, overdue, once each."""

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue.loan import (
    LoanDueBackSet,
    LoanExtended,
    LoanOverdue,
    LoanReserved,
    LoanReturned,
    LoanReturnReminded,
)
from dispatch.domain import loan
from dispatch.domain.loan_dates import due_back_after, overdue_at, remind_at
from dispatch.domain.loan_state import overdue_due, reminder_due
from support.dispatch_cases import CASE, at

RESERVED = LoanReserved(loan_id="L-1", case_id=CASE, unit_id="U-1", depot_id="DP-1", model="S7706")
DUE = date(2026, 11, 9)
DUE_BACK = LoanDueBackSet(loan_id="L-1", reason="restored", due_back=DUE, within_days=7)
RESTORED = loan.SetDueBack(loan_id="L-1", reason="restored", due_back=DUE, within_days=7)
REOPENED = loan.SetDueBack(loan_id="L-1", reason="reopened")
REMINDED = LoanReturnReminded(loan_id="L-1", case_id=CASE, due_back=DUE)
OVERDUE = LoanOverdue(loan_id="L-1", case_id=CASE, unit_id="U-1", due_back=DUE)
RETURNED = LoanReturned(loan_id="L-1", condition="good")


def lent(*facts: loan.Fact) -> loan.LoanState:
    return reduce(
        lambda state, fact: loan.evolve(state, fact, at(0)), (RESERVED, *facts), loan.INITIAL
    )


def extended(day: date) -> LoanExtended:
    return LoanExtended(loan_id="L-1", due_back=day)


def remind(now: datetime) -> loan.Remind:
    return loan.Remind(loan_id="L-1", at=now)


def fall_overdue(now: datetime) -> loan.FallOverdue:
    return loan.FallOverdue(loan_id="L-1", at=now)


def test_days_are_counted_from_the_local_day_of_the_repair() -> None:
    late_on_monday = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
    assert due_back_after(late_on_monday, 7) == date(2026, 11, 10)
    assert remind_at(DUE) == datetime(2026, 11, 7, 1, 0, tzinfo=UTC)
    assert overdue_at(DUE) == datetime(2026, 11, 9, 16, 0, tzinfo=UTC)


def test_restored_device_sets_when_the_loan_is_due_back() -> None:
    assert loan.decide(RESTORED, lent()) == [DUE_BACK]
    assert loan.decide(RESTORED, lent(DUE_BACK)) == []
    assert lent(DUE_BACK).due_back == DUE


def test_day_that_was_guessed_at_first_moves_and_one_a_person_gave_later_stands() -> None:
    guessed = loan.evolve(
        loan.INITIAL, LoanReserved(**{**_fields(RESERVED), "due_back": date(2026, 12, 1)}), at(0)
    )
    assert loan.decide(RESTORED, guessed) == [DUE_BACK]
    later = date(2026, 11, 20)
    assert loan.decide(RESTORED, lent(extended(later))) == []
    assert loan.decide(RESTORED, lent(extended(date(2026, 11, 3)))) == [DUE_BACK]


def _fields(said: LoanReserved) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__struct_fields__}


def test_reopened_case_lifts_the_day() -> None:
    [lifted] = loan.decide(REOPENED, lent(DUE_BACK))
    assert lifted == LoanDueBackSet(loan_id="L-1", reason="reopened")
    state = lent(DUE_BACK, lifted)
    assert (state.due_back, reminder_due(state), overdue_due(state)) == (None, None, None)
    assert loan.decide(REOPENED, state) == []


def test_return_is_brought_to_mind_two_days_before_and_once() -> None:
    early, morning = remind_at(DUE) - timedelta(seconds=1), remind_at(DUE)
    assert loan.decide(remind(early), lent(DUE_BACK)) == []
    assert loan.decide(remind(morning), lent(DUE_BACK)) == [REMINDED]
    assert loan.decide(remind(morning), lent(DUE_BACK, REMINDED)) == []
    assert reminder_due(lent(DUE_BACK, REMINDED)) is None


def test_loan_is_overdue_once_the_day_is_over() -> None:
    evening = overdue_at(DUE) - timedelta(seconds=1)
    assert loan.decide(fall_overdue(evening), lent(DUE_BACK)) == []
    assert loan.decide(fall_overdue(overdue_at(DUE)), lent(DUE_BACK)) == [OVERDUE]
    overdue = lent(DUE_BACK, OVERDUE)
    assert overdue.is_overdue
    assert loan.decide(fall_overdue(overdue_at(DUE)), overdue) == []
    assert loan.decide(remind(overdue_at(DUE)), overdue) == []


def test_later_day_is_reminded_of_and_missed_anew() -> None:
    later = date(2026, 11, 20)
    state = lent(DUE_BACK, REMINDED, OVERDUE, extended(later))
    assert not state.is_overdue
    assert reminder_due(state) == remind_at(later)
    assert overdue_due(state) == overdue_at(later)


def test_what_is_back_is_not_overdue() -> None:
    back = lent(DUE_BACK, RETURNED)
    assert loan.decide(fall_overdue(overdue_at(DUE)), back) == []
    assert loan.decide(RESTORED, back) == []
    assert not lent(DUE_BACK, OVERDUE, RETURNED).is_overdue


@given(st.integers(-(10**7), 10**7), st.integers(0, 365))
def test_loan_is_never_overdue_within_the_days_the_contract_gives(minutes: int, days: int) -> None:
    restored_at = at(minutes)
    due_back = due_back_after(restored_at, days)
    assert overdue_at(due_back) > restored_at + timedelta(days=days)
    assert overdue_at(due_back) <= restored_at + timedelta(days=days + 1)
    assert remind_at(due_back) == overdue_at(due_back) - timedelta(days=3) + timedelta(hours=9)
