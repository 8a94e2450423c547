"""DP-06: one engineer is never double-booked, and a day follows from its cases."""

from datetime import date, datetime

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import (
    Certificate,
    Duty,
    EngineerBooked,
    EngineerRegistered,
    EngineerReleased,
    EngineerRostered,
)
from aftercare_events.catalogue.work import TakenBack
from aftercare_events.decider import Refused
from dispatch.domain import booking, case, case_facts, case_folding, case_state, engineer
from dispatch.domain import commands as cmd
from dispatch.domain.slot import Slot, visit_from
from support.dispatch_cases import CASE, after, assigned, at, recorded, reported

ENTRY = EngineerRegistered(
    engineer_id="E-1",
    skills=("network",),
    certificates=(Certificate(name="post", valid_until=date(2027, 1, 1)),),
)
BOOKED = EngineerBooked(engineer_id="E-1", case_id="OTHR-CASE", start=at(60), end=at(120))
ON_SITE = assigned("E-1", slot_start=at(0), slot_end=at(120))


def state_of(*facts: engineer.Fact) -> engineer.EngineerState:
    state = engineer.INITIAL
    for fact in facts:
        state = engineer.evolve(state, fact, at(0))
    return state


def book(start: int, end: int) -> engineer.Book:
    return engineer.Book(engineer_id="E-1", case_id=CASE, slot=Slot(at(start), at(end)), at=at(0))


@pytest.mark.parametrize(("start", "end"), [(0, 61), (60, 120), (119, 200), (70, 80), (0, 300)])
def test_overlapping_visit_is_refused(start: int, end: int) -> None:
    with pytest.raises(Refused) as refusal:
        engineer.decide(book(start, end), state_of(ENTRY, BOOKED))
    assert refusal.value.code == "engineer-busy"


@pytest.mark.parametrize(("start", "end"), [(0, 60), (120, 200)])
def test_visits_may_touch(start: int, end: int) -> None:
    assert list(engineer.decide(book(start, end), state_of(ENTRY, BOOKED))) == [
        EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(start), end=at(end))
    ]


def test_freed_time_can_be_booked() -> None:
    freed = EngineerReleased(engineer_id="E-1", case_id="OTHR-CASE", reason="declined")
    assert engineer.decide(book(60, 120), state_of(ENTRY, BOOKED, freed))


def test_stranger_and_former_engineer_are_not_booked() -> None:
    gone = EngineerRegistered(engineer_id="E-1", active=False)
    for state in (engineer.INITIAL, state_of(ENTRY, gone)):
        with pytest.raises(Refused) as refusal:
            engineer.decide(book(0, 10), state)
        assert (refusal.value.code, refusal.value.field) == ("unknown-engineer", "engineer_id")


def test_unchanged_entry_and_roster_record_nothing() -> None:
    duty = Duty(around_the_clock=False)
    rostered = EngineerRostered(engineer_id="E-1", duty=duty)
    roster = engineer.Roster(engineer_id="E-1", duty=duty)
    assert list(engineer.decide(engineer.Register(entry=ENTRY), state_of())) == [ENTRY]
    assert engineer.decide(engineer.Register(entry=ENTRY), state_of(ENTRY)) == []
    assert list(engineer.decide(roster, state_of(ENTRY))) == [rostered]
    assert engineer.decide(roster, state_of(ENTRY, rostered)) == []


def test_release_of_what_is_not_booked_records_nothing() -> None:
    release = engineer.Release(engineer_id="E-1", case_id=CASE, reason="resolved")
    assert engineer.decide(release, state_of(ENTRY)) == []


def follow(before: case_state.CaseState, *facts: case_facts.Fact) -> list[engineer.Command]:
    state = before
    for fact in facts:
        state = case_folding.evolve(state, fact, at(100))
    return list(booking.follow(CASE, before, facts, state, at(100)))


def test_assignment_books_the_visit() -> None:
    assert follow(after(reported()), ON_SITE) == [
        engineer.Book(engineer_id="E-1", case_id=CASE, slot=visit_from(at(0)), at=at(100))
    ]


def test_assignment_to_the_hotline_books_nothing() -> None:
    assert follow(after(reported()), assigned("E-1", mode="hotline")) == []


def test_reassignment_frees_one_and_books_the_other() -> None:
    second = assigned("E-2", slot_start=at(100), slot_end=at(160))
    assert follow(after(reported(), ON_SITE), second) == [
        engineer.Release(engineer_id="E-1", case_id=CASE, reason="reassigned"),
        engineer.Book(engineer_id="E-2", case_id=CASE, slot=Slot(at(100), at(160)), at=at(100)),
    ]


def test_same_engineer_is_given_another_time_in_one_go() -> None:
    booked = EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(0), end=at(120))
    later = assigned("E-1", slot_start=at(60), slot_end=at(180))
    commands = follow(after(reported(), ON_SITE), later)
    assert list(booking.decide(commands, state_of(ENTRY, booked), at(100))) == [
        EngineerReleased(engineer_id="E-1", case_id=CASE, reason="reassigned"),
        EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(60), end=at(180)),
    ]


