"""DP-20: travel, labour and parts at cost, to the cent, and who pays them."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import work as w
from aftercare_events.catalogue.warranty import (
    CaseGuaranteeGranted,
    GuaranteeAccepted,
    GuaranteeRefused,
)
from dispatch.domain import commands as cmd
from dispatch.domain import guarantee
from dispatch.domain.costs import is_charged, total_cents, totals
from support.dispatch_cases import CASE, Given, after, at, recorded, reported

PAID = c.Entitlement(covered=True, in_warranty=False, chargeable=True)
FREE = c.Entitlement(covered=True, in_warranty=True, chargeable=False)
FUSES = w.UsedPart(part_number="F-16A", quantity=3, unit_cents=1999)


def entry(number: int = 1, **changes: Any) -> w.CostsRecorded:
    said: dict[str, Any] = {
        "currency": "CNY",
        "charged": True,
        "travel_cents": 4550,
        "parts": (FUSES,),
    }
    return w.CostsRecorded(case_id=CASE, number=number, **(said | changes))


def charge(**changes: Any) -> cmd.RecordCosts:
    said: dict[str, Any] = {"currency": "CNY", "travel_cents": 4550, "parts": (FUSES,)}
    return cmd.RecordCosts(case_id=CASE, at=at(60), **(said | changes))


def test_sum_is_exact_and_kept_apart_by_currency_and_payer() -> None:
    entries = [entry(labour_cents=1), entry(2, currency="USD"), entry(3, charged=False)]
    assert total_cents(entries[0]) == 4550 + 1 + 3 * 1999
    assert totals(entries, charged=True) == {"CNY": 10548, "USD": 10547}
    assert totals(entries, charged=False) == {"CNY": 10547}


@pytest.mark.parametrize(
    ("entitlement", "options", "follow_up", "out_of_scope", "charged"),
    [
        (PAID, {}, False, False, True),
        (FREE, {}, False, False, False),
        (None, {}, False, False, False),
        (FREE, {}, False, True, True),
        (FREE, {"follow_up_visits": "charged"}, False, False, False),
        (FREE, {"follow_up_visits": "charged"}, True, False, True),
        (FREE, {"follow_up_visits": "free"}, True, False, False),
    ],
)
def test_contract_and_scope_say_who_pays(
    entitlement: Any, options: Any, follow_up: bool, out_of_scope: bool, charged: bool
) -> None:
    report = reported(entitlement=entitlement, policy_options=options)
    said = is_charged(report, follow_up=follow_up, out_of_scope=out_of_scope, guaranteed=False)
    assert said is charged
    granted = is_charged(report, follow_up=follow_up, out_of_scope=out_of_scope, guaranteed=True)
    assert granted is out_of_scope


GRANTED = CaseGuaranteeGranted(case_id=CASE, guarantee_id="G-1", remedy="repair")
ACCEPTED = GuaranteeAccepted(guarantee_id="G-1", case_id=CASE, device_id="D-1", remedy="repair")


def test_granted_guarantee_makes_the_work_free_before_and_after() -> None:
    """DP-15: what was entered as charged is said again; work out of scope stays paid."""
    extra = entry(2, scope=1)
    assert guarantee.free([ACCEPTED], [entry(), extra, entry(3, charged=False)]) == [
        GRANTED,
        entry(charged=False),
    ]
    Given(reported(entitlement=PAID), GRANTED).when(charge()).then(entry(charged=False))


def test_refused_guarantee_changes_no_costs() -> None:
    refused = GuaranteeRefused(guarantee_id="G-1", case_id=CASE, device_id="D-1", reason="dropped")
    assert guarantee.free([refused], [entry()]) == []


def test_costs_are_numbered_and_replaced() -> None:
    paid = reported(entitlement=PAID)
    Given(paid).when(charge()).then(entry())
    Given(paid, entry()).when(charge()).then(entry(2))
    Given(paid, entry()).when(charge(number=1, travel_cents=0)).then(entry(travel_cents=0))
    Given(paid, entry()).when(charge(number=2)).refused("costs-unknown")
    state = after(paid, entry(), entry(2), entry(travel_cents=0))
    assert [one.travel_cents for one in state.work.costs] == [0, 4550]


def test_second_visit_is_paid_where_the_contract_charges_follow_up_visits() -> None:
    charged = reported(entitlement=FREE, policy_options={"follow_up_visits": "charged"})
    Given(charged).when(charge()).then(entry(charged=False))
    Given(charged, entry(charged=False)).when(charge()).then(entry(2))


def test_costs_are_entered_until_the_case_is_closed() -> None:
    resolved = c.CaseResolved(case_id=CASE)
    assert Given(reported(), recorded(), resolved).when(charge()).decided()
    closed = (reported(), recorded(), resolved, c.CaseClosed(case_id=CASE))
    Given(*closed).when(charge()).refused("case-closed")
