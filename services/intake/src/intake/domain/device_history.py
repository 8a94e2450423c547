"""What the history of a device tells, besides the steps that its customer is told (IN-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from aftercare_events.catalogue.warranty import WarrantyExtended, WarrantyRestarted

FactKind = Literal[
    "maintained",
    "severity_changed",
    "spare_lent",
    "spare_loan_ended",
    "warranty_extended",
    "warranty_restarted",
]
VersionKind = Literal["device_recorded", "device_changed", "warranty_changed"]

_KINDS: dict[type[msgspec.Struct], FactKind] = {
    c.MaintenanceRecorded: "maintained",
    c.SeverityChanged: "severity_changed",
    CaseLoanReserved: "spare_lent",
    CaseLoanEnded: "spare_loan_ended",
    WarrantyExtended: "warranty_extended",
    WarrantyRestarted: "warranty_restarted",
}
_WARRANTY = frozenset({"preliminarily_accepted_on", "accepted_on", "warranty_from"})
# Those who do not have the device have no part in its history.
_WHOSE = frozenset({"device_id", "customer_id"})


@dataclass(frozen=True, slots=True)
class Change:
    """Of one field of the archive's entry; None where it was or is not known."""

    field: str
    before: str | int | None
    after: str | int | None


def fact_of(event: msgspec.Struct) -> tuple[FactKind, dict[str, Any]] | None:
    """None for what is no part of it. Whoever reported the fault is left out."""
    kind = _KINDS.get(type(event))
    if kind is None:
        return None
    said: dict[str, Any] = msgspec.to_builtins(event)
    for name in ("case_id", "device_id"):
        said.pop(name, None)
    entry = said["record"] if isinstance(event, c.MaintenanceRecorded) else said
    entry.pop("reported_by", None)
    return kind, entry


def changes_of(before: DeviceRecorded | None, after: DeviceRecorded) -> Sequence[Change]:
    """From an empty entry where there is none before."""
    old = _plain(before) if before else {}
    return [
        Change(field, old.get(field), value)
        for field, value in _plain(after).items()
        if old.get(field) != value
    ]


def kind_of(before: DeviceRecorded | None, changes: Sequence[Change]) -> VersionKind:
    if before is None:
        return "device_recorded"
    moved = any(change.field in _WARRANTY for change in changes)
    return "warranty_changed" if moved else "device_changed"


def _plain(entry: DeviceRecorded) -> dict[str, Any]:
    values = msgspec.structs.asdict(entry)
    return {name: msgspec.to_builtins(values[name]) for name in values if name not in _WHOSE}
