"""What each breach costs under the cap of its contract, and why (SL-10)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sla_monitor.domain.liability import Accrual, Charge, Liable, amount, charged, summed
from sla_monitor.domain.liability_text import derivation

SHANGHAI = ZoneInfo("Asia/Shanghai")
WHEN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def breach(position: int = 1, *, withdrawn: bool = False, **changes: Any) -> Accrual:
    values: dict[str, Any] = {
        "position": position,
        "case_id": f"C{position}",
        "clock": "restore",
        "cycle": 1,
        "percent": Decimal(2),
        "max_percent": Decimal(5),
        "clause": "6.2",
        "accrued_at": WHEN,
        "withdrawn_at": WHEN if withdrawn else None,
        "due_at": WHEN,
        "breached_at": WHEN,
        "policy": "software-maintenance",
        "policy_version": 1,
        "contract_id": "K1",
    }
    return Accrual(**values | changes)


def counted(*accruals: Accrual) -> list[tuple[Decimal, str]]:
    return [(charge.applied, charge.why) for charge in charged(accruals)]


def test_breaches_count_in_full_until_the_cap_and_then_what_is_left() -> None:
    assert counted(breach(1), breach(2), breach(3), breach(4)) == [
        (2, "in_full"),
        (2, "in_full"),
        (1, "capped"),
        (0, "capped"),
    ]


def test_withdrawn_breach_leaves_its_share_to_those_that_follow() -> None:
    assert counted(breach(1), breach(2, withdrawn=True), breach(3), breach(4)) == [
        (2, "in_full"),
        (0, "withdrawn"),
        (2, "in_full"),
        (1, "capped"),
    ]


def test_each_contract_has_its_own_cap() -> None:
    found = counted(breach(1), breach(2), breach(3, contract_id="K2"), breach(4))
    assert found[2:] == [(2, "in_full"), (1, "capped")]


def test_without_a_contract_the_cap_is_that_of_customer_and_policy() -> None:
    nameless = {"contract_id": None, "customer_id": "CU1", "percent": Decimal(4)}
    other = {**nameless, "policy": "it-integration"}
    found = counted(breach(1, **nameless), breach(2, **other), breach(3, **nameless))
    assert found == [(4, "in_full"), (4, "in_full"), (1, "capped")]


def test_sum_tells_what_would_be_owed_without_the_cap() -> None:
    sums = summed(charged([breach(1), breach(2), breach(3), breach(4, withdrawn=True)]))
    total = sums[Liable("K1", None, None)]
    assert (total.breaches, total.withdrawn) == (4, 1)
    assert (total.percent_due, total.percent_applied, total.max_percent) == (6, 5, 5)


percents = st.decimals(0, 3, places=2)


@given(st.lists(st.tuples(percents, st.booleans()), max_size=20))
def test_applied_is_the_smaller_of_cap_and_sum(breaches: list[tuple[Decimal, bool]]) -> None:
    accruals = [
        breach(at, percent=percent, withdrawn=withdrawn)
        for at, (percent, withdrawn) in enumerate(breaches, start=1)
    ]
    standing = sum((percent for percent, withdrawn in breaches if not withdrawn), Decimal(0))
    applied = sum((charge.applied for charge in charged(accruals)), Decimal(0))
    assert applied == min(standing, Decimal(5))


def test_amount_is_rounded_half_up_to_hundredths() -> None:
    assert amount(Decimal("0.5"), Decimal(860001)) == Decimal("4300.01")


def charge(*accruals: Accrual) -> Charge:
    return list(charged(accruals))[-1]


def test_derivation_names_promise_times_clause_rate_sum_and_cap() -> None:
    assert derivation(charge(breach(1), breach(2)), SHANGHAI, "en") == (
        "Promise `restore` (cycle 1) of case C2 under software-maintenance v1; "
        "due 2026-11-02 10:00:00, broken 2026-11-02 10:00:00; clause: 6.2; "
        "2 % of the contract price a breach; "
        "2 % before, so 2 % counts and the sum is 4 % of 5 %"
    )


def test_derivation_says_why_a_breach_does_not_count_in_full() -> None:
    capped = derivation(charge(breach(1), breach(2), breach(3)), SHANGHAI, "zh")
    assert capped.endswith("此前累计 4%，上限 5%，本次只计 1%")
    withdrawn = derivation(charge(breach(1), breach(2, withdrawn=True)), SHANGHAI, "zh")
    assert withdrawn.endswith("已于 2026-11-02 10:00:00 撤销，本次不计，累计仍为 2%")
