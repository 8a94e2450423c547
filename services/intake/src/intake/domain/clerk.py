"""What a clerk decides about a case: who asked, what is charged, what is not the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.case import CaseWithdrawn, Entitlement, SeverityChanged
from aftercare_events.catalogue.clerk import (
    CaseVerified,
    CustomerAssigned,
    DuplicateDismissed,
    EntitlementDecided,
    ExcludedCause,
    VerificationRejected,
)
from aftercare_events.decider import Refused

from .case_state import CaseState, require_open
from .entitlement import with_cause
from .policy import Terms
from .report import check_severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """Who asked may speak for the customer (IN-08); `assigned` where the customer was not known,
    or is another one, and `contact_id` where she is a contact of theirs from now on."""

    assigned: CustomerAssigned | None = None
    severity: str | None = None
    terms: Terms | None = None
    contact_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Who asked may not speak for the customer; the reason says what came of it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideEntitlement:
    """A named person marks a cause that the contract excludes (IN-10), or with None takes the
    mark back; `entitlement` is that of the day of the report."""

    entitlement: Entitlement
    cause: ExcludedCause | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissDuplicate:
    other: str
    reason: str | None = None


Command = Verify | Reject | DecideEntitlement | DismissDuplicate


def decide(command: Command, state: CaseState) -> Sequence[msgspec.Struct]:
    """The events that follow. Raises Refused."""
    match command:
        case Verify():
            return _verify(command, state)
        case Reject():
            return _reject(command, state)
        case DecideEntitlement():
            return _decide_entitlement(command, state)
        case DismissDuplicate():
            return _dismiss(command, state)
        case _:
            assert_never(command)


def _verify(command: Verify, state: CaseState) -> list[msgspec.Struct]:
    _require_held(state)
    if command.assigned is None and not state.customer_id:
        raise Refused("customer-missing", "Nobody knows yet whose case it is.", "customer_id")
    severity = command.severity or state.severity
    check_severity(severity, command.terms)
    events: list[msgspec.Struct] = []
    if severity is not None and severity != state.severity:
        events.append(
            SeverityChanged(
                case_id=state.case_id,
                severity=severity,
                previous=state.severity,
                reason=command.reason,
            )
        )
    if command.assigned is not None:
        events.append(replace(command.assigned, reason=command.reason))
    verified = CaseVerified(
        case_id=state.case_id, contact_id=command.contact_id, reason=command.reason
    )
    return [*events, verified]


def _reject(command: Reject, state: CaseState) -> list[msgspec.Struct]:
    """The case ends: its clocks stop, and nobody is sent any more."""
    _require_held(state)
    return [
        VerificationRejected(case_id=state.case_id, reason=command.reason),
        CaseWithdrawn(case_id=state.case_id, reason=command.reason),
    ]


def _decide_entitlement(command: DecideEntitlement, state: CaseState) -> list[EntitlementDecided]:
    """Also once it is closed: who pays is often settled last."""
    if state.ended in ("merged", "withdrawn"):
        require_open(state)
    if command.cause == state.excluded:
        return []
    return [
        EntitlementDecided(
            case_id=state.case_id,
            entitlement=with_cause(command.entitlement, command.cause),
            cause=command.cause,
            reason=command.reason,
        )
    ]


def _dismiss(command: DismissDuplicate, state: CaseState) -> list[DuplicateDismissed]:
    if command.other == state.case_id:
        raise Refused("duplicate-of-itself", "A case is no duplicate of itself.", "other")
    return [DuplicateDismissed(case_id=state.case_id, other=command.other, reason=command.reason)]


def _require_held(state: CaseState) -> None:
    require_open(state)
    if state.held_for is None:
        raise Refused("not-held", "Who asked was verified already, or needed no verification.")
