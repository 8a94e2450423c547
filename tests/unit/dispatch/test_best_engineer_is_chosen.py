"""DP-04: by skill, certificate, duty, load, journey and level; and the choice is explained."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from aftercare_events.catalogue.engineer import Certificate, Duty, Point, Residence
from aftercare_events.rota import Absence
from dispatch.domain.assignment import rank
from dispatch.domain.geography import direction, distance_km
from dispatch.domain.need import Need, Workload
from dispatch.domain.slot import Slot
from dispatch.domain.staff import Engineer, staff_of
from support.dispatch_cases import at

BEIJING = direction(Point(latitude=39.9042, longitude=116.4074))
SHANGHAI = direction(Point(latitude=31.2304, longitude=121.4737))
TIANJIN = direction(Point(latitude=39.0842, longitude=117.2009))

NEED = Need(
    at=at(0),
    today=date(2026, 11, 2),
    mode="onsite",
    skill="network",
    where=BEIJING,
    customer_id="C-1",
    site_id="S-1",
)
IDLE = Workload({})


def engineer(engineer_id: str, **changes: Any) -> Engineer:
    usual = Engineer(engineer_id=engineer_id, skills=frozenset({"network"}), home=BEIJING, level=1)
    return replace(usual, **changes)


def chosen(*engineers: Engineer, need: Need = NEED, workload: Workload = IDLE) -> str | None:
    ranking = rank(need, staff_of(engineers), workload)
    return ranking.best[0].engineer.engineer_id if ranking.best else None


def test_nearest_is_sent() -> None:
    assert chosen(engineer("A", home=SHANGHAI), engineer("B", home=TIANJIN)) == "B"


def test_way_begins_where_somebody_was_last_not_at_home() -> None:
    out = Workload({}, places={"A": BEIJING, "UNKNOWN": BEIJING})
    near, far = engineer("B", home=TIANJIN), engineer("A", home=SHANGHAI)
    assert chosen(far, near, workload=out) == "A"
    unknown = engineer("A", home=None)
    assert chosen(unknown, near, workload=out) == "A"


def test_distance_is_that_of_the_great_circle() -> None:
    assert distance_km(BEIJING, SHANGHAI) == pytest.approx(1068, abs=2)
    assert distance_km(BEIJING, BEIJING) == pytest.approx(0, abs=0.001)


def test_distance_does_not_matter_on_the_hotline() -> None:
    need = replace(NEED, mode="hotline")
    workload = Workload({"A": 1})
    far, near = engineer("B", home=SHANGHAI), engineer("A", home=BEIJING)
    assert chosen(far, near, need=need, workload=workload) == "B"


def test_load_weighs_against_the_journey() -> None:
    near, far = engineer("A", home=BEIJING), engineer("B", home=TIANJIN)
    assert chosen(near, far, workload=Workload({"A": 3})) == "A"
    assert chosen(near, far, workload=Workload({"A": 4})) == "B"


def test_unknown_home_is_reckoned_as_far_away() -> None:
    assert chosen(engineer("A", home=None), engineer("B", home=TIANJIN)) == "B"
    assert chosen(engineer("A", home=None), engineer("B", home=SHANGHAI)) == "A"


def test_level_is_at_least_what_is_asked_and_no_more_than_needed() -> None:
    need = replace(NEED, level=2)
    team = [engineer(f"L{level}", level=level) for level in (1, 2, 5)]
    ranking = rank(need, staff_of(team), IDLE, limit=3)
    assert [one.engineer.engineer_id for one in ranking.best] == ["L2", "L5"]
    assert ranking.left_out == {"level": 1}


def test_person_may_put_the_level_aside() -> None:
    need = replace(NEED, level=3, waived=frozenset({"level"}))
    team = [engineer(f"L{level}", level=level) for level in (1, 2)]
    best = rank(need, staff_of(team), IDLE).best[0]
    assert (best.engineer.engineer_id, best.obstacles) == ("L2", ("level",))
    assert best.why["parts"] == {"level": 240}


def test_whoever_arrives_in_time_goes_before_whoever_does_not() -> None:
    """Tianjin is 114 minutes away, whatever Beijing has to do."""
    busy, far = engineer("A", home=BEIJING), engineer("B", home=TIANJIN)
    workload = Workload({"A": 9})
    assert chosen(busy, far, workload=workload) == "B"
    assert chosen(busy, far, need=replace(NEED, arrive_by=at(114)), workload=workload) == "B"
    hurried = replace(NEED, arrive_by=at(113))
    assert chosen(busy, far, need=hurried, workload=workload) == "A"
    late = rank(hurried, staff_of([far]), IDLE).best[0].why
    assert (late["late_min"], late["arrive_by"]) == (1, at(113).isoformat())


def test_resident_goes_before_others() -> None:
    own = engineer("B", residence=Residence(customer_id="C-1"))
    best = rank(NEED, staff_of([engineer("A"), own]), Workload({"B": 1})).best[0]
    assert (best.engineer.engineer_id, best.why["parts"]["resident"]) == ("B", -60)


def test_promise_that_has_passed_prefers_nobody() -> None:
    need = replace(NEED, arrive_by=at(-1))
    assert chosen(engineer("A"), engineer("B", home=TIANJIN), need=need) == "A"


@pytest.mark.parametrize(
    ("need", "workload", "part", "minutes"),
    [
        ({"knows_device": frozenset({"B"})}, {}, "device", -20),
        ({"knows_model": frozenset({"B"})}, {}, "device", -10),
        (
            {"knows_model": frozenset({"A", "B"}), "knows_device": frozenset({"B"})},
            {},
            "device",
            -20,
        ),
        ({}, {"scores": {"A": 4.4, "B": 4.8}}, "scores", -8),
        ({}, {"scores": {"A": 2.0}}, "scores", None),
        ({}, {"recent": {"A": 5, "B": 4}}, "fairness", 8),
        ({}, {"open_cases": {"A": 2, "B": 1}}, "load", 30),
    ],
)
def test_soft_rule_prefers_and_says_by_how_much(
    need: dict[str, Any], workload: dict[str, Any], part: str, minutes: int | None
) -> None:
    team = staff_of([engineer("A"), engineer("B")])
    best = rank(replace(NEED, **need), team, Workload(**({"open_cases": {}} | workload))).best[0]
    assert best.engineer.engineer_id == "B"
    assert best.why["parts"].get(part) == minutes


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"active": False}, "inactive"),
        ({"skills": frozenset({"lighting"})}, "skill"),
        (
            {"certificates": (Certificate(name="post", valid_until=date(2026, 11, 1)),)},
            "certificate",
        ),
        ({"duty": Duty()}, "off_duty"),
        ({"level": 0}, "level"),
        ({"absences": (Absence(absence_id="X", start=at(-9), end=at(9)),)}, "off_duty"),
        ({"reserve": True}, "reserve"),
        ({"residence": Residence(customer_id="C-9")}, "resident_elsewhere"),
        ({"residence": Residence(customer_id="C-1", site_id="S-9")}, "resident_elsewhere"),
    ],
)
def test_hard_rule_leaves_out_and_is_counted(changes: dict[str, Any], obstacle: str) -> None:
    ranking = rank(NEED, staff_of([engineer("A", **changes)]), IDLE)
    assert ranking.best == []
    assert ranking.left_out == {obstacle: 1}


@pytest.mark.parametrize("site", [None, "S-1"])
def test_resident_engineer_is_sent_at_home_and_elsewhere_only_when_waived(site: str | None) -> None:
    own = engineer("A", residence=Residence(customer_id="C-1", site_id=site))
    assert chosen(own) == "A"
    elsewhere = replace(NEED, customer_id="C-2")
    assert chosen(own, need=elsewhere) is None
    assert chosen(own, need=replace(elsewhere, waived=frozenset({"resident_elsewhere"}))) == "A"


def test_reserve_team_is_sent_when_it_is_called() -> None:
    """DP-17: whoever calls it puts the rule aside."""
    team = [engineer("A", reserve=True)]
    assert chosen(*team) is None
    assert chosen(*team, need=replace(NEED, waived=frozenset({"reserve"}))) == "A"


@pytest.mark.parametrize("why_not", ["declined", "rejected", "concerned"])
def test_unwelcome_engineer_is_left_out(why_not: str) -> None:
    need = replace(NEED, **{why_not: frozenset({"A", "stranger"})})
    ranking = rank(need, staff_of([engineer("A"), engineer("B", home=SHANGHAI)]), IDLE)
    assert [one.engineer.engineer_id for one in ranking.best] == ["B"]
    assert ranking.left_out == {why_not: 1}


@pytest.mark.parametrize(
    ("certificates", "fit"),
    [
        ((), True),
        ((("network", "2026-11-02"),), True),
        ((("network", "2026-11-01"),), False),
        (((None, "2026-11-02"),), True),
        ((("lighting", "2027-01-01"),), False),
        ((("lighting", "2027-01-01"), ("network", "2026-11-01")), False),
        (((None, "2026-01-01"), ("network", "2027-01-01")), True),
    ],
)
def test_certificate_is_valid_on_the_day_and_for_the_work(
    certificates: tuple[tuple[str | None, str], ...], fit: bool
) -> None:
    held = tuple(
        Certificate(name="post", valid_until=date.fromisoformat(until), skill=skill)
        for skill, until in certificates
    )
    assert (chosen(engineer("A", certificates=held)) == "A") is fit


def test_booked_engineer_is_left_out_of_visits_only() -> None:
    workload = Workload({}, [("A", Slot(at(60), at(120)))])
    assert chosen(engineer("A"), workload=workload) is None
    assert chosen(engineer("A"), need=replace(NEED, mode="hotline"), workload=workload) == "A"


def test_journey_belongs_to_the_visit() -> None:
    from_tianjin = engineer("A", home=TIANJIN)
    slot = rank(NEED, staff_of([from_tianjin]), IDLE).best[0].slot
    assert slot is not None
    assert slot.end == at(114 + 120)
    before, after = Slot(at(-60), at(0)), Slot(slot.end, at(400))
    assert chosen(from_tianjin, workload=Workload({}, [("A", before), ("A", after)])) == "A"
    within = Slot(at(230), at(400))
    assert chosen(from_tianjin, workload=Workload({}, [("A", within)])) is None


def test_choice_is_explained() -> None:
    ranking = rank(NEED, staff_of([engineer("A"), engineer("B", duty=Duty())]), Workload({"A": 2}))
    assert ranking.best[0].why == {
        "score_min": 60,
        "journey_min": 0,
        "open_cases": 2,
        "level": 1,
        "skill": "network",
        "suitable": 1,
        "left_out": {"off_duty": 1},
        "parts": {"load": 60},
        "weights": 0,
    }


def test_equals_are_chosen_alike_everywhere() -> None:
    assert chosen(engineer("B"), engineer("A")) == "A"


def test_nobody_is_chosen_from_nobody() -> None:
    assert chosen() is None
