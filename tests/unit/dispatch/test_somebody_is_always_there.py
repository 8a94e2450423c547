"""DP-18: a gap in the cover that a contract or an installation asks for is found ahead."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.cover import CoverGapFound, CoverRestored, Gap
from aftercare_events.catalogue.engineer import Duty, DutySpan
from aftercare_events.envelope import Event
from aftercare_events.official_days import shipped
from aftercare_events.rota import Absence, Dated, Rota, serving
from dispatch.domain.contract_terms import ContractTerms
from dispatch.domain.cover import (
    INITIAL,
    ZONE,
    CoverState,
    Look,
    Note,
    Wanted,
    decide,
    demanded,
    evolve,
    horizon,
    look_ahead,
    midnight,
    service,
)
from dispatch.domain.installation import Installation, cover_of_trial
from dispatch.domain.presence_hours import AROUND_THE_CLOCK, USUAL, presence_hours
from dispatch.domain.stretches import Stretch, joined, length, within, without

MONDAY = date(2026, 11, 2)
A_DAY = timedelta(days=1)
OFFICE = Duty(spans=(DutySpan(days=(1, 2, 3, 4, 5), start="09:00", end="18:00"),))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """So many days after Monday the 2nd, in Asia/Shanghai."""
    return datetime.combine(MONDAY + day * A_DAY, time(hour, minute), ZONE)


def leave(start: datetime, end: datetime, deputy: str | None = None) -> Rota:
    return Rota(absences=(Absence(absence_id="A-1", start=start, end=end, deputy=deputy),))


def wanted(*who: str, **changes: Any) -> Wanted:
    asked: dict[str, Any] = {"starts": at(0), "ends": at(7), "hours": USUAL, "able": who}
    return Wanted(**(asked | {"who": who} | changes))


def gaps(ask: Wanted, **rotas: Rota) -> list[Stretch]:
    look = look_ahead(MONDAY, ask, rotas, shipped())
    return [Stretch(gap.start, gap.end) for gap in look.gaps]


def hours(day: int) -> Stretch:
    return Stretch(at(day, 9), at(day, 17))


def test_presence_is_asked_for_on_working_days_from_nine_to_five() -> None:
    assert gaps(wanted("E1"), E1=Rota()) == []
    assert gaps(wanted("E1"), E1=Rota(active=False)) == [hours(day) for day in range(5)]
    assert gaps(wanted("E1")) == [hours(day) for day in range(5)]
    assert gaps(wanted()) == [hours(day) for day in range(5)]


def test_holiday_asks_for_nobody_and_a_make_up_saturday_does() -> None:
    """The State Council's days: 1 to 7 October off, Saturday the 10th worked."""
    ask = wanted("E1", starts=midnight(date(2026, 9, 28)), ends=None)
    look = look_ahead(date(2026, 9, 28), ask, {}, shipped())
    days = [gap.start.astimezone(ZONE).date().day for gap in look.gaps]
    assert days == [28, 29, 30, 8, 9, 10]


def test_hole_of_an_hour_is_a_gap_to_the_minute() -> None:
    away = leave(at(1, 10, 15), at(1, 11, 45))
    assert gaps(wanted("E1"), E1=away) == [Stretch(at(1, 10, 15), at(1, 11, 45))]


def test_who_goes_home_early_leaves_a_gap_each_day() -> None:
    short = Rota(duty=Duty(spans=(DutySpan(days=(1, 2, 3, 4, 5), start="09:00", end="16:00"),)))
    assert gaps(wanted("E1"), E1=short) == [Stretch(at(day, 16), at(day, 17)) for day in range(5)]


def test_around_the_clock_nights_and_weekends_are_gaps_and_neighbours_are_one() -> None:
    found = gaps(wanted("E1", hours=AROUND_THE_CLOCK), E1=Rota(duty=OFFICE))
    nights = [Stretch(at(day, 18), at(day + 1, 9)) for day in range(4)]
    assert found == [Stretch(at(0), at(0, 9)), *nights, Stretch(at(4, 18), at(7))]


def test_leave_is_a_gap_unless_a_deputy_is_there_all_the_time() -> None:
    away = leave(at(1), at(3), deputy="E2")
    assert gaps(wanted("E1"), E1=leave(at(1), at(3))) == [hours(1), hours(2)]
    anybody = wanted("E1", able=("E1", "E2", "E3"))
    assert gaps(anybody, E1=away, E2=Rota()) == []
    ill = leave(at(1, 13), at(1, 14))
    assert gaps(anybody, E1=away, E2=ill) == [Stretch(at(1, 13), at(1, 14))]
    deputised = leave(at(1, 13), at(1, 14), deputy="E3")
    assert gaps(anybody, E1=away, E2=deputised, E3=Rota()) == []


def test_deputy_who_is_not_senior_does_not_stand_in_for_somebody_senior() -> None:
    away = leave(at(1), at(2), deputy="E2")
    assert gaps(wanted("E1", able=("E1",)), E1=away, E2=Rota()) == [hours(1)]


