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
ArrivalChannel = Literal["fax", "email"]
ReturnAttempt = Literal["no_answer", "busy", "call_later", "wrong_number"]
ReturnOutcome = Literal["reached", "called_again", "unreachable"]
RecoveryReason = Literal["rate_is_back", "too_few_calls"]


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
    """One telephone call, ended (IN-03). `reference` is the telephone system's own id, without the
    number outside where it is made of it.

    `caller` seals the number outside and the address of the recording; `known_by` is the keyed
    hash of that number, absent where it was withheld. `agent` and `transferred_to` are accounts
    or extensions, the second of who took the call over.
    """

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
    queue: str | None = None
    transferred_to: str | None = None
    known_by: str | None = None


@event_type("aftercare.fax.received.v1")
class FaxReceived(_Arrival, frozen=True, kw_only=True, omit_defaults=True):
    """One fax, its pages kept whole in the object store under `original` (IN-16). `reference` is
    the fax server's own id, without the sender's number where it is made of it.

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

    `reason` says why it opened no case: which automatic mail it is, or which limit it broke;
    `unanswered` why it gets no automatic answer all the same. `sender` seals its Message-ID too.
    """

    mail_id: str
    received_at: datetime
    original: str
    disposition: Disposition
    reason: str | None = None
    sender: Sealed | None = None
    unanswered: str | None = None


@event_type("aftercare.arrival.released.v1")
class ArrivalReleased(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clerk read a mail or fax that had opened no case, and it became the case `case_id`.

    `sealed_for` is whose key seals the original, which is the key of whoever wrote it.
    """

    arrival_id: str
    channel: ArrivalChannel
    case_id: str
    sealed_for: str | None = None


@event_type("aftercare.arrival.dismissed.v1")
class ArrivalDismissed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clerk looked at a mail or fax that opened no case: nothing is to be done, for `reason`."""

    arrival_id: str
    channel: ArrivalChannel
    reason: str


class _ReturnCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A caller who gave up waiting is to be called back; the id is that of her first call."""

    return_call_id: str


@event_type("aftercare.return_call.attempted.v1")
class ReturnCallAttempted(_ReturnCall, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody called back in vain, for the `attempt`th time."""

    attempt: int
    outcome: ReturnAttempt
    next_attempt_at: datetime
    by: str


@event_type("aftercare.return_call.completed.v1")
class ReturnCallCompleted(_ReturnCall, frozen=True, kw_only=True, omit_defaults=True):
    """Nobody waits for this call any more. `call_id` is the answered call that ended it by
    itself; `case_id` is what became of it, where somebody says so."""

    outcome: ReturnOutcome
    by: str
    call_id: str | None = None
    case_id: str | None = None


class _ConnectRate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted of inbound calls that began in a window, both rates in per cent.

    `scope` is `all` or a contract, whose customer's calls are meant.
    """

    scope: str
    window_start: datetime
    window_end: datetime
    calls: int
    connected: int
    rate: float
    promised: float


@event_type("aftercare.connect_rate.fallen.v1", key="scope")
class ConnectRateFallen(_ConnectRate, frozen=True, kw_only=True, omit_defaults=True):
    """Too few calls are answered: an alert for ops, once a window (IN-03)."""

    customer_id: str | None = None


@event_type("aftercare.connect_rate.recovered.v1", key="scope")
class ConnectRateRecovered(_ConnectRate, frozen=True, kw_only=True, omit_defaults=True):
    """The alert of the window that began at `fallen_in` is over."""

    fallen_in: datetime
    reason: RecoveryReason
