"""Great-circle distances, without a map service."""

from math import acos, cos, radians, sin
from typing import NamedTuple

from aftercare_events.catalogue.engineer import Point

EARTH_RADIUS_KM = 6371.0


class Direction(NamedTuple):
    """A place as the unit vector from the centre of the earth.

    The distance of two places is then one scalar product, which is what makes comparing one
    site with ten thousand homes cheap.
    """

    x: float
    y: float
    z: float


def direction(point: Point) -> Direction:
    latitude, longitude = radians(point.latitude), radians(point.longitude)
    return Direction(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude))


def distance_km(a: Direction, b: Direction) -> float:
    return EARTH_RADIUS_KM * acos(max(-1.0, min(1.0, a.x * b.x + a.y * b.y + a.z * b.z)))
