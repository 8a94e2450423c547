"""DP-18: a gap in the cover that a contract or an installation asks for is found ahead."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue.cover import CoverGapFound, CoverRestored
from aftercare_events.catalogue.dispatch import Duty, DutySpan
from aftercare_events.rota import Absence, Rota
from dispatch.domain.cover import (
    INITIAL,
    ZONE,
    CoverState,
    Note,
    coming_days,
    decide,
    evolve,
    uncovered,
)

MONDAY = date(2026, 11, 2)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
OFFICE = Duty(spans=(DutySpan(days=(1, 2, 3, 4, 5), start="09:00", end="18:00"),))


def leave(first: date, last: date, deputy: str | None = None) -> Absence:
    start = datetime(first.year, first.month, first.day, tzinfo=ZONE)
    end = datetime(last.year, last.month, last.day, tzinfo=ZONE) + timedelta(days=1)
    return Absence(absence_id="A-1", start=start, end=end, deputy=deputy)


def gaps(who: str, **rotas: Rota) -> list[date]:
    return list(uncovered(WEEK, [who], rotas))


def test_days_off_duty_are_gaps() -> None:
    assert gaps("E1", E1=Rota()) == []
    assert gaps("E1", E1=Rota(duty=OFFICE)) == WEEK[5:]
    assert gaps("E1", E1=Rota(active=False)) == WEEK
    assert gaps("E1") == WEEK


def test_leave_is_a_gap_unless_a_deputy_is_there() -> None:
    away = Rota(absences=(leave(WEEK[1], WEEK[2]),))
    assert gaps("E1", E1=away) == WEEK[1:3]
    stood_in_for = Rota(absences=(leave(WEEK[1], WEEK[2], deputy="E2"),))
    assert gaps("E1", E1=stood_in_for, E2=Rota()) == []


def test_one_of_several_is_enough() -> None:
    rotas = {"E1": Rota(absences=(leave(WEEK[1], WEEK[2]),)), "E2": Rota(duty=OFFICE)}
    assert uncovered(WEEK, ["E1", "E2"], rotas) == []


def test_only_days_of_the_contract_are_looked_at() -> None:
    assert coming_days(MONDAY, date(2026, 11, 4), date(2026, 11, 5)) == WEEK[2:4]
    assert len(coming_days(MONDAY, date(2026, 1, 1), None)) == 14


@given(st.integers(0, 6), st.integers(0, 6), st.booleans())
def test_gaps_are_exactly_the_days_of_leave(first: int, last: int, around: bool) -> None:
    first, last = sorted((first, last))
    duty = {} if around else {"duty": OFFICE}
    rota = Rota(absences=(leave(WEEK[first], WEEK[last]),), **duty)
    off = set(WEEK[first : last + 1]) | (set() if around else set(WEEK[5:]))
    assert gaps("E1", E1=rota) == sorted(off)


def note(*days: date) -> Note:
    return Note(cover_id="resident-CT-1", what="resident", customer_id="C-1", days=days)


def test_gap_is_said_once_and_again_when_it_changes_and_taken_back() -> None:
    found: Any = CoverGapFound(
        cover_id="resident-CT-1", what="resident", customer_id="C-1", days=(MONDAY,)
    )
    assert list(decide(note(MONDAY), INITIAL)) == [found]
    assert evolve(INITIAL, found) == CoverState(days=(MONDAY,))
    assert list(decide(note(MONDAY), CoverState(days=(MONDAY,)))) == []
    assert [one.days for one in decide(note(*WEEK[:2]), CoverState(days=(MONDAY,)))] == [
        tuple(WEEK[:2])
    ]
    assert list(decide(note(), CoverState(days=(MONDAY,)))) == [
        CoverRestored(cover_id="resident-CT-1", what="resident")
    ]
    assert list(decide(note(), INITIAL)) == []
