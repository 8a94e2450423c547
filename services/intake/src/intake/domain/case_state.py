"""A case as intake sees it: what was said of it folds into where it stands."""

from dataclasses import dataclass, replace
from typing import Any

from aftercare_events.catalogue.case import (
    CaseClosed,
    CaseMerged,
    CaseReclassified,
    CaseReopened,
    CaseReported,
    CaseWithdrawn,
    Group,
    Kind,
    PlannedWork,
    SeverityChanged,
)
from aftercare_events.catalogue.clerk import (
    CaseVerified,
    CustomerAssigned,
    EntitlementDecided,
    ExcludedCause,
    VerificationRejected,
)
from aftercare_events.decider import Refused

from .routing import group_of


@dataclass(frozen=True, slots=True)
class CaseState:
    """What the decisions below look at. `ended` is None while the case is open.

    `held_for` says why somebody has to verify who asked; `excluded` is the cause that a person
    marked as not covered. `group` handles the case as it is classified now (IN-04).
    """

    case_id: str = ""
    kind: Kind = "fault"
    severity: str | None = None
    category: str | None = None
    ended: str | None = None
    merged_into: str | None = None
    customer_id: str = ""
    held_for: str | None = None
    excluded: ExcludedCause | None = None
    work: PlannedWork | None = None
    group: Group | None = None
    use_affected: bool | None = None


def evolve(state: CaseState, event: Any) -> CaseState:
    match event:
        case CaseReported():
            return CaseState(
                case_id=event.case_id,
                kind=event.kind,
                severity=_text(event.severity),
                category=event.category,
                customer_id=event.customer_id,
                held_for=event.held_for,
                work=event.work,
                group=event.group
                or group_of(event.kind, event.category, _text(event.severity), event.work),
                use_affected=event.use_affected,
            )
        case SeverityChanged() | CaseReclassified() | CustomerAssigned():
            return _routed(_classified(state, event))
        case CaseVerified() | VerificationRejected():
            return replace(state, held_for=None)
        case EntitlementDecided():
            return replace(state, excluded=event.cause)
        case CaseWithdrawn() | CaseMerged() | CaseClosed() | CaseReopened():
            return _ended(state, event)
        case _:
            # What other services do to a case on its way changes nothing that is decided here.
            return state


def _classified(
    state: CaseState, event: SeverityChanged | CaseReclassified | CustomerAssigned
) -> CaseState:
    match event:
        case SeverityChanged():
            return replace(state, severity=_text(event.severity))
        case CaseReclassified():
            return replace(
                state,
                kind=event.kind or state.kind,
                category=event.category or state.category,
                use_affected=_latest(event.use_affected, state.use_affected),
            )
        case CustomerAssigned():
            return replace(
                state,
                customer_id=event.customer_id,
                category=event.category or state.category,
                excluded=None,
            )


def _latest(said: bool | None, known: bool | None) -> bool | None:
    return known if said is None else said


def _routed(state: CaseState) -> CaseState:
    """Another classification may be another group's."""
    group = group_of(state.kind, state.category, state.severity, state.work)
    return replace(state, group=group)


def _ended(
    state: CaseState, event: CaseWithdrawn | CaseMerged | CaseClosed | CaseReopened
) -> CaseState:
    match event:
        case CaseWithdrawn():
            return replace(state, ended="withdrawn")
        case CaseMerged():
            return replace(state, ended="merged", merged_into=event.into)
        case CaseClosed():
            return replace(state, ended="closed")
        case CaseReopened():
            return replace(state, ended=None)


def _text(severity: str | int | None) -> str | None:
    return None if severity is None else str(severity)


def require_open(state: CaseState) -> None:
    """Raises Refused where the case has ended."""
    if state.ended is not None:
        raise Refused("case-ended", f"This case was {state.ended} already.")
