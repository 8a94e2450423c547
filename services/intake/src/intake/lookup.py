"""Everything the archive knows about a request, gathered before anything is decided."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from aftercare_events.catalogue.archive import ContactRecorded, DeviceRecorded, SiteRecorded
from aftercare_events.decider import Refused

from .archive import Archive, Dossier
from .domain.entitlement import choose_contract
from .domain.report import LOCAL, Found
from .domain.warranty import UNCHANGED


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a request names. `strict` refuses names that the archive does not know: a program
    can correct itself, a customer who misreads a serial number must be heard all the same."""

    customer_id: str | None = None
    site_id: str | None = None
    device_serial: str | None = None
    contract_id: str | None = None
    strict: bool = True


async def look_up(
    archive: Archive,
    wanted: Wanted,
    contacts: Sequence[ContactRecorded],
    at: datetime,
    fallback_policy: str,
) -> Found:
    """What is known of a request by somebody who may be one of these contacts.

    Raises Refused naming the field that the archive does not know, where that is wanted.
    """
    devices = await archive.devices(wanted.device_serial) if wanted.device_serial else ()
    customer_id = wanted.customer_id or _customer_of(contacts, devices)
    dossier = await archive.dossier(customer_id) if customer_id else None
    if dossier is None:
        if wanted.customer_id and wanted.strict:
            raise Refused(
                "customer-unknown", f"There is no customer {wanted.customer_id}.", "customer_id"
            )
        return Found(
            fallback_policy=fallback_policy,
            terms=await archive.terms(fallback_policy),
            held_for="unknown-contact",
        )
    return await _found(archive, wanted, dossier, devices, contacts, at, fallback_policy)


async def _found(
    archive: Archive,
    wanted: Wanted,
    dossier: Dossier,
    devices: Sequence[DeviceRecorded],
    contacts: Sequence[ContactRecorded],
    at: datetime,
    fallback_policy: str,
) -> Found:
    customer_id = dossier.customer.customer_id
    device = _device(devices, customer_id)
    site = _site(dossier, wanted.site_id or (device.site_id if device else None))
    if wanted.strict:
        _refuse_unknown(wanted, device is None, site is None)
    contracts = dossier.contracts
    if wanted.contract_id is not None:
        contracts = [one for one in contracts if one.contract_id == wanted.contract_id]
    if wanted.contract_id and not contracts:
        raise Refused("contract-unknown", "The customer has no such contract.", "contract_id")
    day = at.astimezone(LOCAL).date()
    contract = choose_contract(contracts, device, site.site_id if site else None, day)
    return Found(
        fallback_policy=fallback_policy,
        customer_id=customer_id,
        site=site,
        device=device,
        contract=contract,
        terms=await archive.terms(contract.policy if contract else fallback_policy),
        held_for=_held_for(contacts, customer_id),
        warranty=await archive.warranty(device.device_id) if device else UNCHANGED,
    )


def _device(devices: Sequence[DeviceRecorded], customer_id: str) -> DeviceRecorded | None:
    """Another customer's may have the same serial number."""
    for device in devices:
        if device.customer_id == customer_id:
            return device
    return None


def _site(dossier: Dossier, site_id: str | None) -> SiteRecorded | None:
    """The site named; where none is, the only one there is."""
    if site_id is None and len(dossier.sites) == 1:
        return next(iter(dossier.sites.values()))
    return dossier.sites.get(site_id or "")


def _customer_of(
    contacts: Sequence[ContactRecorded], devices: Sequence[DeviceRecorded]
) -> str | None:
    """Whose request it is: by who asks; failing that, by a device that only one customer has."""
    owners = {contact.customer_id for contact in contacts} or {
        device.customer_id for device in devices
    }
    return owners.pop() if len(owners) == 1 else None


def _refuse_unknown(wanted: Wanted, no_device: bool, no_site: bool) -> None:
    if wanted.device_serial and no_device:
        raise Refused("device-unknown", "The customer has no such device.", "device_serial")
    if wanted.site_id and no_site:
        raise Refused("site-unknown", "The customer has no such site.", "site_id")


def _held_for(contacts: Sequence[ContactRecorded], customer_id: str) -> str | None:
    """Who may not speak for the customer is heard, and verified (IN-08)."""
    held_for = "unknown-contact"
    for contact in contacts:
        if contact.customer_id == customer_id:
            if contact.authorised:
                return None
            held_for = "unauthorised-contact"
    return held_for
