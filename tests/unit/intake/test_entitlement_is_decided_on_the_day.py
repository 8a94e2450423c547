from datetime import date
from typing import Any

import pytest

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded
from intake.domain.entitlement import (
    HANDOVER_FILE,
    add_months,
    choose_contract,
    decide_entitlement,
    warranty_end,
)
from intake.domain.policy import Terms, Warranty
from intake.domain.warranty import Extension, WarrantyChanges

DAY = date(2026, 11, 2)
TERMS = Terms(policy="equipment-warranty", version=1, warranty=(Warranty(2),))


def contract(**changes: Any) -> ContractRecorded:
    values: dict[str, Any] = {
        "contract_id": "CT-1",
        "customer_id": "C-1",
        "policy": "equipment-warranty",
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2027, 12, 31),
    }
    return ContractRecorded(**(values | changes))


def device(**changes: Any) -> DeviceRecorded:
    values: dict[str, Any] = {
        "device_id": "D-1",
        "customer_id": "C-1",
        "site_id": "S-1",
        "accepted_on": date(2025, 1, 1),
    }
    return DeviceRecorded(**(values | changes))


def decided(
    held: ContractRecorded | None,
    faulty: DeviceRecorded | None,
    terms: Terms | None = TERMS,
    day: date = DAY,
    *,
    free: bool = False,
) -> tuple[bool, bool, bool, tuple[str, ...]]:
    said = decide_entitlement(held, faulty, "S-1", terms, day, free=free)
    return said.covered, said.in_warranty, said.chargeable, said.reasons


def test_device_in_warranty_costs_nothing() -> None:
    assert decided(contract(), device()) == (
        True,
        True,
        False,
        ("contract-in-force", "covered-by-contract", "in-warranty"),
    )


def test_no_contract_is_served_and_charged() -> None:
    assert decided(None, device()) == (False, False, True, ("no-contract",))


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (contract(starts_on=date(2026, 11, 3)), "contract-not-started"),
        (contract(ends_on=date(2026, 11, 1)), "contract-expired"),
        (contract(handover_required=True), "handover-file-incomplete"),
        (
            contract(handover_required=True, handover=("project_plan", "acceptance_report")),
            "handover-file-incomplete",
        ),
    ],
)
def test_contract_out_of_force_is_charged(held: ContractRecorded, reason: str) -> None:
    covered, in_warranty, chargeable, reasons = decided(held, device())
    assert (covered, in_warranty, chargeable) == (False, False, True)
    assert reasons[0] == reason


@pytest.mark.parametrize(
    "held",
    [
        contract(starts_on=DAY, ends_on=DAY),
        contract(ends_on=None),
        contract(handover_required=True, handover=tuple(HANDOVER_FILE)),
    ],
)
def test_contract_is_in_force_on_its_first_and_last_day(held: ContractRecorded) -> None:
    assert decided(held, device())[3][0] == "contract-in-force"


def test_device_that_the_contract_leaves_out_is_charged() -> None:
    covered, _, chargeable, reasons = decided(contract(devices=("D-2",)), device())
    assert (covered, chargeable) == (False, True)
    assert "device-not-covered" in reasons


def test_device_is_covered_with_its_site() -> None:
    assert decided(contract(sites=("S-1",)), device())[0]


@pytest.mark.parametrize(
    ("day", "in_warranty"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)]
)
def test_warranty_ends_the_day_before_its_anniversary(day: date, *, in_warranty: bool) -> None:
    assert decided(contract(), device(), day=day)[1] is in_warranty


def test_replacement_starts_the_warranty_anew() -> None:
    replaced = device(accepted_on=date(2020, 1, 1), warranty_from=date(2026, 1, 1))
    assert decided(contract(), replaced)[1]


def test_waits_add_days_to_the_warranty_that_ran_then() -> None:
    """DP-13: those before a replacement were another device's."""
    waits = [Extension(date(2025, 6, 1), 100), Extension(date(2026, 6, 1), 20)]
    assert warranty_end(device(), TERMS, WarrantyChanges(extensions=waits)) == date(2027, 5, 1)
    anew = WarrantyChanges(date(2026, 1, 1), waits)
    assert warranty_end(device(), TERMS, anew) == date(2028, 1, 21)


def test_later_of_two_beginnings_counts() -> None:
    """DP-14: the archive may know of a newer device than the last repair did."""
    renewed = device(warranty_from=date(2026, 6, 1))
    assert warranty_end(renewed, TERMS, WarrantyChanges(date(2026, 1, 1))) == date(2028, 6, 1)


