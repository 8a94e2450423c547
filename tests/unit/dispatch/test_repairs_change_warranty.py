"""DP-13, DP-14: long waits extend the warranty threefold, what was replaced starts anew."""

from datetime import date, timedelta
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import warranty as w
from aftercare_events.catalogue.sla import PolicyPublished
from dispatch.domain import warranty
from dispatch.domain.contract_terms import UNKNOWN, ThreeGuarantees, WaitingRule
from dispatch.policy_document import terms_of
from sla_monitor.domain.policy import to_json
from sla_monitor.shipped import shipped_policies
from support.dispatch_cases import CASE, after, at, recorded, reported

RULE = WaitingRule(over_days=30, factor=3)
DAY = timedelta(days=1)


def waited(span: timedelta) -> warranty.Extend:
    return warranty.Extend(
        device_id="D-1", case_id=CASE, began=at(0), ended=at(0) + span, rule=RULE
    )


def state(*facts: warranty.Fact) -> warranty.WarrantyState:
    return reduce(warranty.evolve, facts, warranty.INITIAL)


def restarted(day: date, **changes: Any) -> w.WarrantyRestarted:
    fields: dict[str, Any] = {"device_id": "D-1", "case_id": CASE, "cause": "replaced"}
    return w.WarrantyRestarted(starts_on=day, **(fields | changes))


def test_forty_days_of_waiting_extend_the_warranty_by_a_hundred_and_twenty() -> None:
    [extended] = warranty.decide(waited(40 * DAY), state())
    assert extended == w.WarrantyExtended(
        device_id="D-1",
        case_id=CASE,
        waited_from=at(0),
        waited_until=at(0) + 40 * DAY,
        over_days=30,
        factor=3,
        days=120,
    )
    assert warranty.decide(waited(40 * DAY), state(extended)) == []


def test_thirty_days_are_not_longer_than_a_month() -> None:
    assert warranty.decide(waited(30 * DAY), state()) == []
    [extended] = warranty.decide(waited(30 * DAY + timedelta(minutes=1)), state())
    assert isinstance(extended, w.WarrantyExtended)
    assert extended.days == 91


@given(st.integers(0, 400 * 24 * 60))
def test_extension_is_three_times_the_whole_wait_or_nothing(minutes: int) -> None:
    span = timedelta(minutes=minutes)
    facts: list[Any] = list(warranty.decide(waited(span), state()))
    assert bool(facts) == (span > 30 * DAY)
    for extended in facts:
        assert 3 * span <= extended.days * DAY < 3 * span + DAY


@pytest.mark.parametrize(
    ("what", "part"), [("device", None), ("key_part", "power supply"), ("part", "none at all")]
)
def test_devices_and_key_parts_start_anew_and_wear_parts_do_not(
    what: c.Replaced, part: str | None
) -> None:
    replaced = c.Replacement(what=what, name="power supply", serial="SN-9")
    command = warranty.restart_of(replaced, "D-1", CASE, date(2026, 11, 2))
    if what == "part":
        assert command is None
        return
    assert command is not None
    said = restarted(date(2026, 11, 2), part=part, serial="SN-9")
    assert warranty.decide(command, state()) == [said]
    assert warranty.decide(command, state(said)) == []


def test_new_part_leaves_the_warranty_of_the_device_as_it_was() -> None:
    first, part = date(2026, 11, 2), date(2027, 3, 1)
    assert state(restarted(first), restarted(part, part="board")).restarted_on == first
    assert state(restarted(part, part="board")).restarted_on is None


def test_wait_lasts_from_the_report_to_the_first_word_that_it_works() -> None:
    case = after(
        reported(device_id="D-1"),
        c.ServiceRestored(case_id=CASE),
        recorded(),
        c.CaseResolved(case_id=CASE),
        c.CaseReopened(case_id=CASE),
        c.CaseResolved(case_id=CASE),
    )
    assert [(one.began, one.ended) for one in case.repairs] == [(at(0), at(10)), (at(40), at(50))]


def test_contract_says_what_extends_and_what_starts_anew() -> None:
    terms = terms_of(
        PolicyPublished(
            name="p",
            version=1,
            policy={
                "terms": {
                    "waiting_for_repair": {"over_days": 20, "extends_warranty_by_factor": 2},
                    "replaced_part_starts_new_warranty": "yes",
                    "three_guarantees": {"first_day": 1, "last_day": 7, "repairs": 3},
                }
            },
        )
    )
    assert terms.waiting == WaitingRule(over_days=20, factor=2)
    assert terms.replaced_starts_anew
    assert terms.guarantees == ThreeGuarantees(first_day=1, last_day=7, repairs=3)
    silent = terms_of(PolicyPublished(name="p", version=1, policy={}))
    assert (silent.waiting, silent.replaced_starts_anew, silent.guarantees) == (None, False, None)


@pytest.mark.parametrize(
    "said",
    [
        {"waiting_for_repair": "not too long", "loan_return_within_days": "soon"},
        {"three_guarantees": {"first_day": -1}, "replaced_part_starts_new_warranty": {"no": 1}},
        {"three_guarantees": [1], "waiting_for_repair": {"over_days": 10**9}},
    ],
)
def test_words_of_a_contract_that_mean_nothing_here_are_passed_over(said: dict[str, Any]) -> None:
    assert terms_of(PolicyPublished(name="p", version=1, policy={"terms": said})) == UNKNOWN


def test_shipped_contracts_promise_what_their_texts_say() -> None:
    """S1 and S4, read as they are published."""
    shipped = {
        policy.name: terms_of(
            PolicyPublished(name=policy.name, version=policy.version, policy=to_json(policy))
        )
        for policy in shipped_policies()
    }
    warranty_of, integration = shipped["equipment-warranty"], shipped["it-integration"]
    assert (warranty_of.spare, warranty_of.replaced_starts_anew) == ("during_repair", True)
    assert (integration.waiting, integration.guarantees) == (RULE, ThreeGuarantees())
    assert integration.spare == "restore_breached_and_use_affected"
    assert not integration.replaced_starts_anew
    assert integration.pauses == ("customer_unavailable", "no_site_access", "force_majeure")
