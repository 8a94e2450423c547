"""Who asked is verified or rejected (IN-08); excluded causes are marked, never refused (IN-10)."""

from typing import Any

import pytest
from msgspec.structs import replace

from aftercare_events.catalogue.case import (
    CaseClosed,
    CaseMerged,
    CaseReported,
    CaseWithdrawn,
    Entitlement,
    SeverityChanged,
)
from aftercare_events.catalogue.clerk import (
    CaseVerified,
    CustomerAssigned,
    DuplicateDismissed,
    EntitlementDecided,
    ExcludedCause,
    VerificationRejected,
)
from aftercare_events.testing import spec
from intake.domain.case import DECIDER
from intake.domain.clerk import DecideEntitlement, DismissDuplicate, Reject, Verify
from intake.domain.policy import Terms

CASE = "4F7K-Q2M9"
FREE = Entitlement(covered=True, in_warranty=True, chargeable=False, reasons=("in-warranty",))
FOUND = CustomerAssigned(case_id=CASE, customer_id="C-1", policy="lighting-maintenance")
SCALE = Terms(policy="lighting-maintenance", version=1, severities=("urgent", "normal"))


def reported(**changes: Any) -> CaseReported:
    values: dict[str, Any] = {
        "case_id": CASE,
        "kind": "fault",
        "channel": "email",
        "policy": "it-integration",
        "severity": "3",
        "held_for": "unknown-contact",
    }
    return CaseReported(**(values | changes))


def marked(cause: ExcludedCause | None, reason: str = "water in it") -> DecideEntitlement:
    return DecideEntitlement(entitlement=FREE, cause=cause, reason=reason)


def decided(cause: ExcludedCause | None) -> EntitlementDecided:
    entitlement = FREE
    if cause:
        entitlement = Entitlement(
            covered=True, in_warranty=True, chargeable=True, reasons=("in-warranty", cause)
        )
    return EntitlementDecided(
        case_id=CASE, entitlement=entitlement, cause=cause, reason="water in it"
    )


def test_known_customer_is_verified_by_a_word() -> None:
    spec(DECIDER).given(reported(customer_id="C-1")).when(Verify(contact_id="P-1")).then(
        CaseVerified(case_id=CASE, contact_id="P-1")
    )


def test_customer_is_assigned_with_a_severity_of_their_own_scale() -> None:
    spec(DECIDER).given(reported()).when(
        Verify(assigned=FOUND, severity="urgent", terms=SCALE, reason="called back")
    ).then(
        SeverityChanged(case_id=CASE, severity="urgent", previous="3", reason="called back"),
        replace(FOUND, reason="called back"),
        CaseVerified(case_id=CASE, reason="called back"),
    )


def test_severity_of_another_scale_is_refused() -> None:
    spec(DECIDER).given(reported()).when(Verify(assigned=FOUND, terms=SCALE)).refused(
        "severity-not-in-scale", "severity"
    )


def test_nobodys_case_cannot_be_verified() -> None:
    spec(DECIDER).given(reported()).when(Verify()).refused("customer-missing", "customer_id")


def test_second_verification_is_refused() -> None:
    verified = CaseVerified(case_id=CASE)
    spec(DECIDER).given(reported(customer_id="C-1"), verified).when(Verify()).refused("not-held")
    spec(DECIDER).given(reported(held_for=None)).when(Reject(reason="x")).refused("not-held")


def test_rejected_case_ends() -> None:
    spec(DECIDER).given(reported()).when(Reject(reason="wrong company")).then(
        VerificationRejected(case_id=CASE, reason="wrong company"),
        CaseWithdrawn(case_id=CASE, reason="wrong company"),
    )


@pytest.mark.parametrize("cause", ["customer_fault", "force_majeure", "unnotified_change"])
def test_excluded_cause_makes_the_work_chargeable(cause: ExcludedCause) -> None:
    spec(DECIDER).given(reported()).when(marked(cause)).then(decided(cause))


def test_who_pays_may_be_settled_after_the_end() -> None:
    closed = CaseClosed(case_id=CASE)
    spec(DECIDER).given(reported(), closed).when(marked("customer_fault")).then(
        decided("customer_fault")
    )


def test_mark_is_taken_back_and_said_once() -> None:
    before = decided("customer_fault")
    spec(DECIDER).given(reported(), before).when(marked(None)).then(decided(None))
    spec(DECIDER).given(reported(), before).when(marked("customer_fault")).then()
    spec(DECIDER).given(reported()).when(marked(None)).then()


def test_case_that_goes_on_elsewhere_is_not_charged_here() -> None:
    spec(DECIDER).given(reported(), CaseMerged(case_id=CASE, into="X")).when(
        marked("customer_fault")
    ).refused("case-ended")


def test_two_cases_are_found_not_to_be_the_same() -> None:
    spec(DECIDER).given(reported()).when(DismissDuplicate(other="X", reason="two lamps")).then(
        DuplicateDismissed(case_id=CASE, other="X", reason="two lamps")
    )
