"""DP-12, DP-28: safety stock with its alert, and stock in proportion to the contracts served."""

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue.depot import SafetyLevel, SafetyStockSet, StockLow, StockRefilled
from aftercare_events.catalogue.engineer import Point
from aftercare_events.decider import Refused
from dispatch.domain import safety_stock, stock_plan
from dispatch.domain.geography import direction
from dispatch.domain.safety_stock import Kept

SWITCH = SafetyLevel(model="S7706", at_least=2, key_device=True)
LAMPS = SafetyLevel(category="lighting", at_least=3)
SET = SafetyStockSet(depot_id="DP-1", levels=(SWITCH, LAMPS))
LOW = StockLow(depot_id="DP-1", model="S7706", free=1, at_least=2, key_device=True)
ENOUGH = {Kept("S7706", None): 2, Kept(None, "lighting"): 3}
BEIJING = direction(Point(latitude=39.9042, longitude=116.4074))
SHANGHAI = direction(Point(latitude=31.2304, longitude=121.4737))


def state(*facts: safety_stock.Fact) -> safety_stock.SafetyState:
    return reduce(safety_stock.evolve, facts, safety_stock.INITIAL)


def watched(held: safety_stock.SafetyState, **free: int) -> list[Any]:
    counted = ENOUGH | {
        Kept("S7706", None): free.get("switches", 2),
        Kept(None, "lighting"): free.get("lamps", 3),
    }
    return list(safety_stock.decide(safety_stock.Watch(depot_id="DP-1", free=counted), held))


def levels(*wanted: SafetyLevel) -> safety_stock.SetLevels:
    return safety_stock.SetLevels(depot_id="DP-1", levels=wanted)


def test_stock_below_its_level_is_told_once_and_again_when_it_is_back() -> None:
    assert watched(state(SET)) == []
    assert watched(state(SET), switches=1) == [LOW]
    assert watched(state(SET, LOW), switches=0) == []
    [back] = watched(state(SET, LOW))
    assert back == StockRefilled(
        depot_id="DP-1", model="S7706", free=2, at_least=2, key_device=True
    )
    assert state(SET, LOW, back).low == ()


def test_level_that_is_given_up_takes_its_alert_along() -> None:
    fewer = SafetyStockSet(depot_id="DP-1", levels=(LAMPS,))
    [back] = watched(state(SET, LOW, fewer), switches=0)
    assert (back.model, back.at_least) == ("S7706", 0)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (SafetyLevel(at_least=1), "model-or-category"),
        (SafetyLevel(at_least=1, model="S7706", category="network"), "model-or-category"),
        (SafetyLevel(at_least=1, model="S7706", key_device=True), "not-redundant"),
    ],
)
def test_level_is_about_one_thing_and_redundant_for_key_devices(
    wanted: SafetyLevel, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        safety_stock.decide(levels(LAMPS, wanted), state())
    assert refused.value.code == code
    assert (refused.value.field or "").startswith("levels.1")


def test_levels_are_set_as_a_whole_and_only_when_they_change() -> None:
    assert safety_stock.decide(levels(SWITCH, LAMPS), state()) == [SET]
    assert safety_stock.decide(levels(SWITCH, LAMPS), state(SET)) == []
    with pytest.raises(Refused, match="another level"):
        safety_stock.decide(levels(LAMPS, LAMPS), state())


NORTH = stock_plan.Depot(depot_id="DP-BJ", district="北京", where=BEIJING)
EAST = stock_plan.Depot(depot_id="DP-SH", where=SHANGHAI)


def served(quantity: int, **place: Any) -> stock_plan.Served:
    return stock_plan.Served(category="network", quantity=quantity, **place)


def test_depots_share_all_units_by_the_devices_they_serve() -> None:
    shares = stock_plan.propose(
        [NORTH, EAST],
        [served(30, city="北京"), served(10, where=SHANGHAI)],
        {("DP-BJ", "network"): 1, ("DP-SH", "network"): 3, ("DP-SH", "lighting"): 2},
    )
    assert [(s.depot_id, s.category, s.devices, s.held, s.proposed) for s in shares] == [
        ("DP-SH", "lighting", 0, 2, 2),
        ("DP-BJ", "network", 30, 1, 3),
        ("DP-SH", "network", 10, 3, 1),
    ]


def test_site_is_served_by_the_depot_of_its_city_else_the_nearest() -> None:
    assert stock_plan.serving([NORTH, EAST], served(1, city="北京", where=SHANGHAI)) == NORTH
    assert stock_plan.serving([NORTH, EAST], served(1, city="苏州", where=SHANGHAI)) == EAST
    assert stock_plan.serving([NORTH, EAST], served(1)) is None


@given(
    st.integers(0, 500),
    st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 0),
)
def test_parts_add_up_and_are_at_most_one_away_from_exact(total: int, weights: list[int]) -> None:
    parts = stock_plan.in_proportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1
        assert weight > 0 or part == 0
