"""What arrived at the doors of intake, whether or not it became a case."""

from datetime import datetime
from typing import Literal

import msgspec

from ..sealing import Sealed
from .case import Kind
from .registry import event_type

CallDirection = Literal["inbound", "outbound"]
CallOutcome = Literal["answered", "abandoned", "transferred"]
Disposition = Literal["opened", "joined", "automatic", "quarantined"]


class _Arrival(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all arrivals share.

    `body_digest` recognises a repeat for ever; `customer_id` is whose number or address it
    came from, where the archive knows it.
    """

    body_digest: str
    customer_id: str | None = None
    case_id: str | None = None


@event_type("aftercare.call.recorded.v1")
class CallRecorded(_Arrival, frozen=True, kw_only=True, omit_defaults=True):
    """One telephone call, ended (IN-03). `reference` is the telephone system's own id;
    `caller` seals the number and the address of the recording."""

    call_id: str
    reference: str
    direction: CallDirection
    outcome: CallOutcome
    started_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    agent: str | None = None
    classification: str | None = None
    caller: Sealed | None = None


@event_type("aftercare.fax.received.v1")
class FaxReceived(_Arrival, frozen=True, kw_only=True, omit_defaults=True):
    """One fax, its pages kept whole in the object store under `original` (IN-16).

    One in quarantine could not be opened, as `reason` says; its `pages` are 0."""

    fax_id: str
    reference: str
    received_at: datetime
    pages: int
    original: str
    disposition: Disposition
    reason: str | None = None
    sender: Sealed | None = None


class FaxProposal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the words of a fax suggest; what they say nothing of is left out.

    `continues` is an earlier case whose number stands in it.
    """

    kind: Kind | None = None
    severity: str | None = None
    device_id: str | None = None
    customer_id: str | None = None
    continues: str | None = None


@event_type("aftercare.fax.read.v1")
class FaxRead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a machine read on a fax, for a clerk to confirm (IN-16).

    `text` seals the words of each of the first `pages` pages for the sender; `confidence` is
    that of the reading, 0 to 1.
    """

    fax_id: str
    case_id: str
    pages: int
    confidence: float
    text: Sealed
    proposal: FaxProposal = FaxProposal()


@event_type("aftercare.fax.reading_failed.v1")
class FaxReadingFailed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fax could not be read this time, for `reason`; `attempt` counts from 1."""

    fax_id: str
    case_id: str
    attempt: int
    reason: str


@event_type("aftercare.fax.checked.v1")
class FaxChecked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clerk looked at a fax; what she corrected are events of its case."""

    fax_id: str
    case_id: str


@event_type("aftercare.mail.received.v1")
class MailReceived(_Arrival, frozen=True, kw_only=True, omit_defaults=True):
    """One e-mail, kept whole under `original`; its id is derived from its Message-ID.

    `reason` says why it opened no case: which automatic mail it is, or which limit it broke.
    """

    mail_id: str
    received_at: datetime
    original: str
    disposition: Disposition
    reason: str | None = None
    sender: Sealed | None = None
