"""SL-03: leave, dated shifts and hand-overs say who is told, as they say in dispatch who works."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.duty import QuietHours, RecipientRegistered
from aftercare_events.catalogue.engineer import (
    Duty,
    DutySpan,
    EngineerAbsenceCancelled,
    EngineerAbsenceRecorded,
    EngineerHandedOver,
    EngineerRegistered,
    EngineerRostered,
    EngineerShiftCancelled,
    EngineerShiftPlanned,
)
from aftercare_events.duty import ALWAYS
from aftercare_events.official_days import OfficialDays, shipped
from aftercare_events.rota import Rota
from aftercare_events.rota_folding import Fact, evolve
from sla_monitor.domain.directory import Directory, Occasion, resolve, resolve_again
from sla_monitor.domain.ringing import Hold, told
from sla_monitor.domain.staff import is_on_duty, staff_of
from support.dispatch_cases import at
from support.rotas import FIVE_BY_EIGHT, MINUTES, NEVER, WHO, present, rotas


def leave(who: str, start: int, end: int, deputy: str | None = None) -> EngineerAbsenceRecorded:
    return EngineerAbsenceRecorded(
        engineer_id=who, absence_id=f"L-{who}", start=at(start), end=at(end), deputy=deputy
    )


def shift(who: str, start: int, end: int, **more: Any) -> EngineerShiftPlanned:
    return EngineerShiftPlanned(
        engineer_id=who, shift_id="S-1", start=at(start), end=at(end), **more
    )


def off_duty(who: str) -> EngineerRostered:
    return EngineerRostered(engineer_id=who, duty=NEVER)


def entered(recipient_id: str, **more: Any) -> RecipientRegistered:
    return RecipientRegistered(recipient_id=recipient_id, **{"channels": 1, **more})


class Given:
    """Engineers A to D of whom facts were recorded, and whoever is entered as a recipient."""

    def __init__(self, *facts: Fact, recipients: Sequence[RecipientRegistered] = ()) -> None:
        of = {who: [fact for fact in facts if fact.engineer_id == who] for who in WHO}
        rotas = {
            who: reduce(lambda rota, fact: evolve(rota, fact, at(0)), own, Rota())
            for who, own in of.items()
        }
        self.directory = Directory({one.recipient_id: one for one in recipients}, staff_of(rotas))

    def told(self, minute: int, step: Step = "engineer", engineer: str = "A") -> str:
        return resolve(self.directory, Occasion(step, "C-1", engineer, at(minute)))

    def told_again(self, minute: int, unanswered: int) -> str:
        occasion = Occasion("engineer", "C-1", "A", at(minute))
        return resolve_again(self.directory, occasion, unanswered)

    def rung(self, minute: int, recipient: str = "A") -> str | Hold:
        return told(self.directory, recipient, {"pm"}, at(minute))


def test_engineer_on_leave_is_stood_in_for_by_the_deputy_until_the_leave_ends() -> None:
    case = Given(leave("A", 10, 60, deputy="B"))
    assert [case.told(minute) for minute in (9, 10, 59, 60)] == ["A", "B", "B", "A"]


def test_leave_that_was_cancelled_changes_nothing() -> None:
    cancelled = EngineerAbsenceCancelled(engineer_id="A", absence_id="L-A")
    assert Given(leave("A", 10, 60, deputy="B"), cancelled).told(30) == "A"


def test_deputy_has_the_duty_whatever_their_own_roster_says() -> None:
    """As dispatch has it: whose case it is does not matter then."""
    case = Given(off_duty("B"), leave("A", 10, 60, deputy="B"))
    assert [case.told(minute) for minute in (30, 60)] == ["B", "A"]
    assert [case.told(minute, engineer="B") for minute in (5, 30)] == ["duty-desk", "B"]


def test_deputy_of_somebody_who_would_not_work_then_anyway_has_no_duty_from_it() -> None:
    case = Given(off_duty("A"), off_duty("B"), leave("A", 10, 60, deputy="B"))
    assert case.told(30) == "duty-desk"


def test_deputy_on_leave_hands_on_to_the_next() -> None:
    case = Given(leave("A", 0, 60, deputy="B"), leave("B", 30, 60, deputy="C"), off_duty("C"))
    assert [case.told(minute) for minute in (29, 30)] == ["B", "C"]


def test_deputy_for_the_leave_comes_before_the_one_entered() -> None:
    people = [entered("A", deputy="C")]
    assert Given(leave("A", 0, 60, deputy="B"), recipients=people).told(30) == "B"
    assert Given(leave("A", 0, 60), recipients=people).told(30) == "C"


@pytest.mark.parametrize(
    "facts",
    [
        [leave("A", 0, 60)],
        [leave("A", 0, 60, deputy="nobody-knows")],
        [leave("A", 0, 60, deputy="B"), leave("B", 0, 60, deputy="A")],
        [
            leave("A", 0, 60, deputy="B"),
            EngineerRegistered(engineer_id="B", active=False),
        ],
    ],
    ids=["no deputy", "a stranger", "in a circle", "one who left"],
)
def test_duty_desk_is_told_where_the_leave_leaves_nobody(facts: list[Fact]) -> None:
    assert Given(*facts).told(30) == "duty-desk"


def test_recipient_of_a_rank_who_is_on_leave_as_an_engineer_is_not_told() -> None:
    people = [entered("A", steps=("pm",)), entered("B", steps=("pm",))]
    case = Given(leave("A", 10, 60, deputy="C"), recipients=people)
    assert [case.told(minute, "pm") for minute in (9, 30)] == ["A", "B"]
    alone = Given(leave("A", 10, 60, deputy="C"), recipients=people[:1])
    assert [alone.told(minute, "pm") for minute in (9, 30, 60)] == ["A", "C", "A"]


def test_dated_shift_brings_somebody_on_duty_until_it_is_cancelled() -> None:
    cancelled = EngineerShiftCancelled(engineer_id="A", shift_id="S-1")
    case = Given(off_duty("A"), shift("A", 10, 60))
    assert [case.told(minute) for minute in (9, 10, 60)] == ["duty-desk", "A", "duty-desk"]
    assert Given(off_duty("A"), shift("A", 10, 60), cancelled).told(30) == "duty-desk"


def test_who_never_had_a_weekly_duty_works_by_dated_shifts_alone() -> None:
    assert Given().told(90) == "A"
    assert Given(shift("A", 10, 60)).told(90) == "duty-desk"


def test_whoever_took_the_duty_over_is_told_until_it_ends() -> None:
    handed = EngineerHandedOver(engineer_id="A", shift_id="S-1", to="B", start=at(10), end=at(60))
    taken = shift("B", 10, 60, taken_from="A")
    people = [entered("A", deputy="C")]
    case = Given(off_duty("B"), handed, taken, recipients=people)
    assert [case.told(minute) for minute in (9, 10, 59, 60)] == ["A", "B", "B", "A"]
    ill = Given(handed, taken, leave("B", 30, 60, deputy="D"), recipients=people)
    assert [ill.told(minute) for minute in (29, 30)] == ["B", "D"]


def test_reminder_goes_on_from_whoever_stands_in() -> None:
    people = [entered("B", deputy="C"), entered("C", deputy="A")]
    case = Given(leave("A", 0, 60, deputy="B"), recipients=people)
    assert [case.told_again(30, unanswered) for unanswered in (0, 1, 2)] == ["B", "C", "C"]
    assert case.told_again(60, 0) == "A"


def test_later_edition_of_the_official_days_counts_for_who_is_told() -> None:
    tuesday = datetime.fromisoformat("2026-11-03T10:00:00+08:00")
    moved = OfficialDays("notice", (2026,), frozenset({date(2026, 11, 3)}), frozenset())
    asked = Occasion("engineer", "C-1", "A", tuesday)
    company = {"A": Rota(duty=FIVE_BY_EIGHT)}
    assert resolve(Directory(staff=staff_of(company)), asked) == "A"
    later = staff_of(company, shipped().amended(moved))
    assert resolve(Directory(staff=later), asked) == "duty-desk"


def test_message_for_somebody_who_went_on_leave_meanwhile_rings_the_deputy() -> None:
    facts = [leave("A", 10, 60, deputy="B")]
    case = Given(*facts, recipients=[entered("A"), entered("B")])
    assert [case.rung(minute) for minute in (9, 10, 60)] == ["A", "B", "A"]
    silent = [entered("A", deputy="C"), entered("B", channels=0), entered("C")]
    assert Given(*facts, recipients=silent).rung(30) == "C"


def test_message_no_deputy_can_be_rung_about_goes_to_the_duty_desk_and_is_never_lost() -> None:
    facts = [leave("A", 10, 60, deputy="B")]
    assert Given(*facts, recipients=[entered("A"), entered("duty-desk")]).rung(30) == "duty-desk"
    assert Given(*facts, recipients=[entered("A")]).rung(30) == "A"


def test_quiet_hours_hold_back_from_somebody_on_leave_too() -> None:
    night = Duty(spans=(DutySpan(days=tuple(range(1, 8)), start="16:00", end="17:00"),))
    sleeper = entered("A", quiet=QuietHours(hours=night))
    on_leave = Given(leave("A", 0, 600), recipients=[sleeper])
    assert on_leave.rung(30) == Hold(at(60))
    desk = Given(leave("A", 0, 600), recipients=[sleeper, entered("duty-desk")])
    assert desk.rung(30) == "duty-desk"


@settings(max_examples=150)
@given(rotas(), MINUTES)
def test_one_by_one_the_same_people_are_on_duty_as_in_dispatch(
    company: dict[str, Rota], minute: int
) -> None:
    staff = staff_of(company)
    here = {who for who in company if is_on_duty(staff, who, at(minute))}
    assert here == set(present(company, at(minute)))


DEPUTIES = st.dictionaries(st.sampled_from(WHO), st.sampled_from([*WHO, "stranger"]))


@settings(max_examples=150)
@given(rotas(), MINUTES, DEPUTIES)
def test_only_somebody_on_duty_is_told_and_the_deputy_of_whoever_is_absent(
    company: dict[str, Rota], minute: int, deputies: dict[str, str]
) -> None:
    people = {who: entered(who, deputy=deputy) for who, deputy in deputies.items()}
    directory = Directory(people, staff_of(company))
    here = present(company, at(minute))
    stands_in = {absent: deputy for deputy, of in here.items() for absent in of}
    for who in company:
        found = resolve(directory, Occasion("engineer", "C-1", who, at(minute)))
        assert found in here or found == "duty-desk"
        if who in here:
            assert found == who
        elif who in stands_in:
            assert found == stands_in[who]


@settings(max_examples=60)
@given(rotas(), MINUTES)
def test_whoever_is_rung_is_absent_only_where_nobody_else_can_be(
    company: dict[str, Rota], minute: int
) -> None:
    company = {who: Rota(duty=ALWAYS, absences=one.absences) for who, one in company.items()}
    people = {who: entered(who) for who in (*company, "duty-desk")}
    directory = Directory(people, staff_of(company))
    for who in company:
        rung = told(directory, who, {"pm"}, at(minute))
        assert isinstance(rung, str)
        assert rung == "duty-desk" or is_on_duty(directory.staff, rung, at(minute))
