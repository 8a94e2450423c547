from typing import Any

import pytest

from aftercare_events.catalogue.case import (
    CaseClosed,
    CaseMerged,
    CaseReclassified,
    CaseReopened,
    CaseReported,
    CaseTookOver,
    CaseWithdrawn,
    MessageAdded,
    SeverityChanged,
)
from aftercare_events.testing import spec
from intake.domain.case import DECIDER, AddMessage, Merge, Reclassify, Withdraw
from intake.domain.case_state import CaseState
from intake.domain.policy import Terms

CASE = "4F7K-Q2M9"
TERMS = Terms(policy="it-integration", version=1, severities=("1", "2", "3", "4"))


def reported(**changes: Any) -> CaseReported:
    values: dict[str, Any] = {
        "case_id": CASE,
        "kind": "fault",
        "channel": "phone",
        "policy": "it-integration",
        "severity": "3",
        "category": "device",
    }
    return CaseReported(**(values | changes))


def correction(**changes: Any) -> Reclassify:
    return Reclassify(**({"reason": "looked again", "terms": TERMS} | changes))


def test_severity_change_names_the_one_before() -> None:
    spec(DECIDER).given(reported()).when(correction(severity="1")).then(
        SeverityChanged(case_id=CASE, severity="1", previous="3", reason="looked again")
    )


def test_first_severity_has_none_before() -> None:
    spec(DECIDER).given(reported(severity=None)).when(correction(severity="2")).then(
        SeverityChanged(case_id=CASE, severity="2", previous=None, reason="looked again")
    )


def test_severity_outside_the_scale_is_refused() -> None:
    spec(DECIDER).given(reported()).when(correction(severity="9")).refused(
        "severity-not-in-scale", "severity"
    )


def test_that_use_is_affected_may_be_learned_later() -> None:
    """IN-07, DP-10: a loan at the breach depends on it."""
    learned = CaseReclassified(case_id=CASE, use_affected=True, reason="looked again")
    spec(DECIDER).given(reported()).when(correction(use_affected=True)).then(learned)
    spec(DECIDER).given(reported(), learned).when(correction(use_affected=True)).then()
    spec(DECIDER).given(reported(), learned).when(correction(use_affected=False)).then(
        CaseReclassified(case_id=CASE, use_affected=False, reason="looked again")
    )


def test_kind_and_category_change_together() -> None:
    spec(DECIDER).given(reported()).when(correction(kind="complaint", category="staff")).then(
        CaseReclassified(case_id=CASE, kind="complaint", category="staff", reason="looked again")
    )


def test_one_correction_may_say_both() -> None:
    spec(DECIDER).given(reported()).when(correction(severity="1", kind="question")).then(
        SeverityChanged(case_id=CASE, severity="1", previous="3", reason="looked again"),
        CaseReclassified(case_id=CASE, kind="question", reason="looked again"),
    )


def test_correction_to_what_it_is_says_nothing() -> None:
    facts = (reported(), SeverityChanged(case_id=CASE, severity="1"))
    spec(DECIDER).given(*facts).when(
        correction(severity="1", kind="fault", category="device")
    ).then()


def test_severity_given_as_a_number_is_the_same_severity() -> None:
    spec(DECIDER).given(reported(severity=3)).when(correction(severity="3")).then()


def test_withdrawn_case_stays_withdrawn() -> None:
    withdrawn = CaseWithdrawn(case_id=CASE, reason="solved itself")
    command = Withdraw(reason="solved itself")
    spec(DECIDER).given(reported()).when(command).then(withdrawn)
    spec(DECIDER).given(reported(), withdrawn).when(command).then()


@pytest.mark.parametrize(
    "end", [CaseClosed(case_id=CASE), CaseMerged(case_id=CASE, into="AAAA-BBBB")]
)
def test_ended_case_is_not_withdrawn(end: Any) -> None:
    spec(DECIDER).given(reported(), end).when(Withdraw()).refused("case-ended")


@pytest.mark.parametrize("end", [CaseClosed(case_id=CASE), CaseWithdrawn(case_id=CASE)])
def test_ended_case_is_not_corrected(end: Any) -> None:
    spec(DECIDER).given(reported(), end).when(correction(severity="1")).refused("case-ended")


def test_reopened_case_is_corrected_again() -> None:
    facts = (reported(), CaseClosed(case_id=CASE), CaseReopened(case_id=CASE))
    spec(DECIDER).given(*facts).when(correction(severity="1")).then(
        SeverityChanged(case_id=CASE, severity="1", previous="3", reason="looked again")
    )


def test_case_is_merged_once_and_both_sides_say_so() -> None:
    merged = CaseMerged(case_id=CASE, into="AAAA-BBBB")
    took_over = CaseTookOver(case_id="AAAA-BBBB", other=CASE)
    command = Merge(into=CaseState(case_id="AAAA-BBBB"))
    spec(DECIDER).given(reported()).when(command).then(took_over, merged)
    spec(DECIDER).given(reported(), merged).when(command).then()


@pytest.mark.parametrize(
    ("into", "code"),
    [
        (CaseState(), "case-unknown"),
        (CaseState(case_id=CASE), "merge-into-itself"),
        (CaseState(case_id="AAAA-BBBB", merged_into="CCCC-DDDD"), "merge-into-merged"),
        (CaseState(case_id="AAAA-BBBB", ended="withdrawn"), "merge-into-ended"),
        (CaseState(case_id="AAAA-BBBB", ended="closed"), "merge-into-ended"),
    ],
)
def test_merging_needs_another_case_that_goes_on(into: CaseState, code: str) -> None:
    spec(DECIDER).given(reported()).when(Merge(into=into)).refused(code, "into")


@pytest.mark.parametrize("end", [CaseClosed(case_id=CASE), CaseWithdrawn(case_id=CASE)])
def test_nothing_joins_a_case_that_nobody_works_on(end: Any) -> None:
    """IN-02."""
    command = AddMessage(channel="phone", identity="i", body_digest="d")
    spec(DECIDER).given(reported(), end).when(command).refused("case-ended")


def test_follow_up_joins_a_case_that_was_reopened() -> None:
    facts = (reported(), CaseClosed(case_id=CASE), CaseReopened(case_id=CASE))
    command = AddMessage(channel="phone", identity="i", body_digest="d")
    spec(DECIDER).given(*facts).when(command).then(
        MessageAdded(case_id=CASE, channel="phone", identity="i", body_digest="d")
    )


def test_follow_up_to_a_merged_case_is_sent_on() -> None:
    merged = CaseMerged(case_id=CASE, into="AAAA-BBBB")
    spec(DECIDER).given(reported(), merged).when(AddMessage(channel="phone", identity="i")).refused(
        "case-merged"
    )


@pytest.mark.parametrize(
    "command", [Withdraw(), correction(severity="1"), AddMessage(channel="web", identity="i")]
)
def test_unknown_case_is_refused(command: Any) -> None:
    spec(DECIDER).when(command).refused("case-unknown")
