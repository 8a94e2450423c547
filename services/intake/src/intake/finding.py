"""Whom a clerk means: found by case number, phone number, mail address, serial number or name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import RowMapping, func, or_, select

from aftercare_events.catalogue.archive import ContactRecorded, CustomerRecorded, DeviceRecorded

from . import tables
from .domain.case_number import case_numbers_in
from .holdings import open_cases
from .parts import Intake
from .people import Person

SHOWN = 50
_NUMBER = re.compile(r"\+?[\d\s().-]{5,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Everything that answers to what was typed; `cases` of somebody who is in no archive."""

    case_id: str | None = None
    contacts: Sequence[ContactRecorded] = ()
    cases: Sequence[RowMapping] = ()
    devices: Sequence[DeviceRecorded] = ()
    customers: Sequence[CustomerRecorded] = ()

    @property
    def only(self) -> str | None:
        """The page of the one thing that was found; None where somebody has to choose."""
        if self.case_id:
            return f"/desk/cases/{self.case_id}"
        contact = [f"{one.customer_id}?contact={one.contact_id}" for one in self.contacts]
        device = [f"{one.customer_id}?device={one.device_id}" for one in self.devices]
        customer = [one.customer_id for one in self.customers]
        found = [*contact, *device, *customer]
        return f"/desk/customers/{found[0]}" if len(found) == 1 and not self.cases else None


async def find(intake: Intake, text: str) -> Finding:
    """Numbers and addresses are compared as keyed hashes; none is kept or passed on."""
    for case_id in case_numbers_in(text):
        if await intake.cases.row(case_id) is not None:
            return Finding(case_id=case_id)
    contacts, cases = await _somebody(intake, text)
    if contacts or cases:
        return Finding(contacts=contacts, cases=cases)
    return Finding(devices=await _devices(intake, text), customers=await _customers(intake, text))


async def _somebody(
    intake: Intake, text: str
) -> tuple[Sequence[ContactRecorded], Sequence[RowMapping]]:
    """Who has this number or address, and the open cases of one who is no contact."""
    if "@" in text:
        person = Person(reference="desk", email=text)
    elif _NUMBER.fullmatch(text):
        person = Person(reference="desk", phone=text)
    else:
        return (), ()
    who = await intake.discretion.recognise(person)
    if who.contacts:
        return who.contacts, ()
    return (), await open_cases(intake.engine, tables.reported_by(who.key))


async def _devices(intake: Intake, text: str) -> list[DeviceRecorded]:
    table = tables.devices
    statement = (
        select(table.c.entry)
        .where(or_(table.c.serial == text, table.c.device_id == text))
        .order_by(table.c.device_id)
        .limit(SHOWN)
    )
    async with intake.engine.connect() as connection:
        found = (await connection.execute(statement)).scalars().all()
    return [msgspec.convert(one, DeviceRecorded) for one in found]


async def _customers(intake: Intake, text: str) -> list[CustomerRecorded]:
    table = tables.customers
    name = func.lower(table.c.entry["name"].astext)
    statement = (
        select(table.c.entry)
        .where(or_(table.c.customer_id == text, name.contains(text.lower(), autoescape=True)))
        .order_by(name)
        .limit(SHOWN)
    )
    async with intake.engine.connect() as connection:
        found = (await connection.execute(statement)).scalars().all()
    return [msgspec.convert(one, CustomerRecorded) for one in found]
