"""Rosters as a reader sees them."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import RowMapping

from aftercare_events.catalogue.engineer import AbsenceKind

from .engineer_views import DutyView, duty_view, engineer_state


class DatedView(BaseModel):
    """On duty from `start` up to `end`, or not (`on` false): that time was handed to `other`."""

    shift_id: str
    start: datetime
    end: datetime
    on: bool
    other: str | None


class AbsenceView(BaseModel):
    absence_id: str
    start: datetime
    end: datetime
    kind: AbsenceKind
    deputy: str | None


class RosterView(BaseModel):
    """The weekly `duty`, then what is `dated` (a later entry before an earlier), then absences."""

    engineer_id: str
    duty: DutyView
    dated: list[DatedView]
    absences: list[AbsenceView]


def roster_view(row: RowMapping) -> RosterView:
    state = engineer_state(row)
    return RosterView(
        engineer_id=row["engineer_id"],
        duty=duty_view(state),
        dated=[
            DatedView(
                shift_id=one.shift_id, start=one.start, end=one.end, on=one.on, other=one.other
            )
            for one in state.dated
        ],
        absences=[
            AbsenceView(
                absence_id=one.absence_id,
                start=one.start,
                end=one.end,
                kind=one.kind,
                deputy=one.deputy,
            )
            for one in sorted(state.absences, key=lambda one: one.start)
        ],
    )
