"""Who is entitled to what on the day of the report (IN-10): said with reasons, never a refusal."""

import calendar
from collections.abc import Sequence
from datetime import date
from typing import get_args

from msgspec.structs import replace

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded, HandoverDocument
from aftercare_events.catalogue.case import Entitlement
from aftercare_events.catalogue.clerk import ExcludedCause

from .policy import Terms
from .warranty import UNCHANGED, WarrantyChanges

SHORTEST_MONTH = 28
HANDOVER_FILE: Sequence[HandoverDocument] = get_args(HandoverDocument)


def choose_contract(
    contracts: Sequence[ContractRecorded],
    device: DeviceRecorded | None,
    site_id: str | None,
    day: date,
) -> ContractRecorded | None:
    """The contract a report falls under: in force before lapsed, narrow before broad, new first.

    A customer whose contracts all lapsed is still served, under the terms of the last one.
    """
    # Most customers have one, and then there is nothing to compare.
    if len(contracts) == 1:
        return contracts[0]

    def fitness(contract: ContractRecorded) -> tuple[bool, bool, bool, date, str]:
        return (
            not out_of_force(contract, day),
            _covers(contract, device, site_id),
            bool(contract.devices or contract.sites),
            contract.starts_on,
            contract.contract_id,
        )

    return max(contracts, key=fitness, default=None)


def decide_entitlement(
    contract: ContractRecorded | None,
    device: DeviceRecorded | None,
    site_id: str | None,
    terms: Terms | None,
    day: date,
    *,
    free: bool,
    changes: WarrantyChanges = UNCHANGED,
) -> Entitlement:
    """What holds on `day` (a day in Asia/Shanghai), to be kept in the event for ever.

    `free`: the contract promises this kind of help free of charge anyway. `changes` is what
    repairs of the device did to its warranty.
    """
    if contract is None:
        return Entitlement(
            covered=False, in_warranty=False, chargeable=True, reasons=("no-contract",)
        )
    lapse = out_of_force(contract, day)
    covers = _covers(contract, device, site_id)
    in_warranty, warranty_reason = _warranty(device, terms, day, changes)
    covered = lapse is None and covers
    chargeable = not free and (not covered or warranty_reason == "warranty-expired")
    return Entitlement(
        covered=covered,
        in_warranty=covered and in_warranty,
        chargeable=chargeable,
        reasons=(
            lapse or "contract-in-force",
            "covered-by-contract" if covers else "device-not-covered",
            warranty_reason,
            *_changed(device, terms, changes),
            *(("free-of-charge",) if free else ()),
            *(_how_charged(terms) if chargeable and terms and covers else ()),
        ),
        contract_id=contract.contract_id,
    )


def with_cause(entitlement: Entitlement, cause: ExcludedCause | None) -> Entitlement:
    """The customer's own fault, force majeure and changes nobody was told of are charged, not
    refused."""
    if cause is None:
        return entitlement
    return replace(entitlement, chargeable=True, reasons=(*entitlement.reasons, cause))


def warranty_end(
    device: DeviceRecorded, terms: Terms, changes: WarrantyChanges = UNCHANGED
) -> date | None:
    """The first day out of warranty; None where acceptance or term is unknown."""
    rule = terms.warranty_of(device.category)
    if rule is None:
        return None
    start = changes.starting(
        device.warranty_from
        or (
            device.preliminarily_accepted_on
            if rule.starts == "preliminary_acceptance"
            else device.accepted_on
        )
    )
    if start is None:
        return None
    return changes.extended(start, add_months(start, 12 * rule.years))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if day.day <= SHORTEST_MONTH:
        return date(year, month, day.day)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def out_of_force(contract: ContractRecorded, day: date) -> str | None:
    """Why the contract is not in force on `day`; None when it is."""
    if day < contract.starts_on:
        return "contract-not-started"
    if contract.ends_on is not None and day > contract.ends_on:
        return "contract-expired"
    if missing_documents(contract):
        return "handover-file-incomplete"
    return None


def missing_documents(contract: ContractRecorded) -> Sequence[HandoverDocument]:
    """What the hand-over file still lacks before the contract becomes active (IN-15)."""
    if not contract.handover_required:
        return ()
    return [document for document in HANDOVER_FILE if document not in contract.handover]


def _covers(contract: ContractRecorded, device: DeviceRecorded | None, site_id: str | None) -> bool:
    if not contract.devices and not contract.sites:
        return True
    if device is not None:
        return device.device_id in contract.devices or device.site_id in contract.sites
    return site_id in contract.sites or site_id is None


def _how_charged(terms: Terms) -> Sequence[str]:
    """What the contract promises about the price of service that is not free."""
    charge = (f"charge-{terms.charge}",) if terms.charge else ()
    return (*charge, *(f"discounted-{what}" for what in terms.discounted))


def _changed(
    device: DeviceRecorded | None, terms: Terms | None, changes: WarrantyChanges
) -> Sequence[str]:
    """Why the warranty does not end when one would expect it."""
    if changes == UNCHANGED or device is None or terms is None:
        return ()
    if (end := warranty_end(device, terms, changes)) is None:
        return ()
    anew = warranty_end(device, terms, WarrantyChanges(changes.restarted_on))
    return (
        *(("warranty-restarted",) if anew != warranty_end(device, terms) else ()),
        *(("warranty-extended",) if end != anew else ()),
    )


def _warranty(
    device: DeviceRecorded | None, terms: Terms | None, day: date, changes: WarrantyChanges
) -> tuple[bool, str]:
    """Whether it is in warranty, and why. Only an end that is known makes work chargeable."""
    if device is None:
        return False, "device-not-named"
    if terms is None:
        return False, "policy-not-known-yet"
    end = warranty_end(device, terms, changes)
    if end is not None:
        return (True, "in-warranty") if day < end else (False, "warranty-expired")
    if device.accepted_on is None and device.preliminarily_accepted_on is not None:
        return device.preliminarily_accepted_on <= day, "before-final-acceptance"
    return False, "warranty-not-known"
