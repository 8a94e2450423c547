"""DP-04, DP-05, DP-09, DP-16: who has the case, and how it changes hands."""

from typing import Any

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from dispatch.domain.case_state import status
from dispatch.domain.slot import Slot
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

VISIT = Slot(at(30), at(150))


def assign(engineer_id: str = "E-2", **changes: Any) -> cmd.Assign:
    return cmd.Assign(case_id=CASE, at=at(60), engineer_id=engineer_id, **changes)


def test_waiting_case_is_assigned_by_hand() -> None:
    Given(reported()).when(assign(slot=VISIT, department="field")).then(
        c.CaseAssigned(
            case_id=CASE,
            engineer_id="E-2",
            mode="onsite",
            slot_start=VISIT.start,
            slot_end=VISIT.end,
            department="field",
        )
    )


def test_choice_of_the_machine_gives_way_to_a_dispatcher() -> None:
    Given(reported(), assigned("E-1", why={})).when(assign()).then(
        c.CaseAssigned(case_id=CASE, engineer_id="E-2", mode="onsite")
    )


def test_choice_of_a_person_does_not_give_way() -> None:
    Given(reported(), assigned("E-1")).when(assign()).refused("already-assigned")


def test_accepted_case_does_not_give_way() -> None:
    Given(reported(), assigned("E-1", why={}), c.CaseAccepted(case_id=CASE)).when(assign()).refused(
        "already-assigned"
    )


def test_case_is_taken_over_by_naming_its_holder_and_a_reason() -> None:
    Given(reported(), assigned("E-1")).when(assign(replaces="E-1", reason="ill")).then(
        c.CaseAssigned(case_id=CASE, engineer_id="E-2", mode="onsite", override_reason="ill")
    )


def test_taking_over_needs_a_reason() -> None:
    Given(reported(), assigned("E-1")).when(assign(replaces="E-1")).refused("reason-required")


def test_taking_over_from_somebody_who_lost_it_meanwhile_is_refused() -> None:
    Given(reported(), assigned("E-3")).when(assign(replaces="E-1", reason="ill")).refused(
        "already-assigned"
    )


def test_rejected_engineer_is_sent_only_for_a_reason() -> None:
    facts = (reported(), c.EngineerRejected(case_id=CASE, engineer_id="E-2"))
    Given(*facts).when(assign()).refused("engineer-rejected")
    Given(*facts).when(assign(reason="the only one who can")).then(
        c.CaseAssigned(
            case_id=CASE,
            engineer_id="E-2",
            mode="onsite",
            override_reason="the only one who can",
        )
    )


def test_hard_rule_is_put_aside_only_for_a_reason_and_by_name() -> None:
    """DP-04: overridable by a named dispatcher with a reason."""
    unfit = assign(obstacles=("level", "off_duty"))
    Given(reported()).when(unfit).refused("rule-broken")
    insisted = assign(obstacles=("level", "off_duty"), reason="nobody else is near")
    Given(reported()).when(insisted).then(
        c.CaseAssigned(
            case_id=CASE,
            engineer_id="E-2",
            mode="onsite",
            override_reason="nobody else is near",
            overridden=("level", "off_duty"),
        )
    )


def test_machine_sends_nobody_where_nobody_is_looked_for() -> None:
    chosen = cmd.AssignChosen(case_id=CASE, at=at(60), engineer_id="E-2", mode="hotline")
    Given(reported(), assigned("E-1")).when(chosen).then()


def test_machine_that_sends_somebody_at_once_says_that_a_visit_is_required() -> None:
    chosen = cmd.AssignChosen(
        case_id=CASE, at=at(60), engineer_id="E-2", mode="onsite", why={"score_min": 3}
    )
    Given(reported(severity="1")).when(chosen).then(
        c.OnsiteRequired(case_id=CASE, reason="severity"),
        c.CaseAssigned(case_id=CASE, engineer_id="E-2", mode="onsite", why={"score_min": 3}),
    )


def test_engineer_accepts_once() -> None:
    accept = cmd.Accept(case_id=CASE, at=at(60))
    accepted = c.CaseAccepted(case_id=CASE, engineer_id="E-1")
    Given(reported(), assigned("E-1")).when(accept).then(accepted)
    Given(reported(), assigned("E-1"), accepted).when(accept).refused("already-accepted")


def test_nobody_accepts_for_somebody_else() -> None:
    accept = cmd.Accept(case_id=CASE, at=at(60), engineer_id="E-9")
    Given(reported(), assigned("E-1")).when(accept).refused("not-the-holder")
    Given(reported()).when(accept).refused("not-assigned")


def test_declined_case_is_back_on_the_list_in_the_same_mode() -> None:
    decline = cmd.Decline(case_id=CASE, at=at(60), reason="on leave")
    declined = c.CaseDeclined(case_id=CASE, engineer_id="E-1", reason="on leave")
    Given(reported(), assigned("E-1")).when(decline).then(declined)
    state = after(reported(), assigned("E-1"), declined)
    assert (state.wanted, state.assignment, state.declined_by) == ("onsite", None, ("E-1",))
    assert status(state) == "waiting"


def test_engineer_on_site_cannot_decline() -> None:
    facts = (reported(), assigned(), c.EngineerArrived(case_id=CASE))
    Given(*facts).when(cmd.Decline(case_id=CASE, at=at(60))).refused("already-arrived")


def test_customer_rejects_whoever_has_the_case() -> None:
    rejected = c.EngineerRejected(case_id=CASE, engineer_id="E-1", reason="rude")
    reject = cmd.RejectEngineer(case_id=CASE, at=at(60), reason="rude")
    Given(reported(), assigned("E-1")).when(reject).then(rejected)
    state = after(reported(), assigned("E-1"), rejected)
    assert (state.wanted, state.rejected) == ("onsite", ("E-1",))


def test_rejecting_somebody_else_leaves_the_case_where_it_is() -> None:
    state = after(reported(), assigned("E-1"), c.EngineerRejected(case_id=CASE, engineer_id="E-2"))
    assert state.holder == "E-1"
    assert state.wanted is None


def test_case_shows_the_experts_it_was_passed_to() -> None:
    escalate = cmd.EscalateToExpert(case_id=CASE, at=at(60), target="vendor-9")
    passed = c.EscalatedToExpert(case_id=CASE, target="vendor-9")
    Given(reported(), assigned("E-1")).when(escalate).then(passed)
    assert after(reported(), assigned("E-1"), passed).holder == "vendor-9"
    assert after(reported(), passed, assigned("E-1")).holder == "E-1"