def test_duty_handed_over_is_covered_by_whoever_took_it() -> None:
    given_away = Rota(
        duty=OFFICE,
        dated=(Dated(shift_id="S-1", start=at(2, 9), end=at(2, 18), on=False, other="E2"),),
    )
    taken = Dated(shift_id="S-1", start=at(2, 9), end=at(2, 18), other="E1")
    off = Duty()
    anybody = wanted("E1", able=("E1", "E2"))
    assert gaps(anybody, E1=given_away, E2=Rota(duty=off, dated=(taken,))) == []
    assert gaps(anybody, E1=given_away, E2=Rota(duty=off)) == [hours(2)]


def test_dated_shift_goes_before_the_week() -> None:
    off = Dated(shift_id="S-1", start=at(3, 12), end=at(3, 13), on=False)
    assert gaps(wanted("E1"), E1=Rota(dated=(off,))) == [Stretch(at(3, 12), at(3, 13))]
    alone = Dated(shift_id="S-1", start=at(0, 9), end=at(0, 17))
    assert gaps(wanted("E1"), E1=Rota(duty=Duty(), dated=(alone,)))[0] == hours(1)


def test_one_of_several_is_enough_at_a_time() -> None:
    shared = {"E1": leave(at(1, 9), at(1, 12)), "E2": leave(at(1, 11), at(1, 17))}
    assert gaps(wanted("E1", "E2"), **shared) == [Stretch(at(1, 11), at(1, 12))]


def test_only_the_time_between_the_two_is_looked_at() -> None:
    assert gaps(wanted(starts=at(2, 10, 30), ends=at(3))) == [Stretch(at(2, 10, 30), at(2, 17))]
    assert gaps(wanted(starts=at(20), ends=None)) == []
    assert gaps(wanted(starts=at(3), ends=at(2))) == []
    assert look_ahead(MONDAY, None, {}, shipped()).gaps == ()


def test_hours_are_the_contract_s_own_or_its_policy_s_or_five_by_eight() -> None:
    policy = ContractTerms(presence=AROUND_THE_CLOCK)
    assert presence_hours(ContractTerms(), {}) == USUAL
    assert presence_hours(policy, {"presence_hours": "5x8"}) == AROUND_THE_CLOCK
    assert presence_hours(ContractTerms(), {"presence_hours": "24x7"}) == AROUND_THE_CLOCK


def test_trial_operation_is_covered_from_the_end_of_the_installation_on() -> None:
    trial = at(10), at(20)
    assert cover_of_trial(*trial, []) == trial
    done = Installation(at(1), at(5, 15), False)
    assert cover_of_trial(*trial, [done]) == (at(5, 15), at(20))
    assert cover_of_trial(at(10), None, [done]) == (at(5, 15), None)
    called_off = Installation(at(1), None, False)
    assert cover_of_trial(*trial, [called_off]) == trial


def test_installation_that_goes_on_has_a_watch_of_its_own() -> None:
    starts, ends = cover_of_trial(at(10), at(20), [Installation(at(12), None, True)])
    assert (starts, ends) == (at(10), at(12))
    assert cover_of_trial(at(10), None, [Installation(at(1), None, True)]) == (at(10), at(1))


QUARTERS = st.integers(-96, 8 * 96)
NAMES = ("E1", "E2", "E3")


@st.composite
def stretches(draw: st.DrawFn) -> tuple[datetime, datetime]:
    start = draw(QUARTERS)
    length = draw(st.integers(1, 200))
    return at(0) + start * timedelta(minutes=15), at(0) + (start + length) * timedelta(minutes=15)


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    others = st.sampled_from((None, *NAMES))
    shifts = draw(st.lists(st.tuples(stretches(), st.booleans(), others), max_size=4))
    away = draw(st.lists(st.tuples(stretches(), others), max_size=3))
    night = Duty(spans=(DutySpan(days=(1, 3, 6), start="22:15", end="06:00"),))
    return Rota(
        active=draw(st.integers(0, 9)) > 0,
        duty=draw(st.sampled_from((OFFICE, night, Duty(), Duty(around_the_clock=True)))),
        dated=tuple(
            Dated(shift_id=f"S-{index}", start=start, end=end, on=on, other=other)
            for index, ((start, end), on, other) in enumerate(shifts)
        ),
        absences=tuple(
            Absence(absence_id=f"A-{index}", start=start, end=end, deputy=deputy)
            for index, ((start, end), deputy) in enumerate(away)
        ),
    )


@given(
    st.fixed_dictionaries(dict.fromkeys(NAMES, rotas())),
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NAMES)),
    st.sampled_from((USUAL, AROUND_THE_CLOCK)),
    stretches(),
)
def test_gaps_and_covered_time_together_are_exactly_the_time_asked_for(
    everybody: dict[str, Rota],
    who: set[str],
    able: set[str],
    calendar: Any,
    between: tuple[datetime, datetime],
) -> None:
    days = shipped()
    ask = wanted(hours=calendar, who=who, able=able, starts=between[0], ends=between[1])
    asked = demanded(ask, horizon(MONDAY), days)
    there = [one for each in who for one in service(each, able, horizon(MONDAY), everybody, days)]
    look = look_ahead(MONDAY, ask, everybody, days)
    left = [Stretch(gap.start, gap.end) for gap in look.gaps]
    met = without(asked, left)
    assert joined([*left, *met]) == list(asked)
    assert length(left) + length(met) == length(asked)
    assert without(left, there) == left
    assert without(met, there) == []
    assert look.covered_until == (met[-1].end if met else None)
    assert _is_the_answer_of_every_quarter(left, asked, everybody, who, able)


