"""Aftercare intake from Python, written by `make client` from its OpenAPI document."""

from collections.abc import Iterator
from typing import Any, Literal, NotRequired, TypedDict

from .transport import Service, new_key, segment


class Contact(TypedDict):
    """Who asks. At least one of the three must be there."""

    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]


class RequestBody(TypedDict):
    """`POST /v1/requests`.

    Of a letter or a visit `customer_id` may be left out: the contact or the device tells
    whose it is, or it is held until somebody verified it (IN-08).

    `contract_id` picks one of several contracts of a customer; `actor` is for whom a desk
    acts. `work` with the date `planned_for` is work with an engineer on site (IN-17). A need
    that our own people found (channel `internal`) says where (`origin`), and the case or
    obligation that it `arises_from` (IN-18). A case opened by what was added to one that
    ended `arises_from` that.
    """

    channel: Literal["email", "fax", "internal", "letter", "phone", "visit", "web"]
    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    summary: str
    contact: Contact
    customer_id: NotRequired[str | None]
    site_id: NotRequired[str | None]
    device_serial: NotRequired[str | None]
    contract_id: NotRequired[str | None]
    severity: NotRequired[str | int | None]
    category: NotRequired[str | None]
    description: NotRequired[str | None]
    reported_at: NotRequired[str | None]
    use_affected: NotRequired[bool | None]
    work: NotRequired[Literal["commissioning", "expansion", "installation", "routine"] | None]
    planned_for: NotRequired[str | None]
    origin: NotRequired[Literal["inspection", "on_site_engineer", "survey"] | None]
    arises_from: NotRequired[str | None]
    actor: NotRequired[str | None]


class Entitlement(TypedDict):
    """What the contract says of this device on the day of the report (IN-10)."""

    covered: bool
    in_warranty: bool
    chargeable: bool
    reasons: NotRequired[list[str]]
    contract_id: NotRequired[str | None]


class Accepted(TypedDict):
    """A case stands in the log. `duplicate`: this very request had opened it before."""

    case_id: str
    position: int
    entitlement: Entitlement | None
    duplicate: bool


class CallRequest(TypedDict):
    """What the agent took down. The caller's number names customer and contact where they are
    left out; the time of the report is that of the call. On a line of its own (IN-12) the
    kind may be left out too.
    """

    summary: str
    kind: NotRequired[
        Literal[
            "complaint",
            "fault",
            "inspection",
            "maintenance",
            "question",
            "service_request",
            "suggestion",
            "supervision_complaint",
            "training",
            "upgrade",
        ]
        | None
    ]
    channel: NotRequired[Literal["email", "fax", "internal", "letter", "phone", "visit", "web"]]
    customer_id: NotRequired[str | None]
    contact: NotRequired[Contact | None]
    site_id: NotRequired[str | None]
    device_serial: NotRequired[str | None]
    contract_id: NotRequired[str | None]
    severity: NotRequired[str | int | None]
    category: NotRequired[str | None]
    description: NotRequired[str | None]
    reported_at: NotRequired[str | None]
    use_affected: NotRequired[bool | None]


class CallBody(TypedDict):
    """`POST /v1/calls`: one ended call. `call_id` is the telephone system's own, `caller` the
    number outside, whoever dialled, `called` the one of ours that was dialled, `queue` the
    name that the telephone system gives to where she waited; `transferred_to` says who took
    the call over. With `case_id` it was about that case: the words of a `request` are a
    message to it (IN-14), and once it ended a case of their own; without one the call is only
    shown there.
    """

    call_id: str
    direction: Literal["inbound", "outbound"]
    caller: str
    started_at: str
    ended_at: str
    outcome: Literal["abandoned", "answered", "transferred"]
    agent: NotRequired[str | None]
    answered_at: NotRequired[str | None]
    recording_url: NotRequired[str | None]
    classification: NotRequired[str | None]
    called: NotRequired[str | None]
    queue: NotRequired[str | None]
    transferred_to: NotRequired[str | None]
    case_id: NotRequired[str | None]
    request: NotRequired[CallRequest | None]


class CallAccepted(TypedDict):
    """The call stands in the log; `case_id` is the case that it opened or was about."""

    call_id: str
    position: int
    duplicate: bool
    case_id: NotRequired[str | None]
    entitlement: NotRequired[Entitlement | None]


class CallView(TypedDict):
    """A call without the number of its caller; `reference` is the telephone system's own id,
    less that number where it is made of it.
    """

    call_id: str
    reference: str
    direction: Literal["inbound", "outbound"]
    outcome: Literal["abandoned", "answered", "transferred"]
    started_at: str
    answered_at: NotRequired[str | None]
    ended_at: str
    agent: NotRequired[str | None]
    classification: NotRequired[str | None]
    queue: NotRequired[str | None]
    transferred_to: NotRequired[str | None]
    customer_id: NotRequired[str | None]
    case_id: NotRequired[str | None]


class KnownContact(TypedDict):
    """A person with this number. `authorised`: may open cases on the hotline (IN-08)."""

    contact_id: str
    customer_id: str
    name: str | None
    authorised: bool
    role: str | None
    language: Literal["en", "zh"]


