"""What dispatch says: engineers and their visits, depots, spare units and loans.

An engineer is a person too: name and number are sealed, the rest is needed to choose.
"""

from datetime import date, datetime
from typing import Any, Literal

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
LoanOutcome = Literal["returned", "written_off", "cancelled"]
DueBackReason = Literal["restored", "reopened"]
LoanCause = Literal["asked", "restore_breached", "during_repair"]


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
    """A visit slot is taken (DP-06): from `start` up to, not including, `end`."""

    case_id: str
    start: datetime
    end: datetime


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


class ChoosingWeights(msgspec.Struct, frozen=True, kw_only=True):
    """What the soft rules of a choice weigh (DP-04): minutes of a journey, unless named otherwise.

    Each value stands in the log, so that a later default changes no earlier choice. `levels` asks
    for a level by `policy/severity`, or by `policy` alone. A score is a customer's, 1 to 5.
    `late_min` is what an arrival after the promise costs; of a case with less time left, each
    minute less is worth `time_left_percent` hundredths of a minute of a longer way.
    """

    speed_kmh: float = 60.0
    unknown_distance_min: int = 120
    open_case_min: int = 30
    level_missing_min: int = 240
    level_wasted_min: int = 5
    device_known_min: int = 20
    model_known_min: int = 10
    score_point_min: int = 10
    recent_case_min: int = 2
    recent_days: int = 7
    resident_min: int = 60
    answer_min: int = 15
    late_min: int = 120
    time_left_percent: int = 20
    levels: dict[str, int] = {}


@event_type("aftercare.weights.set.v1")
class WeightsSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From here on engineers are chosen by these weights; versions count from 1."""

    weights_id: str
    version: int
    weights: ChoosingWeights
    by: str
    reason: str | None = None


@event_type("aftercare.depot.registered.v1")
class DepotRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    depot_id: str
    name: str
    district: str | None = None
    location: Point | None = None


class SafetyLevel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many free units of a `model`, or of a whole `category`, a depot keeps at least.

    A `key_device` keeps redundant spares: two at least.
    """

    at_least: int
    model: str | None = None
    category: str | None = None
    key_device: bool = False


class _DepotEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    depot_id: str


@event_type("aftercare.depot.safety_stock_set.v1")
class SafetyStockSet(_DepotEvent, frozen=True, kw_only=True, omit_defaults=True):
    """All levels of a depot as they stand from now on (DP-12)."""

    levels: tuple[SafetyLevel, ...] = ()


class _StockEvent(_DepotEvent, frozen=True, kw_only=True, omit_defaults=True):
    free: int
    at_least: int
    model: str | None = None
    category: str | None = None
    key_device: bool = False


@event_type("aftercare.depot.stock_low.v1")
class StockLow(_StockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Fewer units are free than are to be kept: an alert for ops (DP-12)."""


@event_type("aftercare.depot.stock_refilled.v1")
class StockRefilled(_StockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The alert is over: enough units are free, or the level was lowered or given up."""


class _UnitEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    unit_id: str


@event_type("aftercare.unit.registered.v1")
class UnitRegistered(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A spare device stands in a depot. Within a category a higher grade serves a lower one.

    Models of one `family` are alike in type and look (DP-28).
    """

    depot_id: str
    model: str
    category: str | None = None
    grade: int | None = None
    serial: str | None = None
    family: str | None = None


@event_type("aftercare.unit.reserved.v1")
class UnitReserved(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    """From here until it is returned, the unit belongs to that loan alone (DP-10)."""

    loan_id: str


@event_type("aftercare.unit.returned.v1")
class UnitReturned(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Back in `depot_id`; one that is not `fit` stays off the stock until registered anew.

    One that is `to_inspect` is not known to be fit before somebody has looked at it.
    """

    loan_id: str
    depot_id: str
    fit: bool = True
    to_inspect: bool = False


@event_type("aftercare.unit.inspected.v1")
class UnitInspected(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked at a unit that came back: it is on stock again, or `fit` for nothing."""

    fit: bool
    finding: str | None = None


@event_type("aftercare.unit.written_off.v1")
class UnitWrittenOff(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    loan_id: str


class _LoanEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    loan_id: str


@event_type("aftercare.loan.requested.v1")
class LoanRequested(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A loan waits for a unit that fits: no such unit is free.

    `model`, or a `category` with a least `grade`, is what fits; with `same_look` only what is
    alike in type and look does.
    """

    case_id: str
    model: str | None = None
    category: str | None = None
    grade: int | None = None
    family: str | None = None
    same_look: bool = False
    depot_id: str | None = None
    due_back: date | None = None
    automatic: bool = False
    cause: LoanCause | None = None


@event_type("aftercare.loan.wait_ended.v1")
class LoanWaitEnded(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A loan that waited for a unit is not needed any more."""

    reason: str


@event_type("aftercare.loan.reserved.v1")
class LoanReserved(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """`why` explains the choice of this unit; `automatic` when no person asked for it."""

    case_id: str
    unit_id: str
    depot_id: str
    model: str
    due_back: date | None = None
    automatic: bool = False
    why: dict[str, Any] | None = None
    cause: LoanCause | None = None


@event_type("aftercare.loan.shipped.v1")
class LoanShipped(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    waybill: str | None = None


@event_type("aftercare.loan.received.v1")
class LoanReceived(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The unit is in use at the customer's site."""


@event_type("aftercare.loan.extended.v1")
class LoanExtended(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    due_back: date
    reason: str | None = None


@event_type("aftercare.loan.due_back_set.v1")
class LoanDueBackSet(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The own device works again, so the loan is due back through the day `due_back`.

    `within_days` after that is what the contract gives; no day at all: the fault is open again.
    """

    reason: DueBackReason
    due_back: date | None = None
    within_days: int | None = None


@event_type("aftercare.loan.return_reminded.v1")
class LoanReturnReminded(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Two days are left until a loan is due back (DP-11)."""

    case_id: str
    due_back: date


@event_type("aftercare.loan.overdue.v1")
class LoanOverdue(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The day on which a loan was due back is over, and it is still out: an alert for ops."""

    case_id: str
    unit_id: str
    due_back: date


@event_type("aftercare.loan.returned.v1")
class LoanReturned(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    condition: str
    fit: bool = True
    to_inspect: bool = False


@event_type("aftercare.loan.swapped.v1")
class LoanSwapped(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A defective unit is taken back and `unit_id` goes out in its place, in one batch.

    `why` explains the choice of the new unit, `condition` is that of the one taken back.
    """

    unit_id: str
    depot_id: str
    model: str
    previous_unit_id: str
    condition: str
    why: dict[str, Any] | None = None


@event_type("aftercare.loan.written_off.v1")
class LoanWrittenOff(_LoanEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str


@event_type("aftercare.case.loan_requested.v1")
class CaseLoanRequested(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Stands in one batch with `loan.requested`: the case waits for a spare."""

    case_id: str
    loan_id: str


@event_type("aftercare.case.loan_reserved.v1")
class CaseLoanReserved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Stands in one batch with `loan.reserved`, so that the case knows what is out for it."""

    case_id: str
    loan_id: str
    unit_id: str


@event_type("aftercare.case.loan_ended.v1")
class CaseLoanEnded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str
    loan_id: str
    outcome: LoanOutcome
