"""What a reader sees of depots and their units."""

from pydantic import BaseModel
from sqlalchemy import RowMapping

from ..aggregates import UNIT
from ..domain import unit
from .engineer_views import Place


class DepotView(BaseModel):
    depot_id: str
    name: str
    district: str | None
    location: Place | None
    position: int


def depot_view(row: RowMapping) -> DepotView:
    located = row["latitude"] is not None
    return DepotView(
        depot_id=row["depot_id"],
        name=row["name"],
        district=row["district"],
        location=Place(latitude=row["latitude"], longitude=row["longitude"]) if located else None,
        position=row["position"],
    )


class UnitView(BaseModel):
    unit_id: str
    depot_id: str
    model: str
    category: str | None
    grade: int | None
    family: str | None
    serial: str | None
    status: unit.Status
    loan_id: str | None
    position: int


def unit_view(row: RowMapping) -> UnitView:
    state = UNIT.decoder.decode(row["state"])
    entry = state.entry
    if entry is None:
        raise ValueError(f"unit {row['unit_id']} was never registered")
    return UnitView(
        unit_id=entry.unit_id,
        depot_id=entry.depot_id,
        model=entry.model,
        category=entry.category,
        grade=entry.grade,
        family=entry.family,
        serial=entry.serial,
        status=state.status,
        loan_id=state.loan_id,
        position=row["position"],
    )
