"""Which faults are alike enough to be one mass outage (DP-17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftercare_events.catalogue.engineer import Point

from .geography import direction, distance_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`cases` like faults of different devices, reported within `window` in one area."""

    cases: int = 5
    window: timedelta = timedelta(hours=1)
    radius_km: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An open fault, as far as it matters here. `point` and `city` are those of its site."""

    case_id: str
    category: str
    reported_at: datetime
    site_id: str
    device_id: str | None = None
    point: Point | None = None
    city: str | None = None


def outage_around(newest: Fault, others: Iterable[Fault], rule: Rule) -> Sequence[Fault]:
    """The like faults that make an outage together with `newest`, by time; none when too few.

    Several reports of one device are one fault: they are told apart as duplicates, not here.
    """
    alike = {newest.case_id: newest} | {
        other.case_id: other for other in others if _is_alike(newest, other, rule)
    }
    things = {fault.device_id or fault.case_id for fault in alike.values()}
    if len(things) < rule.cases:
        return ()
    return sorted(alike.values(), key=lambda fault: (fault.reported_at, fault.case_id))


def _is_alike(newest: Fault, other: Fault, rule: Rule) -> bool:
    return (
        other.category == newest.category
        and abs(newest.reported_at - other.reported_at) <= rule.window
        and in_one_area(newest, other, rule.radius_km)
    )


def in_one_area(one: Fault, other: Fault, radius_km: float) -> bool:
    """Within the radius; where a place is unknown, in the same city or on the same site."""
    if one.point is not None and other.point is not None:
        return distance_km(direction(one.point), direction(other.point)) <= radius_km
    return one.site_id == other.site_id or (one.city is not None and one.city == other.city)
