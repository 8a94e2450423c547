"""Entries of the archive as they are put, by JSON or as a line of CSV."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from aftercare_events.catalogue.archive import HandoverDocument
from aftercare_events.catalogue.case import Kind
from aftercare_events.redact import redact
from aftercare_http import Body, Id, Line

from ..domain.connect_rate import OPTION, rate_in
from .instants import BoundedDay


def _from_cell(value: Any) -> Any:
    """A list stands in one cell of a CSV, separated by semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


class Entry(Body):
    """JSON is taken as it is, never "yes" for true; cells of a CSV are text and are converted."""

    model_config = ConfigDict(strict=True)


# In clear in the log: a place or a function, never a person or how to reach one.
Unnamed = Annotated[Line, AfterValidator(redact)]
Ids = Annotated[list[Id], BeforeValidator(_from_cell), Field(max_length=5_000)]
Lines = Annotated[list[Line], BeforeValidator(_from_cell), Field(max_length=20)]
Documents = Annotated[list[HandoverDocument], BeforeValidator(_from_cell), Field(max_length=6)]
Day = Annotated[
    BoundedDay,
    BeforeValidator(_day, json_schema_input_type=date),
    Field(description="A day in Asia/Shanghai, YYYY-MM-DD."),
]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class CustomerBody(Entry):
    name: Line
    industry: Line | None = None
    key_account: bool = False


class SiteBody(Entry):
    """`place` and `distance_km` are seen from the provider's nearest base."""

    customer_id: Id
    name: Line
    city: Line | None = None
    address: Unnamed | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    place: Literal["local", "other"] | None = None
    distance_km: Annotated[float, Field(ge=0, le=25_000)] | None = None


class DeviceBody(Entry):
    customer_id: Id
    site_id: Id | None = None
    serial: Line | None = None
    model: Line | None = None
    category: Line | None = None
    grade: Annotated[int, Field(ge=0, le=1000)] | None = None
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    preliminarily_accepted_on: Day | None = None
    accepted_on: Day | None = None
    warranty_from: Day | None = None


class ContractBody(Entry):
    """`policy_options` in a CSV: `name=value`, separated by semicolons."""

    customer_id: Id
    policy: Id
    policy_version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    policy_options: dict[str, str] = Field(default_factory=dict, max_length=50)
    starts_on: Day
    ends_on: Day | None = None
    devices: Ids = Field(default_factory=list)
    sites: Ids = Field(default_factory=list)
    handover_required: bool = False
    handover: Documents = Field(default_factory=list[HandoverDocument])
    price: Annotated[float, Field(ge=0, le=1e15)] | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    resident_engineer_id: Id | None = None
    project_manager_id: Id | None = None
    trial_starts_on: Day | None = None
    trial_ends_on: Day | None = None

    @field_validator("policy_options", mode="before")
    @classmethod
    def _options_from_cell(cls, value: Any) -> Any:
        if isinstance(value, str):
            return dict(part.split("=", 1) for part in _from_cell(value) if "=" in part)
        return value

    @field_validator("policy_options", mode="after")
    @classmethod
    def _connect_rate_is_one(cls, options: dict[str, str]) -> dict[str, str]:
        if OPTION in options and rate_in(options[OPTION]) is None:
            raise ValueError(f"{OPTION} is a share of calls in per cent, such as 95")
        return options

    @field_validator("ends_on", mode="after")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date | None, said: ValidationInfo) -> date | None:
        starts_on = said.data.get("starts_on")
        if ends_on is not None and starts_on is not None and ends_on < starts_on:
            raise ValueError("lies before starts_on")
        return ends_on

    @field_validator("trial_ends_on", mode="after")
    @classmethod
    def _trial_ends_after_it_starts(cls, ends_on: date | None, said: ValidationInfo) -> date | None:
        if ends_on is None or "trial_starts_on" not in said.data:
            return ends_on
        starts_on = said.data["trial_starts_on"]
        if starts_on is None:
            raise ValueError("a trial operation that ends has a trial_starts_on")
        if ends_on < starts_on:
            raise ValueError("lies before trial_starts_on")
        return ends_on


class ContactBody(Entry):
    """A person; name, phones and emails are kept sealed."""

    customer_id: Id
    name: Line
    phones: Lines = Field(default_factory=list)
    emails: Lines = Field(default_factory=list)
    authorised: bool = True
    role: Unnamed | None = None
    language: Literal["zh", "en"] = "zh"


class LineBody(Entry):
    """A number, a mail address or a queue of the telephone system: exactly one of them."""

    kind: Kind
    hotline_number: Line | None = None
    mailbox: Annotated[str, Field(max_length=200, pattern=r"^[^\s@]+@[^\s@]+$")] | None = None
    queue: Line | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "LineBody":
        if (
            sum(1 for place in (self.hotline_number, self.mailbox, self.queue) if place is not None)
            != 1
        ):
            raise ValueError("a line has one of hotline_number, mailbox and queue")
        return self
