"""What a customer owns and is promised today: contracts in force, devices in warranty (IN-10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded, HandoverDocument
from aftercare_events.catalogue.case import Entitlement

from .entitlement import (
    choose_contract,
    decide_entitlement,
    missing_documents,
    out_of_force,
    warranty_end,
)
from .policy import Terms
from .warranty import UNCHANGED, WarrantyChanges


@dataclass(frozen=True, slots=True)
class Promise:
    """A contract as it stands: `reason` says why it is or is not in force."""

    contract: ContractRecorded
    reason: str
    missing: Sequence[HandoverDocument] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """A device and what it is entitled to; `warranty_ends` is the first day out of warranty."""

    device: DeviceRecorded
    entitlement: Entitlement
    warranty_ends: date | None = None


def promise_of(contract: ContractRecorded, day: date) -> Promise:
    reason = out_of_force(contract, day) or "contract-in-force"
    return Promise(contract, reason, missing_documents(contract))


def holding_of(
    device: DeviceRecorded,
    contracts: Sequence[ContractRecorded],
    terms: Mapping[str, Terms | None],
    day: date,
    changes: WarrantyChanges = UNCHANGED,
) -> Holding:
    """`terms` by the name of the policy; what a fault of this device would be entitled to."""
    contract = choose_contract(contracts, device, device.site_id, day)
    known = terms.get(contract.policy) if contract else None
    entitlement = decide_entitlement(
        contract, device, device.site_id, known, day, free=False, changes=changes
    )
    return Holding(device, entitlement, warranty_end(device, known, changes) if known else None)
