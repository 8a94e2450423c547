"""What stands in the depots, and what a case needs of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, Select, Table, or_, select

from aftercare_events.catalogue.dispatch import Point

from .domain.case_state import CaseState
from .domain.geography import Direction, direction
from .domain.stock import Spare, Wish
from .reading import Reading
from .tables import depots, devices, sites, units

# Far more than any choice needs, and few enough to hold.
MOST_SPARES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRequest:
    """What is asked for; whatever is left out follows from the case's own device."""

    loan_id: str
    case_id: str
    unit_id: str | None = None
    model: str | None = None
    grade: int | None = None
    depot_id: str | None = None
    due_back: date | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRequest:
    """The unit of a loan fails: it is taken back in this `condition` and another goes out."""

    loan_id: str
    condition: str
    unit_id: str | None = None


class Make(NamedTuple):
    """What a device is: others of its category and grade, or a higher one, may stand in."""

    model: str | None = None
    category: str | None = None
    grade: int | None = None


class Stockroom:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def wish(self, request: LoanRequest, case: CaseState) -> Wish:
        """The request in terms of units: a model's category and grade say what may stand in."""
        report = case.report
        where = await self.place_of(report.site_id if report else None)
        wish = Wish(
            unit_id=request.unit_id,
            model=request.model,
            grade=request.grade,
            depot_id=request.depot_id,
            where=where,
        )
        if wish.unit_id is not None:
            return wish
        known = await self._make_of(request.model, report.device_id if report else None)
        return replace(
            wish,
            model=wish.model or known.model,
            category=known.category,
            grade=known.grade if wish.grade is None else wish.grade,
        )

    async def free(self, wish: Wish) -> Sequence[Spare]:
        """Free units that may fit, with where they stand."""
        rows = await self._reading.rows(_free_units(wish))
        return [
            Spare(
                unit_id=row["unit_id"],
                depot_id=row["depot_id"],
                model=row["model"],
                category=row["category"],
                grade=row["grade"],
                where=_direction(row),
            )
            for row in rows
        ]

    async def place_of(self, site_id: str | None) -> Direction | None:
        if site_id is None:
            return None
        query = select(sites.c.latitude, sites.c.longitude).where(sites.c.site_id == site_id)
        rows = await self._reading.rows(query)
        return _direction(rows[0]) if rows else None

    async def device(self, device_id: str | None) -> Make:
        """What a device of the archive is; blank where it is unknown."""
        return await self._make(devices, devices.c.device_id == device_id)

    async def _make_of(self, model: str | None, device_id: str | None) -> Make:
        device = await self.device(device_id)
        if model is None or device.model == model:
            return device
        for table in (units, devices):
            if (make := await self._make(table, table.c.model == model)) != Make():
                return make
        return Make()

    async def _make(self, table: Table, condition: ColumnElement[bool]) -> Make:
        query = select(table.c.model, table.c.category, table.c.grade).where(condition).limit(1)
        rows = await self._reading.rows(query)
        return Make(**rows[0]) if rows else Make()


def _free_units(wish: Wish) -> Select[Any]:
    fitting: list[ColumnElement[bool]] = []
    if wish.model is not None:
        fitting.append(units.c.model == wish.model)
    if wish.category is not None:
        fitting.append(units.c.category == wish.category)
    query = (
        select(units, depots.c.latitude, depots.c.longitude)
        .join(depots, depots.c.depot_id == units.c.depot_id, isouter=True)
        .where(units.c.is_free, or_(*fitting))
        .order_by(units.c.unit_id)
        .limit(MOST_SPARES)
    )
    return query if wish.depot_id is None else query.where(units.c.depot_id == wish.depot_id)


def _direction(row: RowMapping) -> Direction | None:
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return direction(Point(latitude=row["latitude"], longitude=row["longitude"]))
