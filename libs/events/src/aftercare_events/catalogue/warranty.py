"""What changes a device's warranty: long waits, replacements, and the three guarantees (三包).

Said by dispatch, which knows how the repairs went; the archive of intake counts by it.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from .registry import event_type

RestartCause = Literal["replaced", "guarantee"]
Ground = Literal["early_failure", "two_repairs"]
Proposed = Literal["exchange_or_repair", "replacement"]
Remedy = Literal["exchange", "repair", "replacement"]


class _WarrantyEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    device_id: str
    case_id: str


@event_type("aftercare.warranty.extended.v1", key="device_id")
class WarrantyExtended(_WarrantyEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The device waited for its repair longer than `over_days` (DP-13).

    `days` are `factor` times the whole waiting time, begun days counted as whole ones.
    """

    waited_from: datetime
    waited_until: datetime
    over_days: int
    factor: float
    days: int


@event_type("aftercare.warranty.restarted.v1", key="device_id")
class WarrantyRestarted(_WarrantyEvent, frozen=True, kw_only=True, omit_defaults=True):
    """What was replaced starts a new warranty on `starts_on` (DP-14).

    With `part` it is that key part's alone; else the device's, whose serial number is now `serial`.
    """

    starts_on: date
    cause: RestartCause
    part: str | None = None
    serial: str | None = None


class RepairMade(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier repair of the same device, and the day on which it worked again."""

    case_id: str
    repaired_on: date


class _GuaranteeEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    guarantee_id: str
    case_id: str
    device_id: str


@event_type("aftercare.guarantee.proposed.v1")
class GuaranteeProposed(_GuaranteeEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The three guarantees apply to a fault (DP-15); a person accepts or refuses.

    `early_failure`: it was reported on day `day` after `counted_from`. `two_repairs`: `repairs` did
    not help.
    """

    ground: Ground
    remedy: Proposed
    failed_on: date
    counted_from: date | None = None
    day: int | None = None
    repairs: tuple[RepairMade, ...] = ()


@event_type("aftercare.guarantee.accepted.v1")
class GuaranteeAccepted(_GuaranteeEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A named person granted it: the work of this case is free of charge."""

    remedy: Remedy
    reason: str | None = None


@event_type("aftercare.case.guarantee_granted.v1")
class CaseGuaranteeGranted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Stands in one batch with `guarantee.accepted`: only work out of scope is charged now."""

    case_id: str
    guarantee_id: str
    remedy: Remedy


@event_type("aftercare.guarantee.refused.v1")
class GuaranteeRefused(_GuaranteeEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str