class CallersContract(TypedDict):
    """`not_in_force` says why it is not, where it is not."""

    contract_id: str
    policy: str
    starts_on: str
    ends_on: str | None
    in_force: bool
    not_in_force: str | None


class CallersDevice(TypedDict):
    device_id: str
    serial: str | None
    model: str | None
    category: str | None
    site_id: str | None


class CallersOpenCase(TypedDict):
    case_id: str
    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    severity: str | None
    summary: str
    device_id: str | None
    reported_at: str


class CallersCustomer(TypedDict):
    """The first 50 devices and the newest 50 open cases; `device_count` counts all."""

    customer_id: str
    name: str
    key_account: bool
    contracts: list[CallersContract]
    devices: list[CallersDevice]
    device_count: int
    open_cases: list[CallersOpenCase]


class CallerView(TypedDict):
    """All lists are empty for a number that nobody is known by.

    `call_backs` are the items that this call makes needless.
    """

    known: bool
    contacts: list[KnownContact]
    customers: list[CallersCustomer]
    call_backs: list[str]


class Caller(TypedDict):
    """`phone` as she called; `name` where the archive knows a contact by that number."""

    phone: NotRequired[str | None]
    name: NotRequired[str | None]
    customer_id: NotRequired[str | None]


class CallBack(TypedDict):
    """Her calls in a row are one item. Her data is gone (`caller` is empty) once erased."""

    call_back_id: str
    caller: Caller
    since: str
    last_call_at: str
    calls: int
    attempts: int
    last_outcome: Literal["busy", "call_later", "no_answer", "wrong_number"] | None
    due_at: str
    ended: Literal["called_again", "reached", "unreachable"] | None
    ended_at: str | None


class AttemptBody(TypedDict):
    """She was not reached; `call_again_at` where she said when to call."""

    outcome: Literal["busy", "call_later", "no_answer", "wrong_number"]
    call_again_at: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]


class CallBacksChanged(TypedDict):
    call_back_id: str
    position: int


class CompleteBody(TypedDict):
    outcome: NotRequired[Literal["reached", "unreachable"]]
    case_id: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]


class SecondsToAnswer(TypedDict):
    """Of the calls that were answered; all null where none was."""

    mean: float | None
    median: float | None
    p95: float | None
    longest: float | None


class Counted(TypedDict):
    """Inbound calls that began in a period. `connect_rate` is the share, in per cent, of those
    answered, transferred ones among them; null where nobody called.
    """

    calls: int
    answered: int
    transferred: int
    abandoned: int
    connect_rate: float | None
    seconds_to_answer: SecondsToAnswer


class CountedPeriod(TypedDict):
    calls: int
    answered: int
    transferred: int
    abandoned: int
    connect_rate: float | None
    seconds_to_answer: SecondsToAnswer
    start: str


class Statistics(TypedDict):
    """Periods are hours or days in Asia/Shanghai; one in which nobody called is left out."""

    by: Literal["day", "hour"]
    since: str
    until: str
    total: Counted
    periods: list[CountedPeriod]


class MappedCall(TypedDict):
    """What became of one record; `line` is that in the CSV, or its place in the array, from 1."""

    line: int
    outcome: Literal["duplicate", "recorded", "refused"]
    call_id: NotRequired[str | None]
    position: NotRequired[int | None]
    field: NotRequired[str | None]
    detail: NotRequired[str | None]


class MappedCalls(TypedDict):
    calls: list[MappedCall]


class Received(TypedDict):
    """It stands in the log.

    `opened` a case, `joined` one, or is `automatic` or `quarantined` for `reason`, to be
    read.
    """

    position: int
    disposition: Literal["automatic", "joined", "opened", "quarantined"]
    duplicate: bool
    case_id: NotRequired[str | None]
    reason: NotRequired[str | None]


class Proposal(TypedDict):
    """What its words suggest; `continues` is an earlier case whose number stands in it."""

    kind: NotRequired[
        Literal[
            "complaint",
            "fault",
            "inspection",
            "maintenance",
            "question",
            "service_request",
            "suggestion",
            "supervision_complaint",
            "training",
            "upgrade",
        ]
        | None
    ]
    severity: NotRequired[str | None]
    device_id: NotRequired[str | None]
    customer_id: NotRequired[str | None]
    continues: NotRequired[str | None]


class Reading(TypedDict):
    """What a machine read on the first pages; no text once its sender was erased."""

    text: list[str]
    confidence: float
    proposal: Proposal


class FailedReading(TypedDict):
    attempt: int
    reason: str


class Fax(TypedDict):
    """A fax that opened a case. `reading` comes when a machine has read it; until a clerk has
    checked it, it waits on the list.
    """

    fax_id: str
    case_id: str
    received_at: str
    pages: int
    sender: NotRequired[str | None]
    reading: NotRequired[Reading | None]
    failed: NotRequired[FailedReading | None]
    checked_at: NotRequired[str | None]
    checked_by: NotRequired[str | None]


class Arrival(TypedDict):
    """A mail or fax. It `opened` the case or `joined` it, is `automatic` or `quarantined` for
    `reason`; from either a clerk `released` it into a case, or `dismissed` it.
    """

    arrival_id: str
    channel: Literal["email", "fax"]
    received_at: str
    disposition: Literal["automatic", "dismissed", "joined", "opened", "quarantined", "released"]
    reason: str | None
    case_id: str | None
    settled_at: str | None
    settled_by: str | None
    dismissed_for: str | None


