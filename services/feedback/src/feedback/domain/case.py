"""What feedback needs to know of a case: where it stands, and who had a hand in it."""

from datetime import datetime
from typing import Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from aftercare_events.sealing import Sealed

CaseStatus = Literal["open", "resolved", "closed", "withdrawn", "merged"]
CaseFact = (
    c.CaseReported
    | c.SeverityChanged
    | c.CaseReclassified
    | CustomerAssigned
    | c.CaseAssigned
    | c.CaseResolved
    | c.CaseReopened
    | c.CaseClosed
    | c.CaseWithdrawn
    | c.CaseMerged
    | c.CaseClosingHeld
    | CaseLoanReserved
    | CaseLoanEnded
)


class Handler(msgspec.Struct, frozen=True, omit_defaults=True):
    """An engineer who was ever sent to the case, and the department that was named with it."""

    engineer_id: str
    department: str | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`cycle` counts from 1 and grows with each reopening, as on the contract's clocks.

    `loans` are the spares lent for the case; with `closing_held` it closes when they are back.
    """

    status: CaseStatus = "open"
    cycle: int = 1
    policy: str = ""
    policy_version: int | None = None
    kind: str = ""
    severity: str | None = None
    customer_id: str = ""
    summary: str = ""
    contact: Sealed | None = None
    handlers: tuple[Handler, ...] = ()
    resolved_at: datetime | None = None
    resolution: str | None = None
    loans: tuple[str, ...] = ()
    closing_held: bool = False

    @property
    def engineer_id(self) -> str | None:
        """Whoever was sent last: the customer's answers are about this engineer."""
        return self.handlers[-1].engineer_id if self.handlers else None


INITIAL = Case()


def evolve(case: Case, fact: CaseFact, at: datetime) -> Case:
    """The case after `fact`, which happened at `at`. Never refuses: the log is right."""
    match fact:
        case c.CaseReported() | c.SeverityChanged() | c.CaseReclassified() | CustomerAssigned():
            return _described(case, fact)
        case c.CaseAssigned():
            return replace(case, handlers=_sent_last(case.handlers, fact))
        case CaseLoanReserved() | CaseLoanEnded():
            return replace(case, loans=_lent(case.loans, fact))
        case c.CaseResolved():
            return _resolved(case, fact, at)
        case c.CaseClosingHeld():
            return replace(case, closing_held=True)
        case c.CaseReopened() | c.CaseClosed() | c.CaseWithdrawn() | c.CaseMerged():
            return replace(_turned(case, fact), closing_held=False)
        case _:
            assert_never(fact)


def _turned(
    case: Case, fact: c.CaseReopened | c.CaseClosed | c.CaseWithdrawn | c.CaseMerged
) -> Case:
    match fact:
        case c.CaseReopened():
            return replace(case, status="open", cycle=case.cycle + 1, resolved_at=None)
        case c.CaseClosed():
            return replace(case, status="closed")
        case c.CaseWithdrawn():
            return replace(case, status="withdrawn")
        case c.CaseMerged():
            return replace(case, status="merged")
        case _:
            assert_never(fact)


def _lent(loans: tuple[str, ...], fact: CaseLoanReserved | CaseLoanEnded) -> tuple[str, ...]:
    others = tuple(loan for loan in loans if loan != fact.loan_id)
    return (*others, fact.loan_id) if isinstance(fact, CaseLoanReserved) else others


def _described(
    case: Case,
    fact: c.CaseReported | c.SeverityChanged | c.CaseReclassified | CustomerAssigned,
) -> Case:
    match fact:
        case c.CaseReported():
            return _reported(case, fact)
        case c.SeverityChanged():
            return replace(case, severity=str(fact.severity))
        case c.CaseReclassified():
            return replace(case, kind=fact.kind or case.kind)
        case CustomerAssigned():
            return replace(
                case,
                customer_id=fact.customer_id,
                policy=fact.policy,
                policy_version=fact.policy_version,
            )
        case _:
            assert_never(fact)


def _reported(case: Case, fact: c.CaseReported) -> Case:
    return replace(
        case,
        policy=fact.policy,
        policy_version=fact.policy_version,
        kind=fact.kind,
        severity=None if fact.severity is None else str(fact.severity),
        customer_id=fact.customer_id,
        summary=fact.summary,
        contact=fact.contact,
    )


def _resolved(case: Case, fact: c.CaseResolved, at: datetime) -> Case:
    if case.status != "open":
        return case
    return replace(case, status="resolved", resolved_at=at, resolution=fact.resolution)


def _sent_last(handlers: tuple[Handler, ...], fact: c.CaseAssigned) -> tuple[Handler, ...]:
    """Everybody once, the newest last; a department once named is not forgotten."""
    others = tuple(handler for handler in handlers if handler.engineer_id != fact.engineer_id)
    before = (h.department for h in handlers if h.engineer_id == fact.engineer_id)
    return (*others, Handler(fact.engineer_id, fact.department or next(before, None)))
