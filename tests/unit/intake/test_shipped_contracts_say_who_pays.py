"""Each shipped contract decides who is entitled to what, day by day (IN-10, IN-15)."""

from datetime import date, timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded
from aftercare_events.catalogue.case import Channel, Entitlement, Kind
from aftercare_events.catalogue.sla import PolicyPublished
from intake.domain.entitlement import decide_entitlement
from intake.domain.policy import Terms
from intake.policy_document import terms_of
from sla_monitor.domain.policy import to_json
from sla_monitor.shipped import shipped_policies

S0, S1 = "software-maintenance", "equipment-warranty"
S2, S3, S4 = "portal-operations", "lighting-maintenance", "it-integration"
SHIPPED: dict[str, Terms] = {
    policy.name: terms_of(
        PolicyPublished(name=policy.name, version=policy.version, policy=to_json(policy))
    )
    for policy in shipped_policies()
}
ACCEPTED = date(2024, 3, 1)
AFTER = date(2030, 3, 1)
ONE_DAY = timedelta(days=1)
LAST_DAYS = [
    (S0, None, date(2025, 2, 28)),
    (S1, None, date(2026, 2, 28)),
    (S2, "hardware", date(2027, 2, 28)),
    (S2, "software", date(2025, 2, 28)),
    (S3, None, date(2026, 2, 28)),
    (S4, None, date(2029, 2, 28)),
]
PRICES = [
    (S0, ()),
    (S1, ("charge-at_cost",)),
    (S2, ("charge-at_cost", "discounted-expert_visit")),
    (S3, ("charge-at_cost",)),
    (S4, ("charge-discount",)),
]


def device(**changes: Any) -> DeviceRecorded:
    values: dict[str, Any] = {
        "device_id": "D-1",
        "customer_id": "C-1",
        "category": "hardware",
        "accepted_on": ACCEPTED,
    }
    return DeviceRecorded(**(values | changes))


def decided(
    policy: str,
    day: date,
    faulty: DeviceRecorded | None = None,
    kind: Kind = "fault",
    channel: Channel = "phone",
    **contract: Any,
) -> Entitlement:
    held: dict[str, Any] = {"contract_id": "CT-1", "customer_id": "C-1", "starts_on": ACCEPTED}
    terms = SHIPPED[policy]
    return decide_entitlement(
        ContractRecorded(policy=policy, **(held | contract)),
        faulty or device(),
        None,
        terms,
        day,
        free=terms.is_free(kind, channel),
    )


def test_every_shipped_contract_is_decided_here() -> None:
    assert {policy for policy, _, _ in LAST_DAYS} == {policy for policy, _ in PRICES}
    assert {policy for policy, _ in PRICES} == set(SHIPPED)


@pytest.mark.parametrize(("policy", "category", "last"), LAST_DAYS)
def test_warranty_holds_to_its_last_day(policy: str, category: str | None, last: date) -> None:
    faulty = device(category=category)
    for day, holds in ((last - ONE_DAY, True), (last, True), (last + ONE_DAY, False)):
        said = decided(policy, day, faulty)
        assert (said.covered, said.in_warranty, said.chargeable) == (True, holds, not holds), day
        assert said.reasons[2] == ("in-warranty" if holds else "warranty-expired"), day


@pytest.mark.parametrize(("policy", "price"), PRICES)
def test_service_out_of_warranty_says_how_it_is_charged(
    policy: str, price: tuple[str, ...]
) -> None:
    said = decided(policy, AFTER)
    assert (said.covered, said.chargeable) == (True, True)
    assert said.reasons[3:] == price
    assert decided(policy, ACCEPTED).reasons[3:] == ()


@pytest.mark.parametrize("policy", SHIPPED)
@pytest.mark.parametrize("day", [ACCEPTED, AFTER])
def test_only_equipment_warranty_advises_free_of_charge_by_phone(policy: str, day: date) -> None:
    advice = decided(policy, day, kind="question")
    fault = decided(policy, day, kind="fault")
    assert advice.chargeable is (fault.chargeable and policy != S1)
    assert ("free-of-charge" in advice.reasons) is (policy == S1)
    assert "free-of-charge" not in decided(policy, day, kind="question", channel="email").reasons


@pytest.mark.parametrize(
    ("day", "in_warranty"),
    [
        (ACCEPTED - ONE_DAY, False),
        (ACCEPTED, True),
        (AFTER, True),
    ],
)
def test_portal_is_served_from_preliminary_acceptance_on(day: date, *, in_warranty: bool) -> None:
    waiting = device(accepted_on=None, preliminarily_accepted_on=ACCEPTED)
    said = decided(S2, day, waiting, starts_on=ACCEPTED - ONE_DAY)
    assert (said.in_warranty, said.chargeable) == (in_warranty, False)
    assert said.reasons[2] == "before-final-acceptance"


def test_portal_counts_its_warranty_from_final_acceptance() -> None:
    portal = device(preliminarily_accepted_on=date(2023, 9, 1))
    assert decided(S2, date(2027, 2, 28), portal).in_warranty
    assert not decided(S2, date(2027, 3, 1), portal).in_warranty


@pytest.mark.parametrize("policy", SHIPPED)
@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        ({"starts_on": ACCEPTED + ONE_DAY}, "contract-not-started"),
        ({"ends_on": ACCEPTED - ONE_DAY}, "contract-expired"),
        ({"handover_required": True, "handover": ("project_plan",)}, "handover-file-incomplete"),
        ({"devices": ("D-2",)}, "device-not-covered"),
    ],
)
def test_whatever_the_contract_leaves_out_is_served_and_charged(
    policy: str, contract: dict[str, Any], reason: str
) -> None:
    said = decided(policy, ACCEPTED, **contract)
    assert (said.covered, said.in_warranty, said.chargeable) == (False, False, True)
    assert reason in said.reasons
