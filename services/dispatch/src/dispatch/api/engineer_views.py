"""What a reader sees of engineers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import RowMapping

from aftercare_events.catalogue.engineer import Point

from ..aggregates import ENGINEER
from ..domain.engineer import EngineerState
from ..domain.slot import Slot


class Place(BaseModel):
    latitude: float
    longitude: float


class Visit(BaseModel):
    start: datetime
    end: datetime


class CertificateView(BaseModel):
    name: str
    valid_until: date
    skill: str | None


class SpanView(BaseModel):
    days: list[int]
    start: str
    end: str


class DutyView(BaseModel):
    zone: str
    around_the_clock: bool
    spans: list[SpanView]
    official: str | None


class ResidenceView(BaseModel):
    customer_id: str
    site_id: str | None


class EngineerView(BaseModel):
    """`person` is opened for this reader: name, phone, mail; `bookings` are visits by case."""

    engineer_id: str
    active: bool
    department: str | None
    level: int
    skills: list[str]
    certificates: list[CertificateView]
    home: Place | None
    reserve: bool
    residence: ResidenceView | None
    duty: DutyView
    bookings: dict[str, Visit]
    person: Mapping[str, Any] | None
    position: int


def engineer_state(row: RowMapping) -> EngineerState:
    return ENGINEER.decoder.decode(row["state"])


def engineer_view(row: RowMapping, person: Mapping[str, Any] | None) -> EngineerView:
    state = engineer_state(row)
    entry = state.entry
    if entry is None:
        raise ValueError(f"engineer {row['engineer_id']} was never registered")
    return EngineerView(
        engineer_id=entry.engineer_id,
        active=entry.active,
        department=entry.department,
        level=entry.level,
        skills=list(entry.skills),
        certificates=[
            CertificateView(name=one.name, valid_until=one.valid_until, skill=one.skill)
            for one in entry.certificates
        ],
        home=_place(entry.home),
        reserve=entry.reserve,
        residence=ResidenceView(
            customer_id=entry.residence.customer_id, site_id=entry.residence.site_id
        )
        if entry.residence
        else None,
        duty=duty_view(state),
        bookings={case: visit_of(slot) for case, slot in sorted(state.bookings.items())},
        person=person,
        position=row["position"],
    )


def duty_view(state: EngineerState) -> DutyView:
    return DutyView(
        zone=state.duty.zone,
        around_the_clock=state.duty.around_the_clock,
        spans=[
            SpanView(days=list(span.days), start=span.start, end=span.end)
            for span in state.duty.spans
        ],
        official=state.duty.official,
    )


def _place(point: Point | None) -> Place | None:
    return Place(latitude=point.latitude, longitude=point.longitude) if point else None


def visit_of(slot: Slot) -> Visit:
    return Visit(start=slot.start, end=slot.end)