def test_term_follows_the_category_of_the_device() -> None:
    terms = Terms(
        policy="portal-operations",
        version=1,
        warranty=(
            Warranty(3, "final_acceptance", "hardware"),
            Warranty(1, "final_acceptance", "software"),
        ),
    )
    accepted = date(2025, 6, 1)
    assert decided(contract(), device(category="hardware", accepted_on=accepted), terms)[1]
    assert not decided(contract(), device(category="software", accepted_on=accepted), terms)[1]


@pytest.mark.parametrize(
    ("category", "years"), [("hardware", 4), ("software", 2), ("lighting", 6), (None, 6)]
)
def test_last_rule_that_fits_counts(category: str | None, years: int) -> None:
    """A rule without a category is for all others, wherever it stands."""
    rules = (
        Warranty(3, category="hardware"),
        Warranty(5),
        Warranty(4, category="hardware"),
        Warranty(6),
        Warranty(2, category="software"),
    )
    rule = Terms(policy="p", version=1, warranty=rules).warranty_of(category)
    assert rule is not None
    assert rule.years == years


def test_between_the_two_acceptances_nothing_is_charged() -> None:
    waiting = device(accepted_on=None, preliminarily_accepted_on=date(2026, 10, 1))
    covered, in_warranty, chargeable, reasons = decided(contract(), waiting)
    assert (covered, in_warranty, chargeable) == (True, True, False)
    assert "before-final-acceptance" in reasons


def test_warranty_from_preliminary_acceptance_ends_without_the_final_one() -> None:
    terms = Terms(policy="p", version=1, warranty=(Warranty(1, "preliminary_acceptance"),))
    waiting = device(accepted_on=None, preliminarily_accepted_on=date(2025, 11, 2))
    assert decided(contract(), waiting, terms, date(2026, 11, 1))[1:3] == (True, False)
    assert decided(contract(), waiting, terms, date(2026, 11, 2))[1:3] == (False, True)


@pytest.mark.parametrize(
    ("faulty", "terms", "reason"),
    [
        (None, TERMS, "device-not-named"),
        (device(), None, "policy-not-known-yet"),
        (device(accepted_on=None), TERMS, "warranty-not-known"),
    ],
)
def test_what_is_not_known_is_said_and_not_charged(
    faulty: DeviceRecorded | None, terms: Terms | None, reason: str
) -> None:
    covered, in_warranty, chargeable, reasons = decided(contract(), faulty, terms)
    assert (covered, in_warranty, chargeable) == (True, False, False)
    assert reason in reasons


def test_free_help_stays_free_after_the_warranty() -> None:
    old = device(accepted_on=date(2020, 1, 1))
    assert decided(contract(), old)[2]
    assert not decided(contract(), old, free=True)[2]


@pytest.mark.parametrize(
    ("kind", "channel", "free"),
    [("question", "phone", True), ("question", "email", False), ("fault", "phone", False)],
)
def test_phone_advice_is_a_question_by_phone(kind: Any, channel: Any, *, free: bool) -> None:
    terms = Terms(policy="p", version=1, free=frozenset({"phone_advice"}))
    assert terms.is_free(kind, channel) is free


def test_contract_in_force_goes_before_a_lapsed_one() -> None:
    lapsed = contract(contract_id="CT-0", ends_on=date(2026, 1, 1), starts_on=date(2026, 1, 1))
    current = contract()
    assert choose_contract([lapsed, current], device(), "S-1", DAY) == current


def test_contract_that_names_the_device_goes_before_a_general_one() -> None:
    general = contract(contract_id="CT-9", starts_on=date(2026, 6, 1))
    narrow = contract(devices=("D-1",))
    assert choose_contract([general, narrow], device(), "S-1", DAY) == narrow


def test_last_contract_serves_when_all_lapsed() -> None:
    older = contract(contract_id="CT-0", starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    newer = contract(starts_on=date(2022, 1, 1), ends_on=date(2023, 1, 1))
    assert choose_contract([newer, older], device(), "S-1", DAY) == newer


def test_only_contract_serves_also_when_it_lapsed_and_names_another_device() -> None:
    lapsed = contract(devices=("D-2",), ends_on=date(2025, 12, 31))
    assert choose_contract([lapsed], device(), "S-1", DAY) == lapsed


def test_no_contract_is_chosen_where_there_is_none() -> None:
    assert choose_contract([], device(), "S-1", DAY) is None


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 12, 29), 2, date(2026, 2, 28)),
        (date(2025, 12, 28), 2, date(2026, 2, 28)),
        (date(2025, 1, 1), 24, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end
