"""DP-04, DP-18: who is on duty follows from rosters, leave and the instant alone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare_events.catalogue.engineer import (
    Duty,
    EngineerAbsenceCancelled,
    EngineerAbsenceRecorded,
    EngineerHandedOver,
    EngineerRegistered,
    EngineerRostered,
    EngineerShiftCancelled,
    EngineerShiftPlanned,
)
from aftercare_events.decider import Refused
from aftercare_events.duty import ALWAYS, on_duty
from aftercare_events.official_days import OfficialDays, shipped
from aftercare_events.rota import Absence, Dated, Rota, edges, end_of_duty
from dispatch.domain import booking, engineer, shifts
from dispatch.domain.presence import presence_of
from support.dispatch_cases import at
from support.rotas import (
    FIVE_BY_EIGHT,
    MINUTES,
    NEVER,
    NIGHT,
    OFFICE,
    WHO,
    present,
    rotas,
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("duty", "instant", "here"),
    [
        (FIVE_BY_EIGHT, "2026-09-30T10:00", True),
        (FIVE_BY_EIGHT, "2026-10-01T10:00", False),
        (OFFICE, "2026-10-01T10:00", True),
        (FIVE_BY_EIGHT, "2026-10-10T10:00", True),
        (FIVE_BY_EIGHT, "2026-10-10T18:00", False),
        (OFFICE, "2026-10-10T10:00", False),
        (FIVE_BY_EIGHT, "2026-10-17T10:00", False),
        (ALWAYS, "2026-10-01T03:00", True),
    ],
)
def test_five_by_eight_follows_holidays_and_make_up_days(
    duty: Duty, instant: str, here: bool
) -> None:
    """National Day 2026: 1 to 7 October off, Saturday the 10th worked."""
    assert on_duty(duty, local(instant)) is here


def test_later_edition_of_the_official_days_goes_before_the_shipped_one() -> None:
    moved = OfficialDays("notice", (2026,), frozenset({date(2026, 11, 3)}), frozenset())
    assert on_duty(FIVE_BY_EIGHT, local("2026-11-03T10:00"))
    assert not on_duty(FIVE_BY_EIGHT, local("2026-11-03T10:00"), shipped().amended(moved))


def dated(start: int, end: int, on: bool = True) -> Dated:
    return Dated(shift_id=f"S{start}-{end}", start=at(start), end=at(end), on=on)


def away(start: int, end: int, deputy: str | None = None) -> Absence:
    return Absence(absence_id="A", start=at(start), end=at(end), deputy=deputy)


def test_dated_shift_goes_before_the_week_and_the_later_word_before_the_earlier() -> None:
    rota = Rota(duty=NEVER, dated=(dated(0, 60), dated(30, 60, on=False), dated(45, 60)))
    answers = [bool(present({"A": rota}, at(minute))) for minute in (0, 29, 30, 44, 45, 60)]
    assert answers == [True, True, False, False, True, False]


def test_deputy_stands_in_while_somebody_with_duty_is_absent() -> None:
    company = {
        "A": Rota(absences=(away(0, 60, deputy="B"),)),
        "B": Rota(duty=NEVER, absences=(away(30, 60, deputy="C"),)),
        "C": Rota(duty=NEVER),
    }
    assert present(company, at(10)) == {"B": ["A"]}
    assert present(company, at(40)) == {"C": ["A"]}
    assert present(company, at(60)) == {"A": []}


def test_deputies_in_a_circle_leave_nobody_on_duty() -> None:
    company = {
        "A": Rota(absences=(away(0, 60, deputy="B"),)),
        "B": Rota(absences=(away(0, 60, deputy="A"),)),
    }
    assert present(company, at(10)) == {}


def test_who_has_left_is_nobodys_deputy() -> None:
    company = {"A": Rota(absences=(away(0, 60, deputy="B"),)), "B": Rota(active=False)}
    assert present(company, at(10)) == {}


def test_duty_ends_where_the_roster_next_says_no() -> None:
    assert end_of_duty(Rota(duty=OFFICE), local("2026-11-02T10:00")) == local("2026-11-02T18:00")
    assert end_of_duty(Rota(duty=NIGHT), local("2026-11-02T23:00")) == local("2026-11-03T06:00")
    assert end_of_duty(Rota(duty=OFFICE), local("2026-11-02T20:00")) is None
    assert end_of_duty(Rota(), local("2026-11-02T20:00")) is None


@settings(max_examples=40, deadline=None)
@given(rotas(), MINUTES)
def test_columns_answer_as_the_rosters_do_and_nobody_absent_is_on_duty(
    company: dict[str, Rota], minute: int
) -> None:
    attendance = presence_of(company).at(at(minute))
    here = {who for who, flag in zip(WHO, attendance.flags, strict=True) if flag}
    expected = present(company, at(minute))
    assert here == set(expected)
    assert attendance.stand_ins == {who: list(of) for who, of in expected.items() if of}
    for who, stands_in in expected.items():
        assert company[who].active
        assert not any(one.covers(at(minute)) for one in company[who].absences)
        for absent in stands_in:
            assert any(one.covers(at(minute)) for one in company[absent].absences)


@settings(max_examples=30, deadline=None)
@given(rotas(), MINUTES, st.integers(1, 4000))
def test_answer_changes_only_at_the_edges(
    company: dict[str, Rota], start: int, length: int
) -> None:
    """Which is what looks for gaps, and waits for the next change, may rely on."""
    begin, end = at(start), at(start + length)
    found = sorted({edge for one in company.values() for edge in edges(one, begin, end)})
    bounds = [begin, *found, end]
    for left, right in pairwise(bounds):
        middle = left + (right - left) / 2
        assert present(company, left) == present(company, middle)
    later = presence_of(company).next_start(begin)
    assert all(edge >= later for edge in found if later and _somebody_comes(company, edge))


def _somebody_comes(company: dict[str, Rota], edge: datetime) -> bool:
    before = set(present(company, edge - timedelta(microseconds=1)))
    return bool(set(present(company, edge)) - before)


ENTRY = EngineerRegistered(engineer_id="A")
OTHER = EngineerRegistered(engineer_id="B")


def state_of(*facts: engineer.Fact) -> engineer.EngineerState:
    state = engineer.INITIAL
    for fact in facts:
        state = engineer.evolve(state, fact, at(0))
    return state


def shift(**changes: Any) -> shifts.PlanShift:
    values = {"engineer_id": "A", "shift_id": "S-1", "start": at(0), "end": at(60)}
    return shifts.PlanShift(**(values | changes))


def decide(command: engineer.Command, *facts: engineer.Fact) -> Sequence[engineer.Fact]:
    return engineer.decide(command, state_of(*facts))


def refusal(command: engineer.Command, *facts: engineer.Fact) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        decide(command, *facts)
    return refused.value.code, refused.value.field


PLANNED = EngineerShiftPlanned(engineer_id="A", shift_id="S-1", start=at(0), end=at(60))


def test_shift_is_planned_moved_and_cancelled() -> None:
    assert list(decide(shift(), ENTRY)) == [PLANNED]
    assert list(decide(shift(), ENTRY, PLANNED)) == []
    moved = EngineerShiftPlanned(engineer_id="A", shift_id="S-1", start=at(30), end=at(90))
    assert list(decide(shift(start=at(30), end=at(90)), ENTRY, PLANNED)) == [moved]
    assert len(state_of(ENTRY, PLANNED, moved).dated) == 1
    cancel = shifts.CancelShift(engineer_id="A", shift_id="S-1")
    cancelled = EngineerShiftCancelled(engineer_id="A", shift_id="S-1")
    assert list(decide(cancel, ENTRY, PLANNED)) == [cancelled]
    assert list(decide(cancel, ENTRY)) == []


def test_who_never_had_a_roster_works_by_dated_shifts_alone() -> None:
    assert state_of(ENTRY, PLANNED).duty == NEVER
    rostered = EngineerRostered(engineer_id="A", duty=OFFICE)
    assert state_of(ENTRY, rostered, PLANNED).duty == OFFICE


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (shift(end=at(0)), "not-in-order", "end"),
        (shift(end=at(60 * 24 * 8)), "not-in-order", "end"),
        (
            shifts.RecordAbsence(
                engineer_id="A", absence_id="X", start=at(0), end=at(9), deputy="A"
            ),
            "own-deputy",
            "deputy",
        ),
        (
            shifts.HandOver(engineer_id="A", shift_id="H", to="A", start=at(0)),
            "same-engineer",
            "to",
        ),
        (
            shifts.HandOver(engineer_id="A", shift_id="H", to="B", start=at(0)),
            "until-required",
            "until",
        ),
    ],
)
def test_impossible_entry_is_refused(command: engineer.Command, code: str, field: str) -> None:
    assert refusal(command, ENTRY) == (code, field)


def test_absence_is_recorded_and_taken_back() -> None:
    record = shifts.RecordAbsence(engineer_id="A", absence_id="X", start=at(0), end=at(9))
    recorded = EngineerAbsenceRecorded(
        engineer_id="A", absence_id="X", start=at(0), end=at(9), kind="leave"
    )
    assert list(decide(record, ENTRY)) == [recorded]
    assert list(decide(record, ENTRY, recorded)) == []
    cancel = shifts.CancelAbsence(engineer_id="A", absence_id="X")
    cancelled = EngineerAbsenceCancelled(engineer_id="A", absence_id="X")
    assert list(decide(cancel, ENTRY, recorded)) == [cancelled]
    assert state_of(ENTRY, recorded, cancelled).absences == ()


HAND_OVER = shifts.HandOver(
    engineer_id="A", shift_id="H-1", to="B", start=at(20), note="pump still hot"
)


def test_hand_over_moves_the_rest_of_the_duty_to_the_other_at_once() -> None:
    gives, takes = state_of(ENTRY, PLANNED), state_of(OTHER)
    facts = booking.hand_over(HAND_OVER, gives, takes)
    note = "pump still hot"
    assert list(facts) == [
        EngineerHandedOver(
            engineer_id="A", shift_id="H-1", to="B", start=at(20), end=at(60), note=note
        ),
        EngineerShiftPlanned(
            engineer_id="B",
            shift_id="H-1",
            start=at(20),
            end=at(60),
            taken_from="A",
            note=note,
        ),
    ]
    after = {
        "A": engineer.evolve(gives, facts[0], at(20)).rota,
        "B": engineer.evolve(takes, facts[1], at(20)).rota,
    }
    assert [list(present(after, at(minute))) for minute in (19, 20, 59, 60)] == [
        ["A"],
        ["B"],
        ["B"],
        [],
    ]
    again = engineer.evolve(gives, facts[0], at(20))
    assert list(booking.hand_over(HAND_OVER, again, takes)) == []


def test_duty_that_somebody_has_is_handed_over_to_somebody_here() -> None:
    absent = EngineerAbsenceRecorded(engineer_id="A", absence_id="X", start=at(0), end=at(60))
    assert refusal(HAND_OVER, ENTRY, PLANNED, absent) == ("not-on-duty", "start")
    with pytest.raises(Refused) as refused:
        booking.hand_over(HAND_OVER, state_of(ENTRY, PLANNED), engineer.INITIAL)
    assert (refused.value.code, refused.value.field) == ("unknown-engineer", "to")


def test_what_was_handed_over_is_not_taken_back_by_one_side() -> None:
    taken = EngineerShiftPlanned(
        engineer_id="A", shift_id="H-1", start=at(0), end=at(60), taken_from="B"
    )
    assert refusal(shifts.CancelShift(engineer_id="A", shift_id="H-1"), ENTRY, taken) == (
        "handed-over",
        None,
    )
