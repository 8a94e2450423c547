"""DP-09: what cannot be solved on the spot goes to experts or a vendor, and comes back."""

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import work as w
from dispatch.domain import commands as cmd
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

PASSED = c.EscalatedToExpert(case_id=CASE, target="vendor-9", kind="vendor")
BACK = w.TakenBack(case_id=CASE)
take_back = cmd.TakeBack(case_id=CASE, at=at(60))


def test_hand_over_says_to_whom_and_who_knows_of_it() -> None:
    passed = c.EscalatedToExpert(
        case_id=CASE, target="vendor-9", kind="vendor", lead="E-LEAD", customer_told=True
    )
    command = cmd.EscalateToExpert(
        case_id=CASE, at=at(60), target="vendor-9", kind="vendor", lead="E-LEAD", customer_told=True
    )
    Given(reported(), assigned()).when(command).then(passed)
    Given(reported(), assigned(), passed).when(command).refused("already-handed-over")
    state = after(reported(), assigned(), passed)
    (held,) = state.work.hand_overs
    assert (state.holder, state.held_since) == ("vendor-9", at(20))
    assert (held.customer_told_at, held.lead, held.lead_told_at) == (at(20), "E-LEAD", at(20))


def test_customer_and_lead_may_be_told_afterwards() -> None:
    tell = cmd.TellOfHandOver(case_id=CASE, at=at(60), whom="customer")
    told = w.HandOverTold(case_id=CASE, whom="customer")
    reported_up = w.HandOverTold(case_id=CASE, whom="lead", lead="E-LEAD")
    Given(reported(), assigned()).when(tell).refused("not-handed-over")
    Given(reported(), assigned(), PASSED).when(tell).then(told)
    (held,) = after(reported(), assigned(), PASSED, told, reported_up).work.hand_overs
    assert (held.customer_told_at, held.lead_told_at, held.lead) == (at(30), at(40), "E-LEAD")


def test_report_to_the_lead_names_them() -> None:
    tell = cmd.TellOfHandOver(case_id=CASE, at=at(60), whom="lead")
    Given(reported(), assigned(), PASSED).when(tell).refused("lead-required")


def test_case_given_back_is_with_the_engineer_again() -> None:
    Given(reported(), assigned()).when(take_back).refused("not-handed-over")
    Given(reported(), assigned("E-1"), PASSED).when(take_back).then(BACK)
    state = after(reported(), assigned("E-1"), PASSED, BACK)
    assert (state.holder, state.wanted) == ("E-1", None)
    assert state.work.hand_overs[0].given_back_at == at(30)


def test_case_given_back_to_nobody_looks_for_somebody() -> None:
    state = after(reported(), assigned("E-1"), PASSED, c.CaseDeclined(case_id=CASE), BACK)
    assert (state.holder, state.wanted) == (None, "onsite")


def test_nobody_is_looked_for_while_experts_have_a_waiting_case() -> None:
    """DP-09: whoever would fit does not end the hand-over."""
    state = after(reported(), c.EscalatedToExpert(case_id=CASE, target="network-experts"))
    assert (state.holder, state.wanted, state.wanted_since) == ("network-experts", None, None)
    back = after(reported(), PASSED, BACK)
    assert (back.holder, back.wanted, back.wanted_since) == (None, "hotline", at(20))


def test_experts_keep_the_case_that_its_engineer_gives_up() -> None:
    """DP-09."""
    state = after(reported(), assigned("E-1"), PASSED, c.CaseDeclined(case_id=CASE))
    assert (state.holder, state.assignment, state.wanted) == ("vendor-9", None, None)


def test_case_given_to_an_engineer_while_experts_have_it_ends_the_hand_over() -> None:
    """DP-09: on record, with the time."""
    state = after(reported(), PASSED, assigned("E-1"))
    (held,) = state.work.hand_overs
    assert (state.holder, held.given_back_at) == ("E-1", at(20))
