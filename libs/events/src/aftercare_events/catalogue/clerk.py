"""What a clerk decides about a case once it stands in the log: whose it is, and what it costs."""

from typing import Any, Literal

import msgspec

from .case import Entitlement, Place
from .registry import event_type

ExcludedCause = Literal["customer_fault", "force_majeure", "unnotified_change"]


class _Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str


@event_type("aftercare.case.verified.v1")
class CaseVerified(_Decision, frozen=True, kw_only=True, omit_defaults=True):
    """Who asked may speak for the customer (IN-08), this once or as the contact `contact_id`."""

    contact_id: str | None = None
    reason: str | None = None


@event_type("aftercare.case.verification_rejected.v1")
class VerificationRejected(_Decision, frozen=True, kw_only=True, omit_defaults=True):
    """Who asked may not speak for the customer; the case ends with it."""

    reason: str


@event_type("aftercare.case.customer_assigned.v1")
class CustomerAssigned(_Decision, frozen=True, kw_only=True, omit_defaults=True):
    """Whose case it is became known: from here on it stands under that customer's contract.

    Its clocks are recalculated from their original start (SL-08). Entitlement is that of the day
    of the report. What is left out stays as it was reported.
    """

    customer_id: str
    policy: str
    policy_version: int | None = None
    policy_options: dict[str, Any] = {}
    contract_id: str | None = None
    site_id: str | None = None
    device_id: str | None = None
    category: str | None = None
    place: Place | None = None
    distance_km: float | None = None
    entitlement: Entitlement | None = None
    reason: str | None = None


@event_type("aftercare.case.entitlement_decided.v1")
class EntitlementDecided(_Decision, frozen=True, kw_only=True, omit_defaults=True):
    """A named person marked a cause that the contract excludes, or took the mark back (IN-10).

    Nothing is refused for it: what follows is only whether the work is charged.
    """

    entitlement: Entitlement
    cause: ExcludedCause | None = None
    reason: str


@event_type("aftercare.case.duplicate_dismissed.v1")
class DuplicateDismissed(_Decision, frozen=True, kw_only=True, omit_defaults=True):
    """A person looked at two cases and found that they are not the same (IN-14)."""

    other: str
    reason: str | None = None


@event_type("aftercare.case.split.v1")
class CaseSplit(_Decision, frozen=True, kw_only=True, omit_defaults=True):
    """A follow-up was a problem of its own and goes on as the case `into` (IN-14).

    `message` is the position of the follow-up in the log.
    """

    message: int
    into: str
