"""Spare units, each in one place at a time."""

import msgspec

from .registry import event_type


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
    """Back in `depot_id`; one that is not `fit` stays off the stock until inspected again.

    One that is `to_inspect` is not known to be fit before somebody has looked at it.
    """

    loan_id: str
    depot_id: str
    fit: bool = True
    to_inspect: bool = False


@event_type("aftercare.unit.inspected.v1")
class UnitInspected(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody looked at a unit that came back: it is on stock again, or `fit` for nothing.

    One that was written off was found again.
    """

    fit: bool
    finding: str | None = None


@event_type("aftercare.unit.written_off.v1")
class UnitWrittenOff(_UnitEvent, frozen=True, kw_only=True, omit_defaults=True):
    loan_id: str