class WhoWrote(TypedDict):
    """As far as it can be read; nobody where it cannot."""

    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]


class ReleaseBody(TypedDict):
    """What the mail or fax says, as the clerk reads it; without `customer_id` the number or
    address tells whose case it is, else it is held for verification.
    """

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    summary: str
    description: NotRequired[str | None]
    severity: NotRequired[str | int | None]
    category: NotRequired[str | None]
    customer_id: NotRequired[str | None]
    site_id: NotRequired[str | None]
    device_serial: NotRequired[str | None]
    contact: NotRequired[WhoWrote]


class CaseChanged(TypedDict):
    """The case as commanded is in the log at `position`."""

    case_id: str
    position: int


class DismissBody(TypedDict):
    """Why nothing is to be done."""

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    reason: str


class Dismissed(TypedDict):
    """What was dismissed lies in the log as such at `position`."""

    arrival_id: str
    position: int


class Classification(TypedDict):
    """What is left out stays as it is."""

    reason: str
    severity: NotRequired[str | int | None]
    category: NotRequired[str | None]
    kind: NotRequired[
        Literal[
            "complaint",
            "fault",
            "inspection",
            "maintenance",
            "question",
            "service_request",
            "suggestion",
            "supervision_complaint",
            "training",
            "upgrade",
        ]
        | None
    ]
    use_affected: NotRequired[bool | None]
    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class Promised(TypedDict):
    """A due time that the contract promises, as it was said last; `provisional` while official
    days may still move it.
    """

    clock: str
    due_at: str
    provisional: NotRequired[bool]


class Message(TypedDict):
    added_at: str
    channel: str
    actor: str | None
    said: dict[str, Any]
    split_into: NotRequired[str | None]


class Merged(TypedDict):
    """What goes on as another case, as it was told; its files are fetched under its own number."""

    case_id: str
    reported_at: str
    channel: str
    summary: str
    contact: dict[str, Any]
    messages: list[Message]
    attachments: list[int]
    mails: list[int]


class Case(TypedDict):
    """`contact` and the messages are empty once the person was erased; `known_as` in it is what
    the archive calls who gave no name.

    `attachments` are the numbers under which they can be fetched, `mails` those of them that
    are mails as they came; `position` is that of the last event of the case. `held_for` says
    why somebody has to verify who asked (IN-08); `entitlement` is that of the day of the
    report, with the cause `excluded` since (IN-10). `group` handles it as it is classified
    now (IN-04). `calls` opened it or were about it, the oldest first.
    """

    case_id: str
    position: int
    reported_at: str
    kind: str
    severity: str | None
    category: str | None
    group: (
        Literal[
            "business_lead",
            "customer_service",
            "emergency_team",
            "response_centre",
            "technical_service_centre",
            "technical_support",
        ]
        | None
    )
    ended: str | None
    merged_into: str | None
    customer_id: str
    held_for: str | None
    excluded: str | None
    entitlement: dict[str, Any] | None
    report: dict[str, Any]
    contact: dict[str, Any]
    promised: list[Promised]
    messages: list[Message]
    attachments: list[int]
    mails: list[int]
    calls: list[CallView]
    merged_from: list[Merged]


class MessageBody(TypedDict):
    """A follow-up: `name`, `phone` and `email` say whose words they are."""

    channel: Literal["email", "fax", "internal", "letter", "phone", "visit", "web"]
    text: str
    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class WithdrawBody(TypedDict):
    reason: NotRequired[str | None]
    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class MergeBody(TypedDict):
    """`into` is the case in which this one goes on."""

    into: str
    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class CustomerBody(TypedDict):
    name: str
    industry: NotRequired[str | None]
    key_account: NotRequired[bool]


class Line(TypedDict):
    """What became of one line; `line` counts from 1, the header included."""

    line: int
    id: str | None
    outcome: Literal["changed", "created", "refused", "unchanged"]
    field: NotRequired[str | None]
    detail: NotRequired[str | None]


class Report(TypedDict):
    created: int
    changed: int
    unchanged: int
    refused: int
    lines: list[Line]


class SiteBody(TypedDict):
    """`place` and `distance_km` are seen from the provider's nearest base."""

    customer_id: str
    name: str
    city: NotRequired[str | None]
    address: NotRequired[str | None]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    place: NotRequired[Literal["local", "other"] | None]
    distance_km: NotRequired[float | None]


class DeviceBody(TypedDict):
    customer_id: str
    site_id: NotRequired[str | None]
    serial: NotRequired[str | None]
    model: NotRequired[str | None]
    category: NotRequired[str | None]
    grade: NotRequired[int | None]
    quantity: NotRequired[int]
    preliminarily_accepted_on: NotRequired[str | None]
    accepted_on: NotRequired[str | None]
    warranty_from: NotRequired[str | None]


