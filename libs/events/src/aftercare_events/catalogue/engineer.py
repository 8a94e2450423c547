"""Engineers: what they can do, when they are on duty, and the visits they are booked for.

An engineer is a person too: name and number are sealed, the rest is needed to choose.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from ..sealing import Sealed
from .registry import event_type

ReleaseReason = Literal[
    "declined",
    "rejected",
    "reassigned",
    "rescheduled",
    "escalated",
    "work_done",
    "resolved",
    "reopened",
    "case_ended",
]
AbsenceKind = Literal["leave", "training", "business"]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A place in degrees (WGS 84)."""

    latitude: float
    longitude: float


class DutySpan(msgspec.Struct, frozen=True, kw_only=True):
    """From `start` to `end` ("HH:MM") on each of the ISO `days` (1 = Monday).

    "24:00" ends at midnight; an end not after its start lies on the next day.
    """

    days: tuple[int, ...]
    start: str
    end: str


class Duty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When somebody is on duty, every week: around the clock, or the spans in `zone`.

    `official` names the set of official days (`cn`) by which spans fall away on holidays, and
    make-up working days are worked.
    """

    zone: str = "Asia/Shanghai"
    around_the_clock: bool = False
    spans: tuple[DutySpan, ...] = ()
    official: Literal["cn"] | None = None


class Certificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post certificate (上岗证), good through the day `valid_until`.

    It permits the work of one `skill`, or without one every work of its holder.
    """

    name: str
    valid_until: date
    skill: str | None = None


class Residence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The customer whose own an engineer is (驻场), at one site or at all of them."""

    customer_id: str
    site_id: str | None = None


class _EngineerEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    engineer_id: str


@event_type("aftercare.engineer.registered.v1")
class EngineerRegistered(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The whole entry as it stands from now on; `person` seals name, phone and mail.

    `reserve` marks the reserve team (预备队伍, DP-17), which is sent only when it is called.
    """

    person: Sealed | None = None
    department: str | None = None
    level: int = 1
    skills: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    home: Point | None = None
    active: bool = True
    reserve: bool = False
    residence: Residence | None = None


@event_type("aftercare.engineer.rostered.v1")
class EngineerRostered(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    duty: Duty


@event_type("aftercare.engineer.booked.v1")
class EngineerBooked(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A visit slot is taken (DP-06): from `start` up to, not including, `end`.

    Whoever is `on_site` is there until released, however long that takes.
    """

    case_id: str
    start: datetime
    end: datetime
    on_site: bool = False


@event_type("aftercare.engineer.released.v1")
class EngineerReleased(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str
    reason: ReleaseReason


@event_type("aftercare.engineer.shift_planned.v1")
class EngineerShiftPlanned(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    """On duty from `start` up to `end`, whatever the weekly duty says; known again by `shift_id`.

    A shift that was handed over was `taken_from` somebody, with a `note`.
    """

    shift_id: str
    start: datetime
    end: datetime
    taken_from: str | None = None
    note: str | None = None


@event_type("aftercare.engineer.shift_cancelled.v1")
class EngineerShiftCancelled(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    shift_id: str


@event_type("aftercare.engineer.handed_over.v1")
class EngineerHandedOver(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    """From `start` up to `end` somebody else is on duty (交接班): one batch with their shift."""

    shift_id: str
    to: str
    start: datetime
    end: datetime
    note: str | None = None


@event_type("aftercare.engineer.absence_recorded.v1")
class EngineerAbsenceRecorded(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Not on duty from `start` up to `end`, whatever any roster says; `deputy` stands in."""

    absence_id: str
    start: datetime
    end: datetime
    kind: AbsenceKind = "leave"
    deputy: str | None = None


@event_type("aftercare.engineer.absence_cancelled.v1")
class EngineerAbsenceCancelled(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    absence_id: str


@event_type("aftercare.engineer.certificate_expiring.v1")
class CertificateExpiring(_EngineerEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody was reminded that a certificate ends soon: it is to be renewed (DP-04)."""

    certificate: Certificate
