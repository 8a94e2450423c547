"""DP-02, DP-03, DP-07, DP-08, DP-25: advice, remote work, visits, pauses, restoration."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from dispatch.domain.case_state import Visit, status
from dispatch.domain.reminders import to_change_passwords
from dispatch.domain.slot import Slot
from support.dispatch_cases import CASE, START, Given, after, assigned, at, recorded, reported

VISIT = Slot(at(0), at(120))
BOOKED = assigned(slot_start=VISIT.start, slot_end=VISIT.end)


@pytest.mark.parametrize(
    ("command", "fact", "code"),
    [
        (cmd.Contact, c.CustomerContacted, "already-contacted"),
        (cmd.Respond, c.CaseResponded, "already-responded"),
        (cmd.Diagnose, c.CaseDiagnosed, "already-diagnosed"),
        (cmd.Restore, c.ServiceRestored, "already-restored"),
    ],
)
def test_milestone_is_reached_once_and_needs_nobody_assigned(
    command: Any, fact: Any, code: str
) -> None:
    given = command(case_id=CASE, at=at(60))
    Given(reported()).when(given).then(fact(case_id=CASE))
    Given(reported(), fact(case_id=CASE)).when(given).refused(code)


def test_nothing_happens_before_the_report() -> None:
    Given(reported()).when(cmd.Contact(case_id=CASE, at=at(-2))).refused("before-report")


def test_clocks_of_two_desks_may_differ_by_a_minute() -> None:
    Given(reported()).when(cmd.Contact(case_id=CASE, at=at(-1))).then(
        c.CustomerContacted(case_id=CASE)
    )


def test_remote_work_needs_consent() -> None:
    Given(reported()).when(cmd.StartRemote(case_id=CASE, at=at(5))).refused("consent-required")
    started = c.RemoteStarted(case_id=CASE, consent_ref="call-7")
    start = cmd.StartRemote(case_id=CASE, at=at(5), consent_ref="call-7")
    Given(reported()).when(start).then(started)
    Given(reported(), started).when(start).refused("already-remote")


def test_remote_work_that_solves_the_fault_requires_no_visit() -> None:
    end = cmd.EndRemote(case_id=CASE, at=at(30), outcome="solved")
    started = c.RemoteStarted(case_id=CASE, consent_ref="call-7")
    Given(reported(), started).when(end).then(
        c.RemoteEnded(case_id=CASE, outcome="solved"), to_change_passwords(CASE, at(30))
    )
    Given(reported()).when(end).refused("not-remote")


@pytest.mark.parametrize("outcome", ["unresolved", "refused"])
def test_remote_work_that_fails_requires_a_visit(outcome: Any) -> None:
    end = cmd.EndRemote(case_id=CASE, at=at(30), outcome=outcome)
    started = c.RemoteStarted(case_id=CASE, consent_ref="call-7")
    Given(reported(), started).when(end).then(
        c.RemoteEnded(case_id=CASE, outcome=outcome),
        to_change_passwords(CASE, at(30)),
        c.OnsiteRequired(case_id=CASE, reason=f"remote_{outcome}"),
    )


def test_each_end_of_remote_access_reminds_the_customer_once_to_change_passwords() -> None:
    """DP-03: at the end, in both languages; intake mails a notice once."""
    started = c.RemoteStarted(case_id=CASE, consent_ref="call-7")
    ended = c.RemoteEnded(case_id=CASE, outcome="solved")
    first = to_change_passwords(CASE, at(20))
    state = after(reported(), started, ended, first)
    assert state.notices == (first.notice_id,)
    assert to_change_passwords(CASE, at(90)).notice_id != first.notice_id
    assert "密码" in first.zh
    assert "password" in first.en


def test_customer_may_refuse_remote_work_before_it_starts() -> None:
    Given(reported()).when(cmd.EndRemote(case_id=CASE, at=at(30), outcome="refused")).then(
        c.RemoteEnded(case_id=CASE, outcome="refused"),
        c.OnsiteRequired(case_id=CASE, reason="remote_refused"),
    )


def test_required_visit_looks_for_somebody_unless_one_is_on_the_way() -> None:
    required = c.OnsiteRequired(case_id=CASE)
    assert after(reported(), assigned(mode="hotline"), required).wanted == "onsite"
    assert after(reported(), assigned(mode="onsite"), required).wanted is None


def test_visit_is_required_once() -> None:
    require = cmd.RequireOnsite(case_id=CASE, at=at(60))
    Given(reported()).when(require).then(c.OnsiteRequired(case_id=CASE))
    Given(reported(), c.OnsiteRequired(case_id=CASE)).when(require).then()


def test_engineer_arrives_without_a_reported_departure() -> None:
    arrived = c.EngineerArrived(case_id=CASE, engineer_id="E-1")
    arrive = cmd.Arrive(case_id=CASE, at=at(60))
    Given(reported(), BOOKED).when(arrive).then(arrived)
    Given(reported(), BOOKED, arrived).when(arrive).refused("already-arrived")
    Given(reported()).when(arrive).refused("not-assigned")


def test_engineer_comes_a_second_time() -> None:
    departed, arrived = c.EngineerDeparted(case_id=CASE), c.EngineerArrived(case_id=CASE)
    facts = (reported(), BOOKED, departed, arrived, departed)
    Given(*facts).when(cmd.Depart(case_id=CASE, at=at(60))).refused("already-departed")
    Given(*facts).when(cmd.Arrive(case_id=CASE, at=at(60))).then(
        c.EngineerArrived(case_id=CASE, engineer_id="E-1")
    )
    assert after(*facts, arrived).milestones["arrived"] == at(30)


def test_only_whoever_has_the_case_arrives() -> None:
    Given(reported(), assigned("E-1")).when(
        cmd.Arrive(case_id=CASE, at=at(60), engineer_id="E-2")
    ).refused("not-the-holder")


def test_case_is_paused_and_resumed() -> None:
    pause = cmd.Pause(case_id=CASE, at=at(60), reason="no_site_access")
    resume = cmd.Resume(case_id=CASE, at=at(70))
    paused = c.CasePaused(case_id=CASE, reason="no_site_access")
    Given(reported()).when(pause).then(paused)
    Given(reported(), paused).when(pause).refused("already-paused")
    Given(reported(), paused).when(resume).then(
        c.CaseResumed(case_id=CASE, reason="no_site_access")
    )
    Given(reported()).when(resume).refused("not-paused")


def test_visit_ends_when_the_service_is_restored_and_written_down() -> None:
    restored = c.ServiceRestored(case_id=CASE)
    assert after(reported(), BOOKED).visit == Visit("E-1", VISIT, on_site=False)
    assert after(reported(), BOOKED, restored).visit == Visit("E-1", VISIT, on_site=False)
    assert after(reported(), BOOKED, restored, recorded()).visit is None
    assert after(reported(), BOOKED, recorded(), restored).visit is None


def test_maintenance_record_is_replaced_until_resolution() -> None:
    record = cmd.Record(case_id=CASE, at=at(60), record=recorded().record)
    Given(reported(), recorded()).when(record).then(recorded())
    facts = (reported(), recorded(), c.CaseResolved(case_id=CASE))
    Given(*facts).when(record).refused("case-resolved")


def test_arrival_is_reported_after_resolution_with_its_own_time() -> None:
    facts = (reported(), assigned(), recorded(), c.CaseResolved(case_id=CASE))
    Given(*facts).when(cmd.Arrive(case_id=CASE, at=at(20))).then(
        c.EngineerArrived(case_id=CASE, engineer_id="E-1")
    )
    Given(*facts).when(cmd.Arrive(case_id=CASE, at=at(31))).refused("case-resolved")


@pytest.mark.parametrize("end", ["withdrawn", "merged", "closed"])
def test_nothing_is_done_to_a_case_that_is_over(end: str) -> None:
    fact = {
        "withdrawn": c.CaseWithdrawn(case_id=CASE),
        "merged": c.CaseMerged(case_id=CASE, into="0000-0000"),
        "closed": c.CaseClosed(case_id=CASE),
    }[end]
    Given(reported(), fact).when(cmd.Contact(case_id=CASE, at=at(5))).refused(f"case-{end}")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ((), "waiting"),
        ((assigned(),), "assigned"),
        ((assigned(), c.CaseAccepted(case_id=CASE)), "accepted"),
        ((assigned(), c.EngineerDeparted(case_id=CASE)), "travelling"),
        ((assigned(), c.EngineerArrived(case_id=CASE)), "on_site"),
        ((assigned(), c.ServiceRestored(case_id=CASE)), "restored"),
        ((c.CaseResolved(case_id=CASE),), "resolved"),
    ],
)
def test_status_is_what_happened_last(facts: tuple[Any, ...], word: str) -> None:
    assert status(after(reported(), *facts)) == word


def test_change_of_attributes_keeps_the_rest() -> None:
    state = after(
        reported(),
        c.SeverityChanged(case_id=CASE, severity="1"),
        c.CaseReclassified(case_id=CASE, category="network", use_affected=True),
    )
    assert state.report == reported(severity="1", category="network", use_affected=True)
    assert state.reported_at == START


REMOTE = c.RemoteStarted(case_id=CASE, consent_ref="fax of 2 November")


def test_remote_access_ends_with_the_work() -> None:
    """DP-03: and the customer is reminded to change the passwords."""
    resolve = cmd.Resolve(case_id=CASE, at=at(60))
    Given(reported(kind="question"), REMOTE).when(resolve).then(
        c.RemoteEnded(case_id=CASE, outcome="solved"),
        to_change_passwords(CASE, at(60)),
        c.CaseResolved(case_id=CASE),
    )


@pytest.mark.parametrize(
    "end", [c.CaseWithdrawn(case_id=CASE), c.CaseMerged(case_id=CASE, into="OTHR-CASE")]
)
def test_remote_access_to_a_case_that_is_over_can_be_ended(end: Any) -> None:
    """DP-03: no visit follows, but the reminder does."""
    command = cmd.EndRemote(case_id=CASE, at=at(60), outcome="unresolved")
    ended = (c.RemoteEnded(case_id=CASE, outcome="unresolved"), to_change_passwords(CASE, at(60)))
    Given(reported(), REMOTE, end).when(command).then(*ended)
    stage = "merged" if isinstance(end, c.CaseMerged) else "withdrawn"
    Given(reported(), REMOTE, end, *ended).when(command).refused(f"case-{stage}")


def test_blank_consent_is_none() -> None:
    """DP-03."""
    blank = cmd.StartRemote(case_id=CASE, at=at(60), consent_ref=" ")
    assert Given(reported()).when(blank).refused("consent-required").field == "consent_ref"
