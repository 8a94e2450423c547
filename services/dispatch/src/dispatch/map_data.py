"""Where the waiting cases and the people are, as a plain drawing: no map service is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from statistics import mean

from sqlalchemy import select

from aftercare_events.catalogue.engineer import Point

from .domain.case_state import CaseState
from .people_data import People
from .reading import Reading
from .tables import depots, sites

WIDTH, HEIGHT, MARGIN = 100.0, 60.0, 6.0
# Nobody wants to see a single street as large as a province.
LEAST_SPAN = 0.05


@dataclass(frozen=True, slots=True)
class Dot:
    """`ids` are the cases or the engineer that stand there."""

    x: float
    y: float
    name: str
    ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Map:
    cases: Sequence[Dot]
    people: Sequence[Dot]
    places: Sequence[Dot]

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.people)


class Sheet:
    """Degrees on paper, north up, as large as all the points allow."""

    def __init__(self, points: Sequence[Point]) -> None:
        south, north = _ends(point.latitude for point in points)
        west, east = _ends(point.longitude for point in points)
        self._narrowing = max(cos(radians((south + north) / 2)), 0.1)
        self._west, self._north = west, north
        across, down = (east - west) * self._narrowing, north - south
        self._scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / down)
        self._left = (WIDTH - across * self._scale) / 2
        self._top = (HEIGHT - down * self._scale) / 2

    def dot(self, point: Point, name: str, ids: Sequence[str] = ()) -> Dot:
        x = self._left + (point.longitude - self._west) * self._narrowing * self._scale
        y = self._top + (self._north - point.latitude) * self._scale
        return Dot(round(x, 2), round(y, 2), name, ids)


def _ends(degrees: Iterable[float]) -> tuple[float, float]:
    known = list(degrees) or [0.0]
    low, high = min(known), max(known)
    missing = max(LEAST_SPAN - (high - low), 0.0) / 2
    return low - missing, high + missing


async def map_data(reading: Reading, waiting: Mapping[str, CaseState], people: People) -> Map:
    at_site: dict[str, list[str]] = {}
    for case_id, state in waiting.items():
        if state.report and state.report.site_id:
            at_site.setdefault(state.report.site_id, []).append(case_id)
    rows = await reading.rows(select(sites).where(sites.c.site_id.in_(at_site)))
    located = [
        (row, Point(latitude=row["latitude"], longitude=row["longitude"]))
        for row in rows
        if row["latitude"] is not None and row["longitude"] is not None
    ]
    towns: dict[str, list[Point]] = {}
    for row, point in located:
        if row["city"]:
            towns.setdefault(row["city"], []).append(point)
    for row in await reading.rows(select(depots).where(depots.c.latitude.is_not(None))):
        if row["district"]:
            point = Point(latitude=row["latitude"], longitude=row["longitude"])
            towns.setdefault(row["district"], []).append(point)
    homes = [(one, one.home) for one in people.persons if one.home]
    sheet = Sheet([*(p for _, p in located), *(p for _, p in homes), *map(_middle, towns.values())])
    return Map(
        cases=[sheet.dot(p, row["name"], at_site[row["site_id"]]) for row, p in located],
        people=[sheet.dot(home, one.name, [one.engineer_id]) for one, home in homes],
        places=[sheet.dot(_middle(points), name) for name, points in towns.items()],
    )


def _middle(points: Sequence[Point]) -> Point:
    return Point(
        latitude=mean(point.latitude for point in points),
        longitude=mean(point.longitude for point in points),
    )
