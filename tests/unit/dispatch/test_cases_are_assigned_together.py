"""DP-04, DP-06: many waiting cases are assigned at once, for the good of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare_events.catalogue.engineer import Point
from dispatch.domain.assignment import Ranking, rank
from dispatch.domain.geography import direction
from dispatch.domain.need import Need, Workload
from dispatch.domain.slot import Slot
from dispatch.domain.staff import Engineer, Staff, staff_of
from dispatch.domain.together import MOST_TOGETHER, assign_together
from support.dispatch_cases import at

SKILLS = ("network", "display", "lighting")


def place(east: float) -> Any:
    """`east` degrees along the equator: 111 km, and as many minutes, each."""
    return direction(Point(latitude=0, longitude=east))


def engineer(engineer_id: str, east: float = 0, **changes: Any) -> Engineer:
    return Engineer(engineer_id=engineer_id, home=place(east), skills=frozenset(SKILLS), **changes)


def visit(east: float = 0, **changes: Any) -> Need:
    need = Need(at=at(0), today=date(2026, 11, 2), mode="onsite", where=place(east))
    return replace(need, **changes)


def advice(**changes: Any) -> Need:
    return visit(mode="hotline", **changes)


def sent(
    needs: Sequence[Need], *staff: Engineer, workload: Workload | None = None
) -> list[str | None]:
    return [who(one) for one in assign_together(needs, staff_of(staff), workload or Workload({}))]


def who(ranking: Ranking) -> str | None:
    return ranking.best[0].engineer.engineer_id if ranking.best else None


def test_one_case_goes_a_little_farther_so_that_another_goes_much_nearer() -> None:
    """One by one, the first case would take B, and the second wait for A from the far end."""
    assert sent([visit(1.4), visit(3)], engineer("A", 0), engineer("B", 2)) == ["A", "B"]


def test_less_time_left_goes_before_a_shorter_way_as_far_as_it_weighs() -> None:
    """Each minute less left is worth twelve seconds of the way: 111 minutes, 555 less left."""
    near = visit(0, arrive_by=at(24 * 60))
    assert sent([near, visit(1, arrive_by=at(24 * 60 - 556))], engineer("A")) == [None, "A"]
    assert sent([near, visit(1, arrive_by=at(24 * 60 - 554))], engineer("A")) == ["A", None]


def test_who_waits_long_enough_waits_no_longer_for_nearer_ones() -> None:
    days_late = visit(9, arrive_by=at(-6 * 24 * 60))
    assert sent([visit(0, arrive_by=at(60)), days_late], engineer("A")) == [None, "A"]


def test_as_many_as_can_be_get_somebody_however_far_it_is() -> None:
    expert = engineer("A")
    helper = replace(engineer("B"), skills=frozenset({"display"}))
    needs = [visit(9, skill="network"), visit(0, skill="display")]
    assert sent(needs, expert, helper) == ["A", "B"]


def test_promised_arrival_goes_before_a_shorter_way_in_all() -> None:
    """The second case is promised a visit in 60 minutes; B alone is near enough."""
    needs = [visit(1), visit(1, arrive_by=at(60))]
    assert sent(needs, engineer("A", 8), engineer("B", 1)) == ["A", "B"]


def test_visits_go_to_different_engineers_and_advice_may_go_to_one() -> None:
    assert sent([visit(), visit()], engineer("A")) == ["A", None]
    assert sent([advice(), advice(), advice()], engineer("A")) == ["A", "A", "A"]


def test_advice_is_spread_by_the_load_it_makes() -> None:
    staff = [engineer("A"), engineer("B")]
    rankings = assign_together([advice()] * 4, staff_of(staff), Workload({"A": 2}))
    assert sorted(str(who(one)) for one in rankings) == ["A", "B", "B", "B"]
    loads = {one.best[0].why["open_cases"] for one in rankings if who(one) == "B"}
    assert loads == {0, 1, 2}


def test_who_is_sent_on_a_visit_is_busier_for_advice() -> None:
    assert sent([visit(), advice()], engineer("A"), engineer("B", 1)) == ["A", "B"]


def test_hard_rules_hold_together_too() -> None:
    booked = Workload({}, [("A", Slot(at(0), at(60)))])
    needs = [visit(), visit(level=2), advice(declined=frozenset({"B"}))]
    assert sent(needs, engineer("A"), engineer("B"), workload=booked) == ["B", None, "A"]
    rankings = assign_together([visit(level=2)], staff_of([engineer("A")]), booked)
    assert rankings[0].left_out == {"level": 1}


def test_choice_says_how_many_were_chosen_at_once() -> None:
    both = assign_together([visit(), advice()], staff_of([engineer("A")]), Workload({}))
    assert [one.best[0].why["together"] for one in both] == [2, 2]
    alone = assign_together([visit()], staff_of([engineer("A")]), Workload({}))
    assert "together" not in alone[0].best[0].why


def test_nobody_is_there_or_nothing_is_asked() -> None:
    assert sent([visit(), advice()]) == [None, None]
    assert sent([], engineer("A")) == []


def test_more_than_can_be_weighed_exactly_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 200"):
        assign_together([advice()] * (MOST_TOGETHER + 1), staff_of([]), Workload({}))


skills = st.sets(st.sampled_from(SKILLS), min_size=1).map(frozenset)
engineers = st.lists(
    st.builds(
        Engineer,
        engineer_id=st.integers(0, 99).map(lambda number: f"E-{number:02}"),
        level=st.integers(1, 3),
        skills=skills,
        home=st.integers(0, 9).map(place),
    ),
    max_size=8,
    unique_by=lambda one: one.engineer_id,
)
needs_of = st.lists(
    st.builds(
        visit,
        east=st.integers(0, 9),
        mode=st.sampled_from(["onsite", "hotline", "remote"]),
        skill=st.sampled_from(SKILLS),
        level=st.integers(1, 3),
        arrive_by=st.one_of(st.none(), st.integers(60, 600).map(at)),
    ),
    max_size=10,
)
loads = st.dictionaries(st.integers(0, 99).map(lambda number: f"E-{number:02}"), st.integers(0, 9))


def one_by_one(needs: Sequence[Need], staff: Staff, load: dict[str, int]) -> list[Ranking]:
    """The best for the first case, then the best that is left for the next."""
    load, taken, rankings = dict(load), list[tuple[str, Slot]](), list[Ranking]()
    order = sorted(range(len(needs)), key=lambda index: needs[index].mode != "onsite")
    for index in order:
        ranking = rank(needs[index], staff, Workload(load, taken))
        if ranking.best:
            name, slot = ranking.best[0].engineer.engineer_id, ranking.best[0].slot
            if needs[index].mode != "onsite":
                load[name] = load.get(name, 0) + 1
            elif slot is not None:
                taken.append((name, slot))
        rankings.append(ranking)
    return [ranking for _, ranking in sorted(zip(order, rankings, strict=True), key=lambda x: x[0])]


def loss(needs: Sequence[Need], rankings: Sequence[Ranking]) -> tuple[int, float]:
    """How many wait, and what everything costs: the ways, late arrivals, and who waits."""
    waiting, minutes = 0, 0.0
    for need, ranking in zip(needs, rankings, strict=True):
        if not ranking.best:
            left = (need.arrive_by or at(24 * 60)) - need.at
            waiting, minutes = waiting + 1, minutes - left.total_seconds() / 60 * 0.2
        else:
            why = ranking.best[0].why
            minutes += why["score_min"] + (120 if why.get("late_min") else 0)
    return waiting, minutes


@settings(max_examples=60, deadline=None)
@given(engineers, needs_of, loads)
def test_together_is_never_worse_than_one_by_one(
    staff: list[Engineer], needs: list[Need], load: dict[str, int]
) -> None:
    """Within visits, and within advice: no more wait, and no more is lost."""
    for mode in ("onsite", "hotline"):
        asked = [need for need in needs if (need.mode == "onsite") == (mode == "onsite")]
        ours = assign_together(asked, staff_of(staff), Workload(load))
        plain = one_by_one(asked, staff_of(staff), load)
        few, lost = loss(asked, ours)
        assert (few, lost) <= (loss(asked, plain)[0], loss(asked, plain)[1] + 0.1)


@settings(max_examples=40, deadline=None)
@given(engineers, needs_of, loads, st.randoms())
def test_nobody_is_booked_twice_and_all_replicas_choose_alike(
    staff: list[Engineer], needs: list[Need], load: dict[str, int], chance: Any
) -> None:
    rankings = assign_together(needs, staff_of(staff), Workload(load))
    visits = [who(one) for one in rankings if one.best and one.best[0].slot]
    assert len(set(visits)) == len(visits)
    assert all(not one.best[0].obstacles for one in rankings if one.best)
    shuffled = list(staff)
    chance.shuffle(shuffled)
    again = assign_together(needs, staff_of(shuffled), Workload(load))
    assert [who(one) for one in again] == [who(one) for one in rankings]
