"""Stock in proportion to the contracts that each depot serves (DP-28)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .geography import Direction, distance_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    depot_id: str
    district: str | None = None
    where: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Devices of a category under contract at one site."""

    category: str
    quantity: int = 1
    city: str | None = None
    where: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a depot serves and has of a category, and what would be its part of all units."""

    depot_id: str
    category: str
    devices: int
    held: int
    proposed: int


def propose(
    depots: Sequence[Depot],
    served: Iterable[Served],
    held: Mapping[tuple[str, str], int],
) -> Sequence[Share]:
    """All units of a category, by depot in proportion to the devices there.

    `held` counts units by depot and category. Where no depot serves such devices, all stays.
    """
    devices: Counter[tuple[str, str]] = Counter()
    for one in served:
        if (depot := serving(depots, one)) is not None:
            devices[depot.depot_id, one.category] += one.quantity
    categories = sorted({category for _, category in (*devices, *held)})
    ids = sorted({depot.depot_id for depot in depots} | {depot_id for depot_id, _ in held})
    return [
        share
        for category in categories
        for share in _of_category(category, ids, devices, held)
        if share.devices or share.held
    ]


def serving(depots: Sequence[Depot], one: Served) -> Depot | None:
    """The depot of the site's own city, else the nearest whose place is known."""
    if one.city is not None:
        for depot in depots:
            if depot.district is not None and depot.district == one.city:
                return depot
    where = one.where
    if where is None:
        return None
    located = [(distance_km(where, d.where), d.depot_id, d) for d in depots if d.where]
    return min(located, key=lambda found: found[:2])[2] if located else None


def _of_category(
    category: str,
    ids: Sequence[str],
    devices: Mapping[tuple[str, str], int],
    held: Mapping[tuple[str, str], int],
) -> Sequence[Share]:
    weights = [devices.get((depot_id, category), 0) for depot_id in ids]
    there = [held.get((depot_id, category), 0) for depot_id in ids]
    parts = in_proportion(sum(there), weights) if any(weights) else there
    return [
        Share(depot_id=depot_id, category=category, devices=weight, held=now, proposed=part)
        for depot_id, weight, now, part in zip(ids, weights, there, parts, strict=True)
    ]


def in_proportion(total: int, weights: Sequence[int]) -> Sequence[int]:
    """Whole parts of `total`, by the largest remainder; of equal ones the first gets more."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(share) for share in exact]
    most_left = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in most_left[: total - sum(parts)]:
        parts[index] += 1
    return parts
