"""What arrives at the doors: requests, and calls that ask for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, TypeVar

from . import words
from .company import Area, Company, Contact, Customer, Device

Door = Literal["phone", "email", "fax", "web", "letter"]
Outcome = Literal["abandoned", "answered", "transferred"]

T = TypeVar("T")

HOUR = 3600.0
# How often each door is used by those who have what it needs.
DOORS: Mapping[Door, int] = {"phone": 40, "web": 25, "email": 20, "fax": 10, "letter": 5}
KINDS = {
    "fault": 72,
    "question": 8,
    "service_request": 8,
    "complaint": 5,
    "maintenance": 3,
    "upgrade": 2,
    "suggestion": 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, `at` seconds after the day began.

    `lay_s` seconds before it is handed in it was made: a fax of the night, a call that the
    telephone system could not deliver. `resent` times the very same thing comes again.
    `area` is named where no device is: the site and category that an outage struck.
    """

    number: int
    at: float
    door: Door
    kind: str
    customer_id: str
    contact: Contact
    device: Device | None
    severity: str | None
    severities: tuple[str, ...]
    summary: str
    description: str
    use_affected: bool
    talk_s: int
    lay_s: float
    attachments: int
    resent: int
    area: Area | None = None

    @property
    def category(self) -> str | None:
        struck = self.device or self.area
        return struck.category if struck else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BareCall:
    """A call that is only recorded: nobody waited, or nothing was asked for."""

    number: int
    at: float
    caller: str
    outcome: Outcome
    talk_s: int
    resent: int


def plan_request(rng: Random, company: Company, number: int, at: float) -> Request:
    customer = rng.choice(company.customers)
    contact = rng.choice(customer.contacts)
    kind = _one_of(rng, KINDS)
    device = rng.choice(customer.devices) if customer.devices and rng.random() < 0.9 else None
    return Request(
        number=number,
        at=at,
        door=_door(rng, contact),
        kind=kind,
        customer_id=customer.customer_id,
        contact=contact,
        device=device,
        severity=_severity(rng, customer) if kind == "fault" else None,
        severities=customer.severities,
        summary=_summary(rng, kind, device),
        description=rng.choice(words.DETAILS),
        use_affected=rng.random() < 0.4,
        talk_s=rng.randint(40, 400),
        lay_s=_lay_s(rng),
        attachments=rng.choice((0, 0, 1, 2)),
        resent=_resent(rng),
    )


def struck_by(where: Random, request: Request, company: Company) -> Request:
    """The same request as one of many about an outage; `where` is drawn once for all of them."""
    struck = [(one, device) for one in company.customers for device in one.devices if device.area]
    if not struck:
        return request
    customer, device = where.choice(struck)
    contact = where.choice(customer.contacts)
    return replace(
        request,
        door="phone" if contact.phone else "web",
        kind="fault",
        customer_id=customer.customer_id,
        contact=contact,
        device=None,
        severity=where.choice(customer.severities) if customer.severities else None,
        severities=customer.severities,
        summary=words.OUTAGES[request.number % len(words.OUTAGES)],
        use_affected=True,
        lay_s=0.0,
        area=device.area,
    )


def plan_call(rng: Random, number: int, at: float) -> BareCall:
    outcome: Outcome = rng.choice(("abandoned", "abandoned", "answered", "transferred"))
    return BareCall(
        number=number,
        at=at,
        caller=f"+86 139 5551 {rng.randint(0, 9999):04}",
        outcome=outcome,
        talk_s=rng.randint(5, 60) if outcome == "abandoned" else rng.randint(30, 300),
        resent=_resent(rng),
    )


def _door(rng: Random, contact: Contact) -> Door:
    closed = {"email"} if contact.email is None else set[str]()
    if contact.phone is None:
        closed |= {"phone", "fax"}
    return _one_of(rng, {door: often for door, often in DOORS.items() if door not in closed})


def _severity(rng: Random, customer: Customer) -> str | None:
    """The graver, the rarer; now and then nobody says."""
    if not customer.severities or rng.random() < 0.05:
        return None
    return rng.choices(customer.severities, range(1, len(customer.severities) + 1))[0]


def _summary(rng: Random, kind: str, device: Device | None) -> str:
    if kind != "fault":
        return rng.choice(words.REQUESTS[kind])
    category = device.category if device else None
    return rng.choice(words.FAULTS.get(category, words.FAULTS[None]))


def _lay_s(rng: Random) -> float:
    """Most are handed in as they are made; what lay over night is late for some promises."""
    return rng.choice((1 * HOUR, 6 * HOUR, 30 * HOUR)) if rng.random() < 0.35 else 0.0


def _resent(rng: Random) -> int:
    return rng.choice((1, 1, 2)) if rng.random() < 0.2 else 0


def _one_of(rng: Random, often: Mapping[T, int]) -> T:
    return rng.choices(list(often), list(often.values()))[0]
