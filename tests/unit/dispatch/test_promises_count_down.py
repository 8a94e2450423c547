"""A case knows which promise is to be kept first, and how high its alarm has climbed (SL-03)."""

from datetime import datetime

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import (
    AlertRaised,
    AlertResolved,
    CasePromised,
    ClockBreached,
    PromisedTime,
)
from support.dispatch_cases import CASE, after, assigned, at, reported


def promised(**clocks: datetime) -> CasePromised:
    times = tuple(PromisedTime(clock=clock, due_at=due) for clock, due in clocks.items())
    return CasePromised(case_id=CASE, policy="it-integration", policy_version=1, promised=times)


def alert(clock: str, step: c.Step, due: datetime, cycle: int = 1) -> AlertRaised:
    return AlertRaised(
        case_id=CASE,
        clock=clock,
        cycle=cycle,
        alert_id=f"{clock}-{step}",
        step=step,
        threshold=50.0,
        due_at=due,
        fire_at=at(1),
        late_by_s=0.0,
        recipient="duty-desk",
    )


def test_soonest_promise_is_the_next() -> None:
    assert after(reported(), promised(onsite=at(240), contact=at(30))).next_due == (
        "contact",
        at(30),
    )


def test_nothing_is_due_without_a_promise() -> None:
    assert after(reported()).next_due is None


def test_milestone_passes_on_to_the_promise_behind_it() -> None:
    facts = (
        reported(),
        promised(contact=at(30), onsite=at(240)),
        c.CustomerContacted(case_id=CASE),
    )
    assert after(*facts).next_due == ("onsite", at(240))


def test_promise_that_was_kept_before_it_was_said_is_none() -> None:
    facts = (reported(), assigned(), promised(dispatch=at(30), onsite=at(240)))
    assert after(*facts).next_due == ("onsite", at(240))


def test_alert_and_breach_tell_what_moved_meanwhile() -> None:
    moved = alert("onsite", "engineer", at(300))
    assert after(reported(), promised(onsite=at(240)), moved).next_due == ("onsite", at(300))
    late = ClockBreached(
        case_id=CASE,
        clock="onsite",
        cycle=1,
        due_at=at(310),
        breached_at=at(310),
        policy="it-integration",
        policy_version=1,
    )
    assert after(reported(), promised(onsite=at(240)), moved, late).next_due == ("onsite", at(310))


def test_rank_is_that_of_the_highest_step_that_still_rings() -> None:
    rang = (alert("onsite", "leadership", at(240)), alert("contact", "engineer", at(30)))
    assert after(reported(), *rang).rank == "leadership"
    over = AlertResolved(
        case_id=CASE,
        clock="onsite",
        cycle=1,
        alert_id="onsite-leadership",
        step="leadership",
        reason="met",
    )
    assert after(reported(), *rang, over).rank == "engineer"


def test_reopened_case_begins_without_promises() -> None:
    before = (reported(), promised(restore=at(240)), alert("restore", "pm", at(240)))
    again = after(*before, c.CaseResolved(case_id=CASE), c.CaseReopened(case_id=CASE))
    assert (again.next_due, again.rank) == (None, None)


def test_alert_of_an_earlier_cycle_says_nothing_about_this_one() -> None:
    reopened = (reported(), c.CaseResolved(case_id=CASE), c.CaseReopened(case_id=CASE))
    assert after(*reopened, alert("restore", "pm", at(90))).next_due is None


def test_ended_case_is_due_no_more() -> None:
    assert after(reported(), promised(close=at(90)), c.CaseClosed(case_id=CASE)).next_due is None