def test_new_expected_end_moves_the_booking_and_books_nobody_twice() -> None:
    command = cmd.ExpectEnd(case_id=CASE, at=at(30), expected_end=at(240))
    before = after(reported(), ON_SITE)
    facts = case.decide(command, before)
    assert list(facts) == [
        c.EndExpected(case_id=CASE, engineer_id="E-1", expected_end=at(240)),
    ]
    booked = EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(0), end=at(120))
    commands = follow(before, *facts)
    assert list(booking.decide(commands, state_of(ENTRY, booked), at(30))) == [
        EngineerReleased(engineer_id="E-1", case_id=CASE, reason="rescheduled"),
        EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(0), end=at(240)),
    ]
    later = EngineerBooked(engineer_id="E-1", case_id="OTHR-CASE", start=at(180), end=at(300))
    with pytest.raises(Refused) as refusal:
        booking.decide(commands, state_of(ENTRY, booked, later), at(30))
    assert refusal.value.code == "engineer-busy"
    with pytest.raises(Refused) as refusal:
        case.decide(cmd.ExpectEnd(case_id=CASE, at=at(30), expected_end=at(0)), before)
    assert refusal.value.field == "expected_end"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ((c.CaseDeclined(case_id=CASE),), "declined"),
        ((c.EngineerRejected(case_id=CASE, engineer_id="E-1"),), "rejected"),
        ((c.EscalatedToExpert(case_id=CASE, target="vendor"),), "escalated"),
        ((c.CaseResolved(case_id=CASE),), "resolved"),
        ((recorded(), c.ServiceRestored(case_id=CASE)), "work_done"),
        ((c.CaseReopened(case_id=CASE),), "reopened"),
    ],
)
def test_end_of_the_visit_frees_the_day(
    facts: tuple[case_facts.Fact, ...], reason: engineer.ReleaseReason
) -> None:
    assert follow(after(reported(), ON_SITE), *facts) == [
        engineer.Release(engineer_id="E-1", case_id=CASE, reason=reason)
    ]


def test_milestone_on_the_way_frees_nothing() -> None:
    assert follow(after(reported(), ON_SITE), c.CaseAccepted(case_id=CASE)) == []


THERE = EngineerBooked(
    engineer_id="E-1", case_id="OTHR-CASE", start=at(0), end=at(120), on_site=True
)


def test_arrival_occupies_whoever_came_until_released() -> None:
    """DP-06: the time that was booked may be over, and the work is not."""
    arrived = follow(after(reported(), ON_SITE), c.EngineerArrived(case_id=CASE))
    booked = EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(0), end=at(120))
    there = EngineerBooked(engineer_id="E-1", case_id=CASE, start=at(0), end=at(120), on_site=True)
    assert list(booking.decide(arrived, state_of(ENTRY, booked), at(100))) == [there]
    late = engineer.Book(
        engineer_id="E-1", case_id="OTHR-CASE", slot=visit_from(at(300)), at=at(300)
    )
    with pytest.raises(Refused) as refusal:
        engineer.decide(late, state_of(ENTRY, there))
    assert refusal.value.code == "engineer-busy"
    freed = EngineerReleased(engineer_id="E-1", case_id=CASE, reason="work_done")
    assert engineer.decide(late, state_of(ENTRY, there, freed))


def test_visit_of_tomorrow_can_be_booked_while_somebody_is_on_site() -> None:
    assert engineer.decide(book(24 * 60, 26 * 60), state_of(ENTRY, THERE))


def test_whoever_is_on_site_neither_sets_off_nor_arrives_elsewhere() -> None:
    """DP-06: until that work is done, or somebody else's."""
    before = after(reported(), assigned("E-1", slot_start=at(120), slot_end=at(240)))
    for kind in (c.EngineerDeparted, c.EngineerArrived):
        fact = kind(case_id=CASE, engineer_id="E-1")
        with pytest.raises(Refused) as refusal:
            booking.decide(follow(before, fact), state_of(ENTRY, THERE), at(100))
        assert refusal.value.code == "engineer-busy"
        assert "OTHR-CASE" in refusal.value.detail


@pytest.mark.parametrize(("next_visit", "end"), [(None, 220), (at(160), 160), (at(600), 220)])
def test_whoever_goes_without_a_visit_is_booked_for_one(
    next_visit: datetime | None, end: int
) -> None:
    """DP-06: from then on, until the next one at most."""
    on_the_hotline = after(reported(), assigned("E-1", mode="hotline"))
    for kind, on_site in ((cmd.Depart, False), (cmd.Arrive, True)):
        command = kind(case_id=CASE, at=at(100), next_visit=next_visit)
        facts = case.decide(command, on_the_hotline)
        assert follow(on_the_hotline, *facts) == [
            engineer.Book(
                engineer_id="E-1",
                case_id=CASE,
                slot=Slot(at(100), at(end)),
                at=at(100),
                on_site=on_site,
            )
        ]


def test_whoever_handed_a_case_on_has_left_and_comes_again() -> None:
    """DP-06, DP-09: taken back, it is with him and he is not on site."""
    arrived = c.EngineerArrived(case_id=CASE, engineer_id="E-1")
    passed = c.EscalatedToExpert(case_id=CASE, target="vendor")
    state = after(reported(), ON_SITE, arrived, passed, TakenBack(case_id=CASE))
    assert (case_state.status(state), state.holder, state.visit) == ("assigned", "E-1", None)
    assert case.decide(cmd.Arrive(case_id=CASE, at=at(100)), state)


def test_arrival_told_after_all_was_done_occupies_nobody() -> None:
    before = after(reported(), ON_SITE, recorded(), c.ServiceRestored(case_id=CASE))
    facts = case.decide(cmd.Arrive(case_id=CASE, at=at(5)), before)
    assert list(facts) == [c.EngineerArrived(case_id=CASE, engineer_id="E-1")]
    assert follow(before, *facts) == []


def test_visit_that_was_over_before_it_is_planned_is_refused() -> None:
    past = Slot(at(-400 * 24 * 60), at(-400 * 24 * 60 + 120))
    command = cmd.Assign(case_id=CASE, at=at(5), engineer_id="E-1", slot=past)
    with pytest.raises(Refused) as refusal:
        case.decide(command, after(reported()))
    assert (refusal.value.code, refusal.value.field) == ("slot-over", "slot")
