from datetime import UTC, date, datetime
from typing import Any

import pytest

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded, SiteRecorded
from aftercare_events.decider import Refused
from intake.domain.policy import Terms
from intake.domain.report import Found, Report, decide_report

CONTRACT = ContractRecorded(
    contract_id="CT-1",
    customer_id="C-1",
    policy="lighting-maintenance",
    policy_options={"hours": "5x8"},
    starts_on=date(2026, 1, 1),
)
SITE = SiteRecorded(
    site_id="S-1", customer_id="C-1", name="square", place="other", distance_km=148.0
)
DEVICE = DeviceRecorded(device_id="D-1", customer_id="C-1", category="lighting")
TERMS = Terms(policy="lighting-maintenance", version=3, severities=("urgent", "normal"))


def found(**changes: Any) -> Found:
    values: dict[str, Any] = {
        "fallback_policy": "it-integration",
        "customer_id": "C-1",
        "site": SITE,
        "device": DEVICE,
        "contract": CONTRACT,
        "terms": TERMS,
    }
    return Found(**(values | changes))


def report(**changes: Any) -> Report:
    values: dict[str, Any] = {
        "identity": "i",
        "body_digest": "d",
        "channel": "phone",
        "kind": "fault",
        "summary": "dark",
        "reported_at": datetime(2026, 11, 2, 1, tzinfo=UTC),
        "found": found(),
    }
    return Report(**(values | changes))


def test_case_carries_what_held_on_the_day() -> None:
    case = decide_report(report(severity="urgent"), "4F7K-Q2M9")
    assert case.case_id == "4F7K-Q2M9"
    assert (case.policy, case.policy_version) == ("lighting-maintenance", 3)
    assert case.policy_options == {"hours": "5x8"}
    assert (case.place, case.distance_km) == ("other", 148.0)
    assert (case.customer_id, case.site_id, case.device_id) == ("C-1", "S-1", "D-1")
    assert case.severity == "urgent"
    assert case.entitlement is not None
    assert case.entitlement.covered


def test_category_is_that_of_the_device_unless_said() -> None:
    assert decide_report(report(), "A").category == "lighting"
    assert decide_report(report(category="software"), "A").category == "software"


def test_severity_outside_the_scale_is_refused_with_its_field() -> None:
    with pytest.raises(Refused) as refusal:
        decide_report(report(severity="1"), "A")
    assert refusal.value.field == "severity"
    assert "urgent, normal" in refusal.value.detail


@pytest.mark.parametrize("terms", [None, Terms(policy="p", version=1)])
def test_any_severity_goes_while_no_scale_is_known(terms: Terms | None) -> None:
    assert decide_report(report(severity="7", found=found(terms=terms)), "A").severity == "7"


def test_unknown_customer_runs_the_fallback_clocks_and_is_held() -> None:
    unknown = Found(fallback_policy="it-integration", held_for="unknown-contact")
    case = decide_report(report(found=unknown), "A")
    assert case.policy == "it-integration"
    assert case.held_for == "unknown-contact"
    assert case.customer_id == ""
    assert case.entitlement is not None
    assert not case.entitlement.covered


def test_the_day_is_that_of_the_provider() -> None:
    last_day = found(
        contract=ContractRecorded(
            contract_id="CT-1",
            customer_id="C-1",
            policy="p",
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 11, 2),
        )
    )
    evening = datetime(2026, 11, 2, 15, 59, tzinfo=UTC)
    midnight = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
    covered = [
        decide_report(report(found=last_day, reported_at=at), "A").entitlement
        for at in (evening, midnight)
    ]
    assert [entitlement.covered for entitlement in covered if entitlement] == [True, False]
