"""DP-29: a commercial question is the business lead's until it is answered; no engineer is sent."""

from typing import Any

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from dispatch.todos import DUE, RELEASE
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

DEVICE = c.CaseReclassified(case_id=CASE, kind="fault", category="device")
COMMERCIAL = c.CaseReclassified(case_id=CASE, kind="question", category="commercial")


def asked(**changes: Any) -> c.CaseReported:
    return reported(**({"kind": "question", "category": "commercial"} | changes))


def test_business_lead_holds_a_commercial_question_and_nobody_is_looked_for() -> None:
    state = after(asked())
    assert (state.wanted, state.holder, state.held_since) == (None, "business_lead", at(0))
    for other in (asked(category="device"), asked(kind="fault")):
        assert (after(other).wanted, after(other).holder) == ("hotline", None)


def test_no_engineer_is_sent_to_it_by_hand_either() -> None:
    assign = cmd.Assign(case_id=CASE, at=at(60), engineer_id="E-1", mode="onsite")
    Given(asked()).when(assign).refused("business-lead-holds")
    visit = cmd.RequireOnsite(case_id=CASE, at=at(60), reason="asked for")
    Given(asked()).when(visit).refused("business-lead-holds")


def test_answer_ends_it() -> None:
    answer = cmd.Resolve(case_id=CASE, at=at(60), resolution="offer sent")
    resolved = c.CaseResolved(case_id=CASE, resolution="offer sent")
    Given(asked()).when(answer).then(resolved)
    assert after(asked(), resolved).holder is None
    again = after(asked(), resolved, c.CaseReopened(case_id=CASE))
    assert (again.wanted, again.holder) == (None, "business_lead")


def test_case_that_turns_out_commercial_leaves_its_engineer() -> None:
    booked = assigned(slot_start=at(60), slot_end=at(120), answer_by=at(30))
    state = after(reported(), booked, COMMERCIAL)
    assert (state.wanted, state.holder, state.held_since) == (None, "business_lead", at(20))
    assert state.answer_due is None
    assert DUE[RELEASE](state) == at(0)
    assert DUE[RELEASE](after(reported(), booked)) is None


def test_case_that_turns_out_technical_looks_for_somebody() -> None:
    state = after(asked(), DEVICE)
    assert (state.wanted, state.wanted_since, state.holder) == ("hotline", at(10), None)
