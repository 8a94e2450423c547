"""DP-15: the three guarantees are recognised with their evidence, and decided by a person."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue import warranty as w
from aftercare_events.decider import Refused
from dispatch.domain import guarantee
from dispatch.domain.contract_terms import ThreeGuarantees

RULE = ThreeGuarantees()
FAILED = date(2026, 11, 2)
DAY = timedelta(days=1)
EARLY = w.GuaranteeProposed(
    guarantee_id="G-CASE-9-1-E",
    case_id="CASE-9",
    device_id="D-1",
    ground="early_failure",
    remedy="exchange_or_repair",
    failed_on=FAILED,
    counted_from=FAILED - 10 * DAY,
    day=10,
)


def failure(**changes: Any) -> guarantee.Failure:
    fields: dict[str, Any] = {
        "case_id": "CASE-9",
        "cycle": 1,
        "device_id": "D-1",
        "failed_on": FAILED,
    }
    return guarantee.Failure(**(fields | changes))


def repair(days_before: int, case_id: str = "CASE-1") -> w.RepairMade:
    return w.RepairMade(case_id=case_id, repaired_on=FAILED - days_before * DAY)


def recognised(**changes: Any) -> list[w.GuaranteeProposed]:
    return list(guarantee.recognise(RULE, failure(**changes)))


def test_failure_in_the_second_week_is_exchanged_or_repaired() -> None:
    assert recognised(counted_from=FAILED - 10 * DAY) == [EARLY]


@given(st.integers(-30, 60))
def test_only_days_eight_to_fifteen_after_acceptance_count(day: int) -> None:
    found = recognised(counted_from=FAILED - day * DAY)
    assert [one.ground for one in found] == (["early_failure"] if 8 <= day <= 15 else [])


def test_two_repairs_within_a_year_that_did_not_help_are_a_free_replacement() -> None:
    first, second = repair(200, "CASE-1"), repair(90, "CASE-2")
    [said] = recognised(repairs=[second, first])
    assert said == w.GuaranteeProposed(
        guarantee_id="G-CASE-9-1-R",
        case_id="CASE-9",
        device_id="D-1",
        ground="two_repairs",
        remedy="replacement",
        failed_on=FAILED,
        repairs=(first, second),
    )


def test_one_repair_or_one_too_long_ago_is_no_ground() -> None:
    assert recognised(repairs=[repair(90)]) == []
    assert recognised(repairs=[repair(366), repair(90)]) == []
    assert recognised(repairs=[repair(365), repair(90)])


def test_repairs_of_the_device_that_was_replaced_do_not_count() -> None:
    repairs = [repair(200), repair(90)]
    assert recognised(repairs=repairs, counted_from=FAILED - 100 * DAY) == []
    assert recognised(repairs=repairs, counted_from=FAILED - 300 * DAY)


@given(st.lists(st.integers(0, 900), max_size=6))
def test_replacement_is_proposed_exactly_where_the_last_two_repairs_lie_within_the_year(
    days: list[int],
) -> None:
    found = recognised(repairs=[repair(one, f"CASE-{one}") for one in days])
    last_two = sorted(days)[:2]
    assert bool(found) == (len(last_two) == 2 and max(last_two) <= 365)
    for said in found:
        assert [(FAILED - one.repaired_on).days for one in said.repairs] == last_two[::-1]


def test_year_after_a_leap_day_ends_in_february() -> None:
    assert guarantee.a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


PROPOSED = guarantee.evolve(guarantee.INITIAL, EARLY)


def refusal(command: guarantee.Command, state: guarantee.GuaranteeState) -> str:
    with pytest.raises(Refused) as refused:
        guarantee.decide(command, state)
    return refused.value.code


def test_it_is_proposed_once() -> None:
    propose = guarantee.Propose(said=EARLY)
    assert guarantee.decide(propose, guarantee.INITIAL) == [EARLY]
    assert guarantee.decide(propose, PROPOSED) == []


def test_person_grants_one_of_the_remedies_proposed() -> None:
    accept = guarantee.Accept(guarantee_id=EARLY.guarantee_id, remedy="exchange")
    [accepted] = guarantee.decide(accept, PROPOSED)
    assert accepted == w.GuaranteeAccepted(
        guarantee_id=EARLY.guarantee_id, case_id="CASE-9", device_id="D-1", remedy="exchange"
    )
    granted = guarantee.evolve(PROPOSED, accepted)
    assert refusal(accept, granted) == "guarantee-accepted"
    either = guarantee.Accept(guarantee_id=EARLY.guarantee_id)
    assert refusal(either, PROPOSED) == "remedy-not-proposed"
    other = guarantee.Accept(guarantee_id=EARLY.guarantee_id, remedy="replacement")
    assert refusal(other, PROPOSED) == "remedy-not-proposed"


def test_refusal_says_why_and_is_final() -> None:
    refuse = guarantee.Refuse(guarantee_id=EARLY.guarantee_id, reason="dropped by the customer")
    [refused] = guarantee.decide(refuse, PROPOSED)
    state = guarantee.evolve(PROPOSED, refused)
    assert (state.stage, state.reason) == ("refused", "dropped by the customer")
    assert refusal(guarantee.Accept(guarantee_id="G"), state) == "guarantee-refused"
    assert refusal(refuse, guarantee.INITIAL) == "guarantee-unknown"