class ContractBody(TypedDict):
    """`policy_options` in a CSV: `name=value`, separated by semicolons."""

    customer_id: str
    policy: str
    policy_version: NotRequired[int | None]
    policy_options: NotRequired[dict[str, str]]
    starts_on: str
    ends_on: NotRequired[str | None]
    devices: NotRequired[list[str]]
    sites: NotRequired[list[str]]
    handover_required: NotRequired[bool]
    handover: NotRequired[
        list[
            Literal[
                "acceptance_report",
                "engineering_manual",
                "maintenance_manual",
                "project_plan",
                "project_summary",
                "signed_agreement",
            ]
        ]
    ]
    price: NotRequired[float | None]
    currency: NotRequired[str]
    resident_engineer_id: NotRequired[str | None]
    project_manager_id: NotRequired[str | None]
    trial_starts_on: NotRequired[str | None]
    trial_ends_on: NotRequired[str | None]


class ContactBody(TypedDict):
    """A person; name, phones and emails are kept sealed."""

    customer_id: str
    name: str
    phones: NotRequired[list[str]]
    emails: NotRequired[list[str]]
    authorised: NotRequired[bool]
    role: NotRequired[str | None]
    language: NotRequired[Literal["en", "zh"]]


class LineBody(TypedDict):
    """A number, a mail address or a queue of the telephone system: exactly one of them."""

    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    hotline_number: NotRequired[str | None]
    mailbox: NotRequired[str | None]
    queue: NotRequired[str | None]


class ReportedFault(TypedDict):
    """What opened the case."""

    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    channel: Literal["email", "fax", "internal", "letter", "phone", "visit", "web"]
    severity: NotRequired[str | int | None]
    summary: NotRequired[str]


class ReplacedPiece(TypedDict):
    """`serial` is that of the new piece (DP-14)."""

    what: Literal["device", "key_part", "part"]
    name: NotRequired[str | None]
    serial: NotRequired[str | None]


class Maintenance(TypedDict):
    """The record of the work (DP-08)."""

    symptom: str
    cause: str
    action: str
    place: NotRequired[str | None]
    prevention: NotRequired[str | None]
    replaced: NotRequired[list[ReplacedPiece]]


class ChangedSeverity(TypedDict):
    """`reason` is for staff only."""

    severity: str | int
    previous: NotRequired[str | int | None]
    reason: NotRequired[str | None]


class SpareLoan(TypedDict):
    """`unit_id` when it was lent, `outcome` when the loan ended."""

    loan_id: str
    unit_id: NotRequired[str | None]
    outcome: NotRequired[Literal["cancelled", "moved", "returned", "written_off"] | None]


class ChangedWarranty(TypedDict):
    """Longer by `days`, for the device waited for its repair; or anew from `starts_on`, with
    `part` for that key part alone (DP-13, DP-14).
    """

    days: NotRequired[int | None]
    waited_from: NotRequired[str | None]
    waited_until: NotRequired[str | None]
    starts_on: NotRequired[str | None]
    cause: NotRequired[Literal["guarantee", "replaced"] | None]
    part: NotRequired[str | None]
    serial: NotRequired[str | None]


class ChangedField(TypedDict):
    """A field of the archive's entry; null where it was or is not known."""

    field: str
    before: str | int | None
    after: str | int | None


class Happening(TypedDict):
    """`what` says which of the others is there: `report` for `received`, `record` for
    `maintained`, `severity`, `loan`, `warranty`, and `changes` of the archive's entry with
    its warranty dates.
    """

    at: str
    what: (
        Literal[
            "arrived",
            "assigned",
            "closed",
            "contacted",
            "diagnosed",
            "looking_again",
            "merged",
            "on_the_way",
            "paused",
            "received",
            "remote",
            "reopened",
            "resolved",
            "restored",
            "resumed",
            "signed_off",
            "visit_needed",
            "withdrawn",
        ]
        | Literal[
            "maintained",
            "severity_changed",
            "spare_lent",
            "spare_loan_ended",
            "warranty_extended",
            "warranty_restarted",
        ]
        | Literal["device_changed", "device_recorded", "warranty_changed"]
    )
    case_id: NotRequired[str | None]
    report: NotRequired[ReportedFault | None]
    record: NotRequired[Maintenance | None]
    severity: NotRequired[ChangedSeverity | None]
    loan: NotRequired[SpareLoan | None]
    warranty: NotRequired[ChangedWarranty | None]
    changes: NotRequired[list[ChangedField]]


class StatusStep(TypedDict):
    step: Literal[
        "arrived",
        "assigned",
        "closed",
        "contacted",
        "diagnosed",
        "looking_again",
        "merged",
        "on_the_way",
        "paused",
        "received",
        "remote",
        "reopened",
        "resolved",
        "restored",
        "resumed",
        "signed_off",
        "visit_needed",
        "withdrawn",
    ]
    at: str


class Visit(TypedDict):
    """When somebody is booked to come."""

    start: str
    end: str


class DueTime(TypedDict):
    """A promised time that runs; `agreed` with the customer, beside the contract's.

    It is `provisional` while official days may still move it.
    """

    clock: str
    due_at: str
    agreed: bool
    provisional: bool


class OwnMessage(TypedDict):
    """A follow-up; what was said only where it came over the web."""

    added_at: str
    channel: Literal["email", "fax", "internal", "letter", "phone", "visit", "web"]
    text: NotRequired[str | None]
    files: NotRequired[list[str]]


