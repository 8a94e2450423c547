"""DP-26: a partner who took a case says that they came, or loses it when they do not come."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import partner as p
from aftercare_events.catalogue import work as w
from dispatch.domain import commands as cmd
from dispatch.domain.case_state import status
from dispatch.todos import DUE, PARTNER_ANSWER, PARTNER_ONSITE
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

PROMISED = at(120)
PASSED = c.EscalatedToExpert(case_id=CASE, target="P-1", kind="vendor")
ASKED = p.PartnerAsked(
    case_id=CASE,
    partner_id="P-1",
    kind="manufacturer",
    agreement="TSA-7",
    answer_by=at(50),
    onsite_by=PROMISED,
)
TAKEN = p.PartnerAccepted(case_id=CASE, partner_id="P-1", reference="SR-118")
THERE = c.EngineerArrived(case_id=CASE, partner_id="P-1")
ABSENT = p.PartnerAbsent(case_id=CASE, partner_id="P-1", onsite_by=PROMISED)
WITH_MAKER = (reported(), PASSED, ASKED, TAKEN)
RESTORED = c.ServiceRestored(case_id=CASE)


def not_there(minutes: int) -> cmd.PartnerNotThere:
    return cmd.PartnerNotThere(case_id=CASE, at=at(minutes))


def arrive(partner_id: str = "P-1") -> cmd.Arrive:
    return cmd.Arrive(case_id=CASE, at=at(130), partner_id=partner_id)


def test_who_took_it_and_is_not_there_by_the_promised_time_loses_it() -> None:
    Given(*WITH_MAKER).when(not_there(120)).then(ABSENT)
    state = after(*WITH_MAKER, ABSENT)
    assert (state.holder, state.wanted) == (None, "hotline")
    assert state.failed_partner is not None
    assert (state.failed_partner.target, state.failed_partner.absent_at) == ("P-1", at(40))


@pytest.mark.parametrize(
    "facts",
    [
        (*WITH_MAKER[:-1],),
        (*WITH_MAKER, THERE),
        (*WITH_MAKER, RESTORED),
        (*WITH_MAKER, w.TakenBack(case_id=CASE)),
        (*WITH_MAKER, assigned("E-2")),
        (*WITH_MAKER, ABSENT),
    ],
)
def test_who_came_gave_it_back_or_never_took_it_is_not_missed(facts: Any) -> None:
    Given(*facts).when(not_there(120)).then()
    assert DUE[PARTNER_ONSITE](after(*facts)) is None


def test_nobody_is_missed_before_the_promised_time() -> None:
    Given(*WITH_MAKER).when(not_there(119)).then()
    assert DUE[PARTNER_ONSITE](after(*WITH_MAKER)) == PROMISED


def test_promise_without_a_time_on_site_is_never_missed() -> None:
    asked = p.PartnerAsked(
        case_id=CASE, partner_id="P-1", kind="partner", agreement="TSA-7", answer_by=at(50)
    )
    assert DUE[PARTNER_ONSITE](after(reported(), PASSED, asked, TAKEN)) is None


def test_arrival_of_a_partner_counts_as_on_site_and_as_their_answer() -> None:
    Given(*WITH_MAKER).when(arrive()).then(THERE)
    Given(*WITH_MAKER[:-1]).when(arrive()).then(THERE)
    assert DUE[PARTNER_ANSWER](after(*WITH_MAKER[:-1], THERE)) is None
    state = after(*WITH_MAKER, THERE)
    assert state.milestones["arrived"] == at(40)
    assert (status(after(*WITH_MAKER)), status(state)) == ("handed_over", "on_site")
    Given(*WITH_MAKER, THERE).when(arrive()).refused("already-arrived")


def test_arrival_is_that_of_the_partner_who_has_it() -> None:
    Given(reported(), assigned()).when(arrive()).refused("not-with-a-partner")
    refused = Given(*WITH_MAKER).when(arrive("P-2")).refused("not-the-holder")
    assert refused.field == "partner_id"


def test_who_comes_late_has_the_case_again_unless_somebody_else_was_sent() -> None:
    Given(*WITH_MAKER, ABSENT).when(arrive()).then(THERE)
    state = after(*WITH_MAKER, ABSENT, THERE)
    assert (state.holder, state.wanted, state.failed_partner) == ("P-1", None, None)
    Given(*WITH_MAKER, ABSENT, assigned("E-2")).when(arrive()).refused("not-with-a-partner")
