"""DP-02, DP-16: hotline, remote, on site in turn, unless the contract says otherwise."""

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import PolicyPublished
from dispatch.domain.contract_terms import UNKNOWN, ContractTerms
from dispatch.domain.support import demanded, wanted_level
from dispatch.policy_document import terms_of
from sla_monitor.domain.policy import to_json
from sla_monitor.shipped import shipped_policies
from support.dispatch_cases import CASE, after, at, reported

TERMS = ContractTerms(severities=("1", "2"), at_once=("1",), staff_complaint_levels=(3, 5))
COMPLAINT = reported(kind="supervision_complaint", severity=None)


def published(**document: object) -> PolicyPublished:
    severities = [{"id": "worst"}, {"id": "least"}]
    return PolicyPublished(name="own", version=1, policy={"severities": severities, **document})


def test_every_shipped_contract_says_at_which_severity_somebody_is_sent_at_once() -> None:
    read = {
        policy.name: terms_of(
            PolicyPublished(name=policy.name, version=policy.version, policy=to_json(policy))
        )
        for policy in shipped_policies()
    }
    assert {name: terms.at_once for name, terms in read.items()} == {
        "software-maintenance": ("system_down",),
        "equipment-warranty": ("1",),
        "portal-operations": ("catastrophic",),
        "lighting-maintenance": ("urgent",),
        "it-integration": ("1",),
    }


def test_contract_that_says_nothing_means_its_worst_severity() -> None:
    assert terms_of(published()).at_once == ("worst",)
    assert terms_of(published(terms={"sent_at_once": []})).at_once == ()
    assert terms_of(published(terms={"sent_at_once": ["least"]})).at_once == ("least",)


def test_everything_begins_with_the_hotline_but_planned_work() -> None:
    assert after(reported(severity="1")).wanted == "hotline"
    assert after(reported(kind="upgrade", work="expansion")).wanted == "onsite"


@pytest.mark.parametrize(
    ("kind", "severity", "terms", "reason"),
    [
        ("fault", "1", TERMS, "severity"),
        ("fault", 1, TERMS, "severity"),
        ("fault", "2", TERMS, None),
        ("fault", "1", UNKNOWN, None),
        ("question", "1", TERMS, None),
    ],
)
def test_severity_says_whether_somebody_is_sent_at_once(
    kind: str, severity: str | int, terms: ContractTerms, reason: str | None
) -> None:
    assert demanded(reported(kind=kind, severity=severity), terms, 0) == reason
    assert demanded(reported(kind=kind, severity=severity, work="routine"), terms, 0) is None


def test_complaint_about_staff_brings_a_senior_one_and_then_a_leader() -> None:
    """DP-16: up to a leader on site; the levels are the contract's."""
    assert [wanted_level(COMPLAINT, TERMS, unsettled) for unsettled in range(4)] == [3, 5, 5, 5]
    assert [demanded(COMPLAINT, TERMS, unsettled) for unsettled in range(2)] == [
        None,
        "staff_complaint",
    ]
    assert wanted_level(reported(), TERMS, 3) == 1


def test_change_of_severity_is_looked_at_again() -> None:
    changed = c.SeverityChanged(case_id=CASE, severity="1")
    assert after(reported()).regraded_at is None
    assert after(reported(), changed).regraded_at == at(10)