class Notice(TypedDict):
    """What all customers concerned were told."""

    issued_at: str
    zh: str
    en: str


class Status(TypedDict):
    """`now` is what we do at present. With `promises_moved` the contract's times changed since
    they were promised, and none is named. `status_url` is the page that says the same.
    """

    case_id: str
    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    summary: str
    reported_at: str
    now: Literal[
        "arrived",
        "assigned",
        "closed",
        "contacted",
        "diagnosed",
        "looking_again",
        "merged",
        "on_the_way",
        "paused",
        "received",
        "remote",
        "reopened",
        "resolved",
        "restored",
        "resumed",
        "signed_off",
        "visit_needed",
        "withdrawn",
    ]
    steps: list[StatusStep]
    mode: Literal["hotline", "onsite", "remote"] | None
    visit: Visit | None
    due: list[DueTime]
    promises_moved: bool
    messages: list[OwnMessage]
    notices: list[Notice]
    goes_on_as: str | None
    status_url: str
    position: int


class FaxCheck(TypedDict):
    """What the clerk confirms or corrects; what is left out stays as it is."""

    kind: NotRequired[
        Literal[
            "complaint",
            "fault",
            "inspection",
            "maintenance",
            "question",
            "service_request",
            "suggestion",
            "supervision_complaint",
            "training",
            "upgrade",
        ]
        | None
    ]
    severity: NotRequired[str | None]
    category: NotRequired[str | None]
    customer_id: NotRequired[str | None]
    device_serial: NotRequired[str | None]
    reason: NotRequired[str]
    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]


class VerifyBody(TypedDict):
    """Who asked may speak for the customer: this once, or as a contact where `contact_id` is
    given.

    `customer_id` and what follows it name whose case it is; left out, the customer stays.
    `severity` is one of that customer's own scale.
    """

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    customer_id: NotRequired[str | None]
    site_id: NotRequired[str | None]
    device_serial: NotRequired[str | None]
    contract_id: NotRequired[str | None]
    severity: NotRequired[str | int | None]
    contact_id: NotRequired[str | None]
    role: NotRequired[str | None]
    reason: NotRequired[str | None]


class RejectBody(TypedDict):
    """The case ends; the reason is kept."""

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    reason: str


class EntitlementBody(TypedDict):
    """`cause` is one that the contract excludes; null takes the mark back."""

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    cause: NotRequired[Literal["customer_fault", "force_majeure", "unnotified_change"] | None]
    reason: str


class NotDuplicateBody(TypedDict):
    """`other` is the case that this one was compared with."""

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    other: str
    reason: NotRequired[str | None]


class SplitBody(TypedDict):
    """What the follow-up is about, as a case of its own."""

    actor: NotRequired[str | None]
    occurred_at: NotRequired[str | None]
    kind: Literal[
        "complaint",
        "fault",
        "inspection",
        "maintenance",
        "question",
        "service_request",
        "suggestion",
        "supervision_complaint",
        "training",
        "upgrade",
    ]
    summary: str
    severity: NotRequired[str | int | None]
    category: NotRequired[str | None]
    device_serial: NotRequired[str | None]


class GroupsOpenCase(TypedDict):
    case_id: str
    reported_at: str
    kind: str
    severity: str | None
    category: str | None
    group: (
        Literal[
            "business_lead",
            "customer_service",
            "emergency_team",
            "response_centre",
            "technical_service_centre",
            "technical_support",
        ]
        | None
    )
    channel: str
    summary: str
    customer_id: str


class Held(TypedDict):
    """`held_for` is why; `contact` is who asked, empty once erased."""

    case_id: str
    reported_at: str
    held_for: str
    kind: str
    channel: str
    summary: str
    severity: str | None
    customer_id: str
    contact: dict[str, str]


class Duplicate(TypedDict):
    """Both are about the `same` device or site, and came by different channels or by fax.

    `other` was reported first; `score` from 0 to 1 is how alike the words are, 0 where a fax
    has only its pages.
    """

    case_id: str
    other: str
    score: float
    same: Literal["device", "site"]


class Wanted(TypedDict):
    """By number or address, which have no place in the address of a page."""

    phone: NotRequired[str | None]
    email: NotRequired[str | None]


class PersonView(TypedDict):
    """`person_id` is a pseudonym; `keys` counts what an erasure would destroy."""

    person_id: str
    contact_id: str | None
    customer_id: str | None
    keys: int
    erased_at: str | None


class EraseBody(TypedDict):
    reason: str
    actor: NotRequired[str | None]


class Erased(TypedDict):
    """`keys` were destroyed; 0 when that had been done before.

    `left_in` names where in the files of the database copies may be left: ask again later.
    """

    person_id: str
    keys: int
    erased_at: str
    left_in: list[Literal["journal", "table"]]


