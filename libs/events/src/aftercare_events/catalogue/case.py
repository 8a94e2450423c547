"""What can happen to a case. Written by all services, each on its own branch of the log."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from ..sealing import Sealed
from .registry import event_type

Kind = Literal[
    "fault",
    "question",
    "service_request",
    "complaint",
    "supervision_complaint",
    "maintenance",
    "upgrade",
    "inspection",
    "training",
    "suggestion",
]
Channel = Literal["phone", "fax", "email", "web", "letter", "visit", "internal"]
Place = Literal["local", "other"]
Mode = Literal["hotline", "remote", "onsite"]
PlannedWork = Literal["installation", "commissioning", "expansion", "routine"]
Group = Literal[
    "response_centre",
    "customer_service",
    "technical_support",
    "technical_service_centre",
    "emergency_team",
    "business_lead",
]
Origin = Literal["survey", "on_site_engineer", "inspection"]
Replaced = Literal["device", "key_part", "part"]
RemoteOutcome = Literal["solved", "unresolved", "refused"]
HolderKind = Literal["expert_group", "vendor"]
Lack = Literal["unknown", "skill", "certificate", "level"]
Step = Literal["engineer", "pm", "leadership", "executive"]
CallbackOutcome = Literal["satisfied", "unsatisfied", "unsolved"]
# Reports written by other systems give levels as numbers; a severity is always text with us.
Severity = str | int


class _CaseEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str


class Entitlement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the contract says of this device on the day of the report (IN-10)."""

    covered: bool
    in_warranty: bool
    chargeable: bool
    reasons: tuple[str, ...] = ()
    contract_id: str | None = None


