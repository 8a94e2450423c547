"""The customer archive (IN-09): each event carries the whole entry as it stands from then on.

Written by intake only. An entry that did not change is not recorded again.
"""

from datetime import date
from typing import Any, Literal

import msgspec

from ..sealing import Sealed
from .case import Kind, Place
from .registry import event_type

HandoverDocument = Literal[
    "project_plan",
    "engineering_manual",
    "maintenance_manual",
    "project_summary",
    "acceptance_report",
    "signed_agreement",
]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


@event_type("aftercare.customer.recorded.v1")
class CustomerRecorded(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """A company or authority that is served; its people are contacts, with data sealed."""

    customer_id: str
    name: str
    industry: str | None = None
    key_account: bool = False


@event_type("aftercare.site.recorded.v1")
class SiteRecorded(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """Where devices stand. `place` and `distance_km` are seen from the provider's nearest base;
    latitude and longitude are degrees (WGS 84)."""

    site_id: str
    customer_id: str
    name: str
    city: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: Place | None = None
    distance_km: float | None = None


@event_type("aftercare.device.recorded.v1")
class DeviceRecorded(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """A device, or a piece of software, at a site.

    Warranty runs from `accepted_on`, or from `warranty_from` where a replacement or a waiting
    time started it anew (DP-13, DP-14). `category` selects skills and warranty terms.
    """

    device_id: str
    customer_id: str
    site_id: str | None = None
    serial: str | None = None
    model: str | None = None
    category: str | None = None
    grade: int | None = None
    quantity: int = 1
    preliminarily_accepted_on: date | None = None
    accepted_on: date | None = None
    warranty_from: date | None = None


@event_type("aftercare.contract.recorded.v1")
class ContractRecorded(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """A contract on one policy, in force from `starts_on` to `ends_on`, both days included.

    `devices` and `sites` narrow what it covers; both empty means everything of the customer.
    `handover` lists the documents at hand; `handover_required` makes it wait for all (IN-15).
    Trial operation (DP-18) goes from `trial_starts_on` to `trial_ends_on`, both days included;
    without an end it goes on. It may begin before the contract is in force.
    """

    contract_id: str
    customer_id: str
    policy: str
    policy_version: int | None = None
    policy_options: dict[str, Any] = {}
    starts_on: date
    ends_on: date | None = None
    devices: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    handover_required: bool = False
    handover: tuple[HandoverDocument, ...] = ()
    price: float | None = None
    currency: str = "CNY"
    resident_engineer_id: str | None = None
    project_manager_id: str | None = None
    trial_starts_on: date | None = None
    trial_ends_on: date | None = None


@event_type("aftercare.contact.recorded.v1")
class ContactRecorded(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """A person who may speak for a customer, as far as `authorised` says (IN-08).

    Name, numbers and addresses are sealed in `details`; `known_by` holds the keyed hash of
    each number and address, by which a caller or sender is found.
    """

    contact_id: str
    customer_id: str
    details: Sealed
    known_by: tuple[str, ...] = ()
    authorised: bool = True
    role: str | None = None
    language: Literal["zh", "en"] = "zh"


@event_type("aftercare.line.recorded.v1")
class LineRecorded(_Entry, frozen=True, kw_only=True, omit_defaults=True):
    """A line of its own for one kind of request (IN-12): what arrives there is of that kind.

    One of `hotline_number`, `mailbox` and `queue` says what is reached; they are the company's own.
    """

    line_id: str
    kind: Kind
    hotline_number: str | None = None
    mailbox: str | None = None
    queue: str | None = None
