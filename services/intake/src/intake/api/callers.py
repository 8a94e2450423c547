"""The screen pop (IN-03): who is calling, while the telephone rings."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends, Path, Request
from pydantic import BaseModel

from aftercare_events.catalogue.archive import ContactRecorded
from aftercare_events.catalogue.case import Kind
from aftercare_http import MinPosition, Principal, Router, requires

from ..domain.entitlement import out_of_force
from ..domain.report import LOCAL
from ..parts import Intake, intake_of
from ..people import Person
from ..phone.callers import Served

router = Router(prefix="/v1", tags=["calls"])
Agent = Annotated[Principal, Depends(requires("intake:write"))]
# Its name keeps the number out of log lines and error answers.
Phone = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        description="As the telephone system shows it: +86, 0086, area code, mobile, extension.",
    ),
]


class KnownContact(BaseModel):
    """A person with this number. `authorised`: may open cases on the hotline (IN-08)."""

    contact_id: str
    customer_id: str
    name: str | None
    authorised: bool
    role: str | None
    language: Literal["zh", "en"]


class CallersContract(BaseModel):
    """`not_in_force` says why it is not, where it is not."""

    contract_id: str
    policy: str
    starts_on: date
    ends_on: date | None
    in_force: bool
    not_in_force: str | None


class CallersDevice(BaseModel):
    device_id: str
    serial: str | None
    model: str | None
    category: str | None
    site_id: str | None


class OpenCase(BaseModel):
    case_id: str
    kind: Kind
    severity: str | None
    summary: str
    device_id: str | None
    reported_at: datetime


class CallersCustomer(BaseModel):
    """The first 50 devices and the newest 50 open cases; `device_count` counts all."""

    customer_id: str
    name: str
    key_account: bool
    contracts: list[CallersContract]
    devices: list[CallersDevice]
    device_count: int
    open_cases: list[OpenCase]


class CallerView(BaseModel):
    """All lists are empty for a number that nobody is known by.

    `call_backs` are the items that this call makes needless.
    """

    known: bool
    contacts: list[KnownContact]
    customers: list[CallersCustomer]
    call_backs: list[str]


@router.get("/callers/{phone}", dependencies=[MinPosition])
async def who_is_calling(phone: Phone, _: Agent, request: Request) -> CallerView:
    """Contacts with this number, their customers, contracts, devices and open cases."""
    intake = intake_of(request)
    known_by = intake.discretion.known_by(Person(reference="", phone=phone))
    if known_by is None:
        return CallerView(known=False, contacts=[], customers=[], call_backs=[])
    contacts = await intake.callers.contacts(known_by)
    served, call_backs = await intake.callers.seek(known_by, contacts)
    day = intake.clock.now().astimezone(LOCAL).date()
    return CallerView(
        known=bool(contacts),
        contacts=[await _contact(intake, contact) for contact in contacts],
        customers=[_customer(each, day) for each in served],
        call_backs=list(call_backs),
    )


async def _contact(intake: Intake, contact: ContactRecorded) -> KnownContact:
    details = await intake.vault.open(contact.details) or {}
    return KnownContact(
        contact_id=contact.contact_id,
        customer_id=contact.customer_id,
        name=details.get("name"),
        authorised=contact.authorised,
        role=contact.role,
        language=contact.language,
    )


def _customer(served: Served, day: date) -> CallersCustomer:
    customer = served.dossier.customer
    return CallersCustomer(
        customer_id=customer.customer_id,
        name=customer.name,
        key_account=customer.key_account,
        contracts=_contracts(served, day),
        devices=[
            CallersDevice.model_validate(device, from_attributes=True) for device in served.devices
        ],
        device_count=served.device_count,
        open_cases=[OpenCase.model_validate(dict(row)) for row in served.open_cases],
    )


def _contracts(served: Served, day: date) -> list[CallersContract]:
    """Those in force come first."""
    shown = [
        CallersContract(
            contract_id=contract.contract_id,
            policy=contract.policy,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            in_force=(lapse := out_of_force(contract, day)) is None,
            not_in_force=lapse,
        )
        for contract in served.dossier.contracts
    ]
    return sorted(shown, key=lambda contract: not contract.in_force)