@event_type("aftercare.case.reported.v1")
class CaseReported(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A request became a case; `contact` and the full text are sealed for that person."""

    kind: Kind
    channel: Channel
    policy: str
    policy_version: int | None = None
    policy_options: dict[str, Any] = {}
    severity: Severity | None = None
    category: str | None = None
    place: Place | None = None
    distance_km: float | None = None
    customer_id: str = ""
    contract_id: str | None = None
    site_id: str | None = None
    device_id: str | None = None
    summary: str = ""
    use_affected: bool | None = None
    entitlement: Entitlement | None = None
    contact: Sealed | None = None
    # sha-256 of what made the request unique and of its body: a repeat is recognised for ever
    identity: str | None = None
    body_digest: str | None = None
    attachments: tuple[str, ...] = ()
    held_for: str | None = None
    # Work with a date and an engineer on site (IN-17)
    work: PlannedWork | None = None
    planned_for: datetime | None = None
    # Who of our own people found the need, and the case or obligation it arose from (IN-18)
    origin: Origin | None = None
    arises_from: str | None = None
    split_from: str | None = None
    # Why whoever reported on the web gets no acknowledgement
    unanswered: str | None = None
    # Who handles it as it was reported (IN-04); a later classification may move it
    group: Group | None = None


@event_type("aftercare.case.severity_changed.v1")
class SeverityChanged(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    severity: Severity
    previous: Severity | None = None
    reason: str | None = None


@event_type("aftercare.case.reclassified.v1")
class CaseReclassified(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Any of the named attributes changed; those left out stay as they were."""

    kind: Kind | None = None
    category: str | None = None
    place: Place | None = None
    distance_km: float | None = None
    device_id: str | None = None
    use_affected: bool | None = None
    reason: str | None = None


@event_type("aftercare.case.deadline_agreed.v1")
class DeadlineAgreed(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A due time agreed with the customer stands beside the contract's (SL-13).

    `agreed_with` is a person and sealed; in clear stands at most a role.
    """

    clock: str
    due_at: datetime
    agreed_with: Sealed | str
    reason: str


@event_type("aftercare.case.message_added.v1")
class MessageAdded(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A follow-up joined its case (IN-14); `text` is sealed for the sender."""

    channel: Channel
    identity: str | None = None
    body_digest: str | None = None
    text: Sealed | None = None
    attachments: tuple[str, ...] = ()


@event_type("aftercare.case.withdrawn.v1")
class CaseWithdrawn(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str | None = None


@event_type("aftercare.case.merged.v1")
class CaseMerged(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    into: str


@event_type("aftercare.case.took_over.v1")
class CaseTookOver(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The other side of a merge: `other` is the case that goes on as this one."""

    other: str


@event_type("aftercare.case.assigned.v1")
class CaseAssigned(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """An engineer was chosen; `why` explains the choice, `override_reason` a named dispatcher's.

    `overridden` names the hard rules that the dispatcher put aside. Who has not answered by
    `answer_by` is asked no longer (DP-05).
    """

    engineer_id: str
    mode: Mode | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None
    department: str | None = None
    why: dict[str, Any] | None = None
    override_reason: str | None = None
    overridden: tuple[str, ...] = ()
    answer_by: datetime | None = None


@event_type("aftercare.case.accepted.v1")
class CaseAccepted(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    engineer_id: str | None = None


@event_type("aftercare.case.declined.v1")
class CaseDeclined(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The engineer cannot; `unanswered`: nothing was heard in the time to answer (DP-05).

    `away`: they left, or will not be at work at the time of the visit (DP-04).
    """

    engineer_id: str | None = None
    reason: str | None = None
    unanswered: bool = False
    away: bool = False


@event_type("aftercare.case.unattended.v1")
class CaseUnattended(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Nobody can be sent to what cannot wait: whoever is on duty is rung at once (IN-13).

    `left_out` counts the engineers by the rule that spoke against each of them.
    """

    left_out: dict[str, int] = {}


@event_type("aftercare.case.contacted.v1")
class CustomerContacted(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    note: str | None = None


@event_type("aftercare.case.responded.v1")
class CaseResponded(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    note: str | None = None


@event_type("aftercare.case.diagnosed.v1")
class CaseDiagnosed(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    finding: str | None = None


@event_type("aftercare.case.remote_started.v1")
class RemoteStarted(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Remote access began, with the customer's recorded consent (DP-03)."""

    consent_ref: str | None = None


@event_type("aftercare.case.remote_ended.v1")
class RemoteEnded(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    outcome: RemoteOutcome | None = None


@event_type("aftercare.case.onsite_required.v1")
class OnsiteRequired(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Dispatch left the remote step: it failed, was refused, or severity demands a visit."""

    reason: str | None = None


@event_type("aftercare.case.end_expected.v1")
class EndExpected(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """When the engineer now expects to be done; a booked visit lasts until then (DP-06)."""

    engineer_id: str
    expected_end: datetime


@event_type("aftercare.case.departed.v1")
class EngineerDeparted(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Whoever goes without a booked visit is booked for the slot from then on (DP-06)."""

    engineer_id: str | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None


@event_type("aftercare.case.arrived.v1")
class EngineerArrived(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody able to handle the fault is on site (DP-25): an engineer, or a partner's (DP-26).

    An engineer who had no booked visit is booked for the slot from then on (DP-06).
    """

    engineer_id: str | None = None
    partner_id: str | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None


@event_type("aftercare.case.attended.v1")
class EngineerAttended(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is on site who lacks what the fault asks for: no arrival yet (DP-25)."""

    engineer_id: str
    lacks: tuple[Lack, ...] = ()
    slot_start: datetime | None = None
    slot_end: datetime | None = None


@event_type("aftercare.case.paused.v1")
class CasePaused(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str


@event_type("aftercare.case.resumed.v1")
class CaseResumed(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str | None = None


@event_type("aftercare.case.restored.v1")
class ServiceRestored(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """`measured` holds decimals by the name of the acceptance figure they met (DP-29)."""

    note: str | None = None
    measured: dict[str, str] = {}


class Replacement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was replaced during a repair; `serial` is that of the new piece (DP-14)."""

    what: Replaced
    name: str | None = None
    serial: str | None = None


class MaintenanceRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The maintenance record, required before resolution (DP-08).

    `technique` is how such work is done, for those who meet the fault again. A person who
    reported the fault is sealed; in clear stands at most a role.
    """

    symptom: str
    cause: str
    action: str
    place: str | None = None
    reported_by: Sealed | str | None = None
    prevention: str | None = None
    replaced: tuple[Replacement, ...] = ()
    technique: str | None = None


@event_type("aftercare.case.recorded.v1")
class MaintenanceRecorded(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    record: MaintenanceRecord


@event_type("aftercare.case.photo_added.v1")
class PhotoAdded(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A picture of the work for the maintenance record (DP-08); `photo` names the sealed file."""

    photo: str


@event_type("aftercare.case.resolved.v1")
class CaseResolved(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    resolution: str | None = None


@event_type("aftercare.case.signed_off.v1")
class CaseSignedOff(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The customer accepted the work (验收); `rating` 1 to 5 was given on the spot (FB-10).

    `signature` names the sealed picture of what the customer drew on the screen.
    """

    signature: str | None = None
    signed_by: Sealed | None = None
    rating: int | None = None


@event_type("aftercare.case.closed.v1")
class CaseClosed(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str | None = None


@event_type("aftercare.case.closing_held.v1")
class CaseClosingHeld(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The customer is satisfied, but `loans` are still out: the case closes when they are back."""

    loans: tuple[str, ...]
    reason: str | None = None


@event_type("aftercare.case.reopened.v1")
class CaseReopened(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str | None = None


@event_type("aftercare.case.escalated_to_expert.v1")
class EscalatedToExpert(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Not solvable on the spot: passed on to `target`, who holds it now (DP-09).

    `lead` is to whom it was reported; `customer_told`: the customer knows.
    """

    target: str
    reason: str | None = None
    kind: HolderKind | None = None
    lead: str | None = None
    customer_told: bool = False


@event_type("aftercare.case.engineer_rejected.v1")
class EngineerRejected(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The customer wants somebody else (DP-16)."""

    engineer_id: str
    reason: str | None = None


@event_type("aftercare.case.called_back.v1")
class CaseCalledBack(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A callback about this case was completed.

    It stands in one batch with `callback.completed`, so that whoever decides about the case
    (an alert on its callback clock, say) at an older position is refused.
    """

    callback_id: str
    outcome: CallbackOutcome