def _is_the_answer_of_every_quarter(
    left: Sequence[Stretch],
    asked: Sequence[Stretch],
    everybody: dict[str, Rota],
    who: set[str],
    able: set[str],
) -> bool:
    """Asked instant by instant, without any arithmetic of stretches."""
    step = timedelta(minutes=15)
    moments = [one.start + n * step for one in asked for n in range((one.end - one.start) // step)]
    return all(
        any(one.start <= moment < one.end for one in left)
        != any(serving(one, everybody, moment, shipped()) in able for one in who)
        for moment in moments
    )


@given(st.lists(stretches(), max_size=6), st.lists(stretches(), max_size=6), stretches())
def test_stretches_are_counted_as_their_quarters_are(
    these: list[tuple[datetime, datetime]],
    those: list[tuple[datetime, datetime]],
    window: tuple[datetime, datetime],
) -> None:
    def quarters(found: Sequence[Any]) -> set[datetime]:
        step = timedelta(minutes=15)
        return {s + n * step for s, e in found for n in range((e - s) // step)}

    one, other = [Stretch(*each) for each in these], [Stretch(*each) for each in those]
    whole = joined(one)
    assert quarters(whole) == quarters(one)
    assert all(before.end < after.start for before, after in pairwise(whole))
    assert quarters(without(one, other)) == quarters(one) - quarters(other)
    inside = {moment for moment in quarters(one) if window[0] <= moment < window[1]}
    assert quarters(within(whole, *window)) == inside


def look(*found: Stretch, today: int = 0, covered_until: datetime | None = None) -> Note:
    return Note(
        cover_id="resident-CT-1",
        what="resident",
        customer_id="C-1",
        look=Look(
            since=at(today),
            until=at(today + 14),
            gaps=tuple(Gap(start=one.start, end=one.end) for one in found),
            covered_until=covered_until,
        ),
    )


def after(*notes: Note) -> CoverState:
    state = INITIAL
    for note in notes:
        for fact in decide(note, state):
            state = evolve(state, fact)
    return state


def told(note: Note, *before: Note) -> list[Any]:
    return list(decide(note, after(*before)))


def test_gap_is_told_once_and_again_when_it_changes_and_ends_when_covered() -> None:
    [found] = told(look(hours(1)))
    assert found == CoverGapFound(
        cover_id="resident-CT-1",
        what="resident",
        customer_id="C-1",
        gaps=(Gap(start=at(1, 9), end=at(1, 17)),),
        looked_until=at(14),
    )
    assert told(look(hours(1)), look(hours(1))) == []
    [longer] = told(look(hours(1), hours(2)), look(hours(1)))
    assert [gap.start for gap in longer.gaps] == [at(1, 9), at(2, 9)]
    [shorter] = told(look(Stretch(at(1, 9), at(1, 12))), look(hours(1)))
    assert shorter.gaps[0].end == at(1, 12)
    ended = CoverRestored(cover_id="resident-CT-1", what="resident")
    assert told(look(), look(hours(1))) == [ended]
    assert told(look()) == []


def test_gap_is_not_told_again_because_a_day_has_passed() -> None:
    both = look(hours(1), hours(3), covered_until=at(11, 17))
    assert told(look(hours(3), today=2, covered_until=at(14, 17)), both) == []
    assert told(look(today=4), both)


def test_gap_that_goes_on_as_days_come_into_sight_is_told_once_until_it_has_passed() -> None:
    nobody = [hours(day) for day in range(28)]
    first = look(*nobody[:14])
    for today in range(1, 13):
        assert told(look(*nobody[today : today + 14], today=today), first) == []
    assert len(told(look(*nobody[14:], today=14), first)) == 1


def test_new_gap_behind_covered_time_is_told_when_it_comes_into_sight() -> None:
    first = look(hours(3), covered_until=at(11, 17))
    [both] = told(look(hours(3), hours(14), today=1, covered_until=at(11, 17)), first)
    assert len(both.gaps) == 2


def test_days_of_the_first_version_read_as_gaps() -> None:
    said = {
        "cover_id": "senior-1",
        "what": "senior",
        "customer_id": "C-1",
        "days": ["2026-11-05", "2026-11-03", "2026-11-04", "2026-11-09"],
    }
    event = Event(
        id="1",
        source="/aftercare/dispatch",
        type="aftercare.cover.gap_found.v1",
        subject="cover/senior-1",
        time=at(0).astimezone(UTC),
        data=msgspec.Raw(msgspec.json.encode(said)),
        actor="dispatch",
    )
    found: CoverGapFound = decode(event)
    assert [(gap.start, gap.end) for gap in found.gaps] == [(at(1), at(4)), (at(7), at(8))]
    assert found.looked_until == at(8)
