"""What a clerk says of a case that stands in the log."""

from typing import Annotated

from pydantic import Field

from aftercare_events.catalogue.case import Kind
from aftercare_events.catalogue.clerk import ExcludedCause
from aftercare_http import Body, Id, Line, OccurredAt, Text

Severity = Annotated[str, Field(min_length=1, max_length=64)] | Annotated[int, Field(ge=0, le=99)]

Summary = Annotated[str, Field(min_length=1, max_length=500)]


class Said(Body):
    """`actor` is for whom a desk acts."""

    actor: Id | None = None
    occurred_at: OccurredAt = None


class VerifyBody(Said):
    """Who asked may speak for the customer: this once, or as a contact where `contact_id` is given.

    `customer_id` and what follows it name whose case it is; left out, the customer stays.
    `severity` is one of that customer's own scale.
    """

    customer_id: Id | None = None
    site_id: Id | None = None
    device_serial: Line | None = None
    contract_id: Id | None = None
    severity: Severity | None = None
    contact_id: Id | None = None
    role: Line | None = None
    reason: Line | None = None


class RejectBody(Said):
    """The case ends; the reason is kept."""

    reason: Line


class EntitlementBody(Said):
    """`cause` is one that the contract excludes; null takes the mark back."""

    cause: ExcludedCause | None = None
    reason: Line


class NotDuplicateBody(Said):
    """`other` is the case that this one was compared with."""

    other: Id
    reason: Line | None = None


class SplitBody(Said):
    """What the follow-up is about, as a case of its own."""

    kind: Kind
    summary: Summary
    severity: Severity | None = None
    category: Line | None = None
    device_serial: Line | None = None


class WhoWrote(Body):
    """As far as it can be read; nobody where it cannot."""

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None


class ReleaseBody(Said):
    """What the mail or fax says, as the clerk reads it; without `customer_id` the number or
    address tells whose case it is, else it is held for verification."""

    kind: Kind
    summary: Summary
    description: Text | None = None
    severity: Severity | None = None
    category: Line | None = None
    customer_id: Id | None = None
    site_id: Id | None = None
    device_serial: Line | None = None
    contact: WhoWrote = WhoWrote()


class DismissBody(Said):
    """Why nothing is to be done."""

    reason: Line
