"""What a depot keeps at least, and when that is not so (DP-12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.depot import SafetyLevel, SafetyStockSet, StockLow, StockRefilled
from aftercare_events.decider import Refused

Fact = SafetyStockSet | StockLow | StockRefilled
REDUNDANT = 2


class Kept(NamedTuple):
    """What a level is about: a model, or a category as a whole."""

    model: str | None
    category: str | None


class SafetyState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`low` holds the alerts that stand."""

    levels: tuple[SafetyLevel, ...] = ()
    low: tuple[StockLow, ...] = ()


INITIAL = SafetyState()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLevels:
    depot_id: str
    levels: tuple[SafetyLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How many units are free now; what is not named has none."""

    depot_id: str
    free: Mapping[Kept, int]


Command = SetLevels | Watch


def kept(one: SafetyLevel | StockLow | StockRefilled) -> Kept:
    return Kept(one.model, one.category)


def decide(command: Command, state: SafetyState) -> Sequence[Fact]:
    """Raises Refused, naming the level that is wrong."""
    match command:
        case SetLevels():
            return set_levels(command, state)
        case Watch():
            return watch(command, state)
        case _:
            assert_never(command)


def set_levels(command: SetLevels, state: SafetyState) -> Sequence[Fact]:
    seen: set[Kept] = set()
    for index, level in enumerate(command.levels):
        _check(index, level, seen)
        seen.add(kept(level))
    if command.levels == state.levels:
        return []
    return [SafetyStockSet(depot_id=command.depot_id, levels=command.levels)]


def _check(index: int, level: SafetyLevel, seen: set[Kept]) -> None:
    field = f"levels.{index}"
    if (level.model is None) == (level.category is None):
        raise Refused("model-or-category", "a level is about one of the two", f"{field}.model")
    if level.key_device and level.at_least < REDUNDANT:
        raise Refused(
            "not-redundant", "a key device keeps two spares at least", f"{field}.at_least"
        )
    if kept(level) in seen:
        raise Refused("level-twice", "another level is about the same", field)


def watch(command: Watch, state: SafetyState) -> Sequence[Fact]:
    """What fell short since, and what is over; nothing while it goes on."""
    levels = {kept(level): level for level in state.levels}
    low = {kept(one) for one in state.low}
    short = {what for what, level in levels.items() if command.free.get(what, 0) < level.at_least}
    return [
        *(_low(command, levels[what]) for what in levels if what in short - low),
        *(_refilled(command, one, levels) for one in state.low if kept(one) not in short),
    ]


def _low(command: Watch, level: SafetyLevel) -> StockLow:
    return StockLow(
        depot_id=command.depot_id,
        free=command.free.get(kept(level), 0),
        at_least=level.at_least,
        model=level.model,
        category=level.category,
        key_device=level.key_device,
    )


def _refilled(command: Watch, low: StockLow, levels: Mapping[Kept, SafetyLevel]) -> StockRefilled:
    level = levels.get(kept(low))
    return StockRefilled(
        depot_id=command.depot_id,
        free=command.free.get(kept(low), 0),
        at_least=level.at_least if level else 0,
        model=low.model,
        category=low.category,
        key_device=low.key_device,
    )


def evolve(state: SafetyState, fact: Fact) -> SafetyState:
    match fact:
        case SafetyStockSet():
            return replace(state, levels=fact.levels)
        case StockLow():
            return replace(state, low=(*state.low, fact))
        case StockRefilled():
            return replace(state, low=tuple(x for x in state.low if kept(x) != kept(fact)))
        case _:
            assert_never(fact)
