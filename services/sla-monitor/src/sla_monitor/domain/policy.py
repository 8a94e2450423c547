"""A contract as data: severities, clocks, calendars, ladders, and what else it promises.

Plain structs that turn to JSON and back, for a contract is published into the log. `chosen` says,
field by field, why a value was chosen where the contract is silent or contradicts itself.
"""

from typing import Any, Literal

import msgspec

from aftercare_events.catalogue.case import Step
from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec

Attribute = Literal[
    "kind",
    "channel",
    "severity",
    "category",
    "place",
    "device",
    "distance_km",
    "use_affected",
    "in_warranty",
    "option",
]
Operator = Literal["in", "not_in", "at_most", "more_than"]
Start = Literal["reported", "onsite_required", "resolved"]
MetBy = Literal[
    "assigned",
    "contacted",
    "responded",
    "diagnosed",
    "arrived",
    "restored",
    "resolved",
    "signed_off",
    "closed",
    "called_back",
]
OnBreach = Literal["request_loan"]
CYCLING = ("restore", "resolve", "close")
"""The clocks that start a new cycle when a case is reopened."""


class Text(msgspec.Struct, frozen=True):
    """A wording in the two languages of the product."""

    zh: str
    en: str


class Severity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    wording: Text
    chosen: dict[str, str] = {}


class Option(msgspec.Struct, frozen=True):
    """Something a contract leaves open until it is signed; `default` when nobody said."""

    values: tuple[str, ...]
    default: str


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One test of a case's attribute; `option` names the contract option that is tested.

    For `device` and the other yes-or-no attributes the value is `yes` or `no`.
    """

    attribute: Attribute
    operator: Operator = "in"
    values: tuple[str, ...] = ()
    limit: float = 0
    option: str = ""


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """Either a span of working time in microseconds or a number of working days."""

    micros: int = 0
    working_days: int = 0


class LadderStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a rank is told: at hundredths of a per cent of the target, moved by an offset.

    `offset` is in microseconds of the clock's calendar, negative before the threshold. `remind`
    is how long the alert waits for an acknowledgement before it rings again, in microseconds of
    plain time; 0 means that it never does.
    """

    step: Step
    basis_points: int
    offset: int = 0
    copied_to: tuple[str, ...] = ()
    remind: int = 0


class ClockRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One promise. Of the rows with the same clock, the first that applies to a case holds.

    `duty`: a reporting duty of the provider's own, which cannot breach. `on_breach` names what
    follows a breach. `clause` says where in the contract the promise stands.
    """

    clock: str
    when: tuple[Condition, ...]
    starts: Start
    met_by: MetBy
    target: Target
    calendar: str
    ladder: tuple[LadderStep, ...]
    pauses: frozenset[str] = frozenset()
    duty: bool = False
    on_breach: OnBreach | None = None
    clause: str = ""
    chosen: dict[str, str] = {}


class Penalty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Liability per breach of any clock, in per cent of the contract price (SL-10)."""

    percent_per_breach: float
    max_percent: float
    clause: str = ""
    chosen: dict[str, str] = {}


class Warranty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long a device is in warranty (IN-10); without `category` it holds for all others."""

    years: int
    starts: Literal["acceptance", "final_acceptance", "preliminary_acceptance"]
    category: str | None = None
    clause: str = ""
    chosen: dict[str, str] = {}


class OutOfWarranty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What service costs after the warranty: still served, marked chargeable (IN-10)."""

    charge: Literal["at_cost", "discount", "contract_price"]
    discounted: tuple[Literal["expert_visit"], ...] = ()
    free: tuple[str, ...] = ()
    clause: str = ""
    chosen: dict[str, str] = {}


class CallbackRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who may not make the callback (FB-01)."""

    not_by: tuple[Literal["engineer", "department", "technical_department"], ...]
    clause: str = ""
    chosen: dict[str, str] = {}


class SpareRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a spare is lent free of charge (DP-10)."""

    when: Literal["during_repair", "restore_breached_and_use_affected"]
    clause: str = ""
    chosen: dict[str, str] = {}


class Obligation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A standing duty with a rhythm (DP-21)."""

    id: str
    every: Literal["month", "quarter", "half_year", "year"]
    wording: Text
    clause: str = ""
    chosen: dict[str, str] = {}


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version of a contract (SL-01). `terms` holds what no clock needs, by name."""

    name: str
    version: int
    title: Text
    time_zone: str
    severities: tuple[Severity, ...]
    calendars: dict[str, CalendarSpec]
    official: dict[str, OfficialDays]
    clocks: tuple[ClockRow, ...]
    options: dict[str, Option] = {}
    penalty: Penalty | None = None
    warranty: tuple[Warranty, ...] = ()
    out_of_warranty: OutOfWarranty | None = None
    callback: CallbackRule = CallbackRule(not_by=("engineer", "department"))
    spare: SpareRule | None = None
    obligations: tuple[Obligation, ...] = ()
    terms: dict[str, Any] = {}
    source: str = ""


def to_json(policy: Policy) -> dict[str, Any]:
    """The policy as it is published into the log."""
    return msgspec.to_builtins(policy, order="deterministic")


def from_json(data: dict[str, Any]) -> Policy:
    """Raises msgspec.ValidationError."""
    return msgspec.convert(data, Policy)