class Intake(Service):
    """Every call of Aftercare intake."""

    def report_request(self, body: RequestBody, *, idempotency_key: str | None = None) -> Accepted:
        """A request of any channel becomes a case: on disk in the log before this is answered."""
        return self._send("POST", "/v1/requests", body=body, key=idempotency_key or new_key())

    def record_call(self, body: CallBody, *, idempotency_key: str | None = None) -> CallAccepted:
        """A call is recorded; where the agent took down a request, it becomes a case as well."""
        return self._send("POST", "/v1/calls", body=body, key=idempotency_key or new_key())

    def list_calls(
        self, *, call_id: str | None = None, limit: int | None = None
    ) -> Iterator[CallView]:
        """Calls, the newest first."""
        return self._pages("/v1/calls", {"call_id": call_id, "limit": limit})

    def who_is_calling(self, phone: str) -> CallerView:
        """Contacts with this number, their customers, contracts, devices and open cases."""
        return self._read(f"/v1/callers/{segment(phone)}")

    def list_call_backs(
        self, *, due: Literal["now"] | str | None = None, limit: int | None = None
    ) -> Iterator[CallBack]:
        """Who waits to be called back, the most urgent first."""
        return self._pages("/v1/call-backs", {"due": due, "limit": limit})

    def show_call_back(self, call_back_id: str) -> CallBack:
        return self._read(f"/v1/call-backs/{segment(call_back_id)}")

    def attempt_call_back(
        self, call_back_id: str, body: AttemptBody, *, idempotency_key: str | None = None
    ) -> CallBacksChanged:
        """Nobody was reached: she is called again later."""
        return self._send(
            "POST",
            f"/v1/call-backs/{segment(call_back_id)}/attempt",
            body=body,
            key=idempotency_key or new_key(),
        )

    def complete_call_back(
        self, call_back_id: str, body: CompleteBody, *, idempotency_key: str | None = None
    ) -> CallBacksChanged:
        """She was reached, or will not be; a second time changes nothing."""
        return self._send(
            "POST",
            f"/v1/call-backs/{segment(call_back_id)}/complete",
            body=body,
            key=idempotency_key or new_key(),
        )

    def call_statistics(
        self,
        *,
        by: Literal["day", "hour"] | None = None,
        from_: str | None = None,
        until: str | None = None,
        customer: str | None = None,
        contract: str | None = None,
    ) -> Statistics:
        """How many calls were answered, and after how many seconds."""
        return self._read(
            "/v1/calls/statistics",
            {"by": by, "from": from_, "until": until, "customer": customer, "contract": contract},
        )

    def record_mapped(self, mapping: str, body: dict[str, Any] | list[Any]) -> MappedCalls:
        """One JSON object that is refused is a problem, as at `POST /v1/calls`. An array, or
        CSV, is answered record by record; one that is refused keeps no other from its place.
        """
        return self._send("POST", f"/v1/calls/mapped/{segment(mapping)}", body=body)

    def receive_fax(
        self, *, file: bytes, job_id: str, sender: str | None = None, received_at: str | None = None
    ) -> Received:
        """A fax becomes a case; its pages are kept whole and can be opened from it."""
        return self._send(
            "POST",
            "/v1/faxes",
            data={"job_id": job_id, "sender": sender, "received_at": received_at},
            files={"file": file},
        )

    def list_faxes(self, *, limit: int | None = None) -> Iterator[Fax]:
        """Faxes that no clerk has checked yet, the oldest first."""
        return self._pages("/v1/faxes", {"limit": limit})

    def receive_mail(self, content: bytes) -> Received:
        """One raw RFC 5322 message, as it came: the same as by LMTP.

        One that is too large to be read is kept whole in quarantine, up to 50 MB; beyond that
        it is refused with 413, and its beginning kept there.
        """
        return self._send(
            "POST", "/v1/emails", content=content, headers={"Content-Type": "message/rfc822"}
        )

    def list_arrivals(
        self,
        *,
        disposition: Literal[
            "automatic", "dismissed", "joined", "opened", "quarantined", "released"
        ]
        | None = None,
        channel: Literal["email", "fax"] | None = None,
        limit: int | None = None,
    ) -> Iterator[Arrival]:
        """The newest first."""
        return self._pages(
            "/v1/arrivals", {"disposition": disposition, "channel": channel, "limit": limit}
        )

    def arrival_original(self, arrival_id: str) -> bytes:
        """The mail or fax exactly as it came."""
        return self._fetch(f"/v1/arrivals/{segment(arrival_id)}/original")

    def release_arrival(
        self, arrival_id: str, body: ReleaseBody, *, idempotency_key: str | None = None
    ) -> CaseChanged:
        """Into a case, reported when it was received and with the original attached: what was in
        quarantine, and what counted as automatic. Whoever sent an automatic mail is not
        answered.

        A second release is answered with the case that the first opened.
        """
        return self._send(
            "POST",
            f"/v1/arrivals/{segment(arrival_id)}/release",
            body=body,
            key=idempotency_key or new_key(),
        )

    def dismiss_arrival(
        self, arrival_id: str, body: DismissBody, *, idempotency_key: str | None = None
    ) -> Dismissed:
        """Nothing is to be done; the original is kept all the same, and can still be released."""
        return self._send(
            "POST",
            f"/v1/arrivals/{segment(arrival_id)}/dismiss",
            body=body,
            key=idempotency_key or new_key(),
        )

    def reclassify_case(self, case_id: str, body: Classification) -> CaseChanged:
        """A named person corrects severity, category, kind or whether use is affected, and says
        why (IN-07).
        """
        return self._send("PATCH", f"/v1/cases/{segment(case_id)}", body=body)

    def show_case(self, case_id: str) -> Case:
        """The case as intake knows it; its progress is dispatch's to tell.

        Without `intake:write` it comes without the person: no contact, and nothing of what
        was said.
        """
        return self._read(f"/v1/cases/{segment(case_id)}")

    def add_message(
        self, case_id: str, body: MessageBody, *, idempotency_key: str | None = None
    ) -> CaseChanged:
        """A follow-up joins the case (IN-14), or the one as which that goes on.

        Once it was closed or withdrawn a new case `arises_from` it: the answer names the
        case.
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/messages",
            body=body,
            key=idempotency_key or new_key(),
        )

    def withdraw_case(self, case_id: str, body: WithdrawBody) -> CaseChanged:
        """The customer takes the request back; a second time changes nothing."""
        return self._send("POST", f"/v1/cases/{segment(case_id)}/withdraw", body=body)

    def merge_case(self, case_id: str, body: MergeBody) -> CaseChanged:
        """The same request came twice: this case goes on as the other one."""
        return self._send("POST", f"/v1/cases/{segment(case_id)}/merge", body=body)

    def show_card(self, case_id: str, *, lang: Literal["en", "zh"] | None = None) -> bytes:
        """The card as a PDF, to be printed. Without `intake:write` it names nobody."""
        return self._fetch(f"/v1/cases/{segment(case_id)}/card", {"lang": lang})

    def show_summary(self, case_id: str, *, lang: Literal["en", "zh"] | None = None) -> bytes:
        """The maintenance summary for the customer as a PDF; a draft until it is signed off
        (DP-08).
        """
        return self._fetch(f"/v1/cases/{segment(case_id)}/summary", {"lang": lang})

    def show_attachment(self, case_id: str, number: int) -> bytes:
        """A fax, a file of a mail, or a mail as it came."""
        return self._fetch(f"/v1/cases/{segment(case_id)}/attachments/{segment(number)}")

    def mail_page(self, case_id: str, number: int) -> bytes:
        """The HTML of a mail of the case's `mails`, made safe; its text where it has none."""
        return self._fetch(f"/v1/cases/{segment(case_id)}/attachments/{segment(number)}/page")

    def put_customer(self, entry_id: str, body: CustomerBody) -> dict[str, Any]:
        return self._send("PUT", f"/v1/customers/{segment(entry_id)}", body=body)

    def get_customer(self, entry_id: str) -> dict[str, Any]:
        return self._read(f"/v1/customers/{segment(entry_id)}")

    def list_customers(self, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        return self._pages("/v1/customers", {"limit": limit})

    def load_customers(self, content: bytes) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        return self._send(
            "PUT", "/v1/customers", content=content, headers={"Content-Type": "text/csv"}
        )

    def put_site(self, entry_id: str, body: SiteBody) -> dict[str, Any]:
        return self._send("PUT", f"/v1/sites/{segment(entry_id)}", body=body)

    def get_site(self, entry_id: str) -> dict[str, Any]:
        return self._read(f"/v1/sites/{segment(entry_id)}")

    def list_sites(self, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        return self._pages("/v1/sites", {"limit": limit})

    def load_sites(self, content: bytes) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        return self._send("PUT", "/v1/sites", content=content, headers={"Content-Type": "text/csv"})

    def put_device(self, entry_id: str, body: DeviceBody) -> dict[str, Any]:
        return self._send("PUT", f"/v1/devices/{segment(entry_id)}", body=body)

    def get_device(self, entry_id: str) -> dict[str, Any]:
        return self._read(f"/v1/devices/{segment(entry_id)}")

    def list_devices(self, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        return self._pages("/v1/devices", {"limit": limit})

    def load_devices(self, content: bytes) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        return self._send(
            "PUT", "/v1/devices", content=content, headers={"Content-Type": "text/csv"}
        )

    def put_contract(self, entry_id: str, body: ContractBody) -> dict[str, Any]:
        return self._send("PUT", f"/v1/contracts/{segment(entry_id)}", body=body)

    def get_contract(self, entry_id: str) -> dict[str, Any]:
        return self._read(f"/v1/contracts/{segment(entry_id)}")

    def list_contracts(self, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        return self._pages("/v1/contracts", {"limit": limit})

    def load_contracts(self, content: bytes) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        return self._send(
            "PUT", "/v1/contracts", content=content, headers={"Content-Type": "text/csv"}
        )

    def put_contact(self, entry_id: str, body: ContactBody) -> dict[str, Any]:
        return self._send("PUT", f"/v1/contacts/{segment(entry_id)}", body=body)

    def get_contact(self, entry_id: str) -> dict[str, Any]:
        return self._read(f"/v1/contacts/{segment(entry_id)}")

    def list_contacts(self, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        return self._pages("/v1/contacts", {"limit": limit})

    def load_contacts(self, content: bytes) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        return self._send(
            "PUT", "/v1/contacts", content=content, headers={"Content-Type": "text/csv"}
        )

    def put_line(self, entry_id: str, body: LineBody) -> dict[str, Any]:
        return self._send("PUT", f"/v1/lines/{segment(entry_id)}", body=body)

    def get_line(self, entry_id: str) -> dict[str, Any]:
        return self._read(f"/v1/lines/{segment(entry_id)}")

    def list_lines(self, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """One page; with `Accept: text/csv` all of it, as `PUT` of the collection takes it."""
        return self._pages("/v1/lines", {"limit": limit})

    def load_lines(self, content: bytes) -> Report:
        """Each line is put as if alone: a line that is refused keeps no other from its place.

        The first line names the fields; lists are separated by semicolons. UTF-8 or GB18030.
        """
        return self._send("PUT", "/v1/lines", content=content, headers={"Content-Type": "text/csv"})

    def device_history(self, device_id: str, *, limit: int | None = None) -> Iterator[Happening]:
        """Cases with their steps, maintenance, severity, spares lent and the archive's entry;
        newest first, for as long as its customer of today has it.
        """
        return self._pages(f"/v1/devices/{segment(device_id)}/history", {"limit": limit})

    def show_status(self, case_id: str) -> Status:
        """What the customer's own page says: what is done now, who comes when, what was
        promised.
        """
        return self._read(f"/v1/requests/{segment(case_id)}/status")

    def attach_files(
        self, case_id: str, *, files: list[tuple[str, bytes]], text: str | None = None
    ) -> CaseChanged:
        """Files join the case (IN-14); once it ended they open another, which the answer names.

        The same key with the same text and files adds them once.
        """
        return self._send(
            "POST",
            f"/v1/requests/{segment(case_id)}/attachments",
            data={"text": text},
            files=[("files", one) for one in files],
        )

    def show_fax(self, fax_id: str) -> Fax:
        """With what a machine read on it, and what it proposes."""
        return self._read(f"/v1/faxes/{segment(fax_id)}")

    def fax_page(self, fax_id: str, number: int) -> bytes:
        """A page as PNG with square dots, drawn anew from the fax."""
        return self._fetch(f"/v1/faxes/{segment(fax_id)}/pages/{segment(number)}")

    def check_fax(self, fax_id: str, body: FaxCheck) -> CaseChanged:
        """A named clerk confirms or corrects what it is about; its case and clocks follow."""
        return self._send("POST", f"/v1/faxes/{segment(fax_id)}/check", body=body)

    def verify_case(self, case_id: str, body: VerifyBody) -> CaseChanged:
        """Who asked may speak for the customer (IN-08); whose case it is is said with it.

        The clocks have run since the report, and are recalculated from there.
        """
        return self._send("POST", f"/v1/cases/{segment(case_id)}/verify", body=body)

    def reject_case(self, case_id: str, body: RejectBody) -> CaseChanged:
        """Who asked may not speak for the customer (IN-08): the case ends, and says why."""
        return self._send("POST", f"/v1/cases/{segment(case_id)}/reject", body=body)

    def decide_entitlement(self, case_id: str, body: EntitlementBody) -> CaseChanged:
        """A named person marks a cause that the contract excludes (IN-10): charged, never
        refused.
        """
        return self._send("POST", f"/v1/cases/{segment(case_id)}/entitlement", body=body)

    def dismiss_duplicate(self, case_id: str, body: NotDuplicateBody) -> CaseChanged:
        """Two cases were compared by a person and are not the same (IN-14): not proposed again."""
        return self._send("POST", f"/v1/cases/{segment(case_id)}/not-a-duplicate", body=body)

    def split_message(self, case_id: str, number: int, body: SplitBody) -> CaseChanged:
        """A follow-up was a new problem (IN-14): a case of its own, reported when it came.

        A repeat is answered with the case that the first opened.
        """
        return self._send(
            "POST", f"/v1/cases/{segment(case_id)}/messages/{segment(number)}/split", body=body
        )

    def list_open_cases(
        self,
        *,
        group: Literal[
            "business_lead",
            "customer_service",
            "emergency_team",
            "response_centre",
            "technical_service_centre",
            "technical_support",
        ]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[GroupsOpenCase]:
        """Who waits longest comes first; `group` leaves those of the other groups out."""
        return self._pages("/v1/cases", {"group": group, "limit": limit})

    def list_held(self, *, limit: int | None = None) -> Iterator[Held]:
        """Who waits longest comes first."""
        return self._pages("/v1/held", {"limit": limit})

    def list_duplicates(self, *, limit: int | None = None) -> Iterator[Duplicate]:
        """Pairs that nobody has decided about."""
        return self._pages("/v1/duplicates", {"limit": limit})

    def find_person(self, body: Wanted) -> PersonView:
        """Who has this number or address."""
        return self._send("POST", "/v1/persons/find", body=body)

    def show_person(self, person_id: str) -> PersonView:
        """By the id of a contact or of a member of staff, or by pseudonym."""
        return self._read(f"/v1/persons/{segment(person_id)}")

    def erase_person(self, person_id: str, body: EraseBody) -> Erased:
        """Destroy the keys of a person; the history stays, and can no longer be read about them."""
        return self._send("POST", f"/v1/persons/{segment(person_id)}/erase", body=body)
