"""Bodies of the routes that requests and calls come in by, decoded without detours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from aftercare_events.catalogue.case import Channel, Entitlement, Kind, Origin, PlannedWork
from aftercare_events.catalogue.intake import CallDirection, CallOutcome

Id = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[^\\r\\n\\x00]+$")]
# An account of the telephone system, never a name: it is in the log in clear.
Agent = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_./@-]{0,63}$")]
# Nor may a number outside hide behind it.
Extension = Annotated[str, Meta(pattern="^(?![0-9]{7})[A-Za-z0-9][A-Za-z0-9_./@-]{0,63}$")]
Summary = Annotated[str, Meta(min_length=1, max_length=500)]
Text = Annotated[str, Meta(max_length=10_000)]
Instant = Annotated[datetime, Meta(tz=True)]
# Levels that are numbers may be written as numbers; they are kept as text.
Severity = Annotated[str, Meta(min_length=1, max_length=64)] | Annotated[int, Meta(ge=0, le=99)]

PLANNED_KINDS: Sequence[Kind] = ("maintenance", "upgrade", "service_request")


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks. At least one of the three must be there."""

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None

    def __post_init__(self) -> None:
        if not (self.name or self.phone or self.email):
            raise ValueError("a contact has a name, a phone or an email")


class RequestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/requests`.

    Of a letter or a visit `customer_id` may be left out: the contact or the device tells whose it
    is, or it is held until somebody verified it (IN-08).

    `contract_id` picks one of several contracts of a customer; `actor` is for whom a desk acts.
    `work` with the date `planned_for` is work with an engineer on site (IN-17). A need that our own
    people found (channel `internal`) says where (`origin`), and the case or obligation that it
    `arises_from` (IN-18). A case opened by what was added to one that ended `arises_from` that.
    """

    channel: Channel
    kind: Kind
    summary: Summary
    contact: Contact
    customer_id: Id | None = None
    site_id: Id | None = None
    device_serial: Line | None = None
    contract_id: Id | None = None
    severity: Severity | None = None
    category: Line | None = None
    description: Text | None = None
    reported_at: Instant | None = None
    use_affected: bool | None = None
    work: PlannedWork | None = None
    planned_for: Instant | None = None
    origin: Origin | None = None
    arises_from: Id | None = None
    actor: Id | None = None

    def __post_init__(self) -> None:
        if self.work is not None and self.kind not in PLANNED_KINDS:
            raise ValueError(f"work is planned with a kind of {', '.join(PLANNED_KINDS)}")
        if self.planned_for is not None and self.work is None:
            raise ValueError("planned_for says when work is done: name the work")
        if (self.channel == "internal") != (self.origin is not None):
            raise ValueError("an internal need, and no other, has an origin")


class CallRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the agent took down. The caller's number names customer and contact where they
    are left out; the time of the report is that of the call. On a line of its own (IN-12) the
    kind may be left out too."""

    summary: Summary
    kind: Kind | None = None
    channel: Channel = "phone"
    customer_id: Id | None = None
    contact: Contact | None = None
    site_id: Id | None = None
    device_serial: Line | None = None
    contract_id: Id | None = None
    severity: Severity | None = None
    category: Line | None = None
    description: Text | None = None
    reported_at: Instant | None = None
    use_affected: bool | None = None


class CallBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/calls`: one ended call. `call_id` is the telephone system's own, `caller` the
    number outside, whoever dialled, `called` the one of ours that was dialled, `queue` the name
    that the telephone system gives to where she waited; `transferred_to` says who took the call
    over. With `case_id` it was about that case: the words of a `request` are a message to it
    (IN-14), and once it ended a case of their own; without one the call is only shown there."""

    call_id: Line
    direction: CallDirection
    caller: Line
    started_at: Instant
    ended_at: Instant
    outcome: CallOutcome
    agent: Agent | None = None
    answered_at: Instant | None = None
    recording_url: Annotated[str, Meta(max_length=2000)] | None = None
    classification: Line | None = None
    called: Line | None = None
    queue: Line | None = None
    transferred_to: Extension | None = None
    case_id: Id | None = None
    request: CallRequest | None = None


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A case stands in the log. `duplicate`: this very request had opened it before."""

    case_id: str
    position: int
    entitlement: Entitlement | None
    duplicate: bool


class CallAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """The call stands in the log; `case_id` is the case that it opened or was about."""

    call_id: str
    position: int
    duplicate: bool
    case_id: str | None = None
    entitlement: Entitlement | None = None
