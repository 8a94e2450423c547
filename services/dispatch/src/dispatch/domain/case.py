"""Which commands a case accepts, and which facts follow.

Facts may be reported late and out of order; what is refused is what cannot have happened:
something before the report, a second arrival without a departure, a sign-off of unfinished work.
A refusal's code says what state stands in the way.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused

from . import acceptance, emergency, record, with_partner, work
from . import commands as cmd
from .case_facts import Fact
from .case_state import Assignment, CaseState
from .reminders import to_change_passwords

# Two clocks may differ; so may the one of the report and the one of what follows it.
SKEW = timedelta(minutes=1)
MOST_PHOTOS = 30
LONGEST_WORK = timedelta(days=7)


def decide(command: cmd.Command, state: CaseState) -> Sequence[Fact]:
    """The facts that follow, all at `command.at`; none when it is on record already.

    Raises Refused; with `field` where the command itself is wrong.
    """
    _not_before_report(command.at, state)
    match command:
        case cmd.Assign() | cmd.AssignChosen() | cmd.FindNobody():
            return _assigning(command, state)
        case cmd.Accept() | cmd.Decline() | cmd.NoAnswer() | cmd.RejectEngineer():
            return _answering(command, state)
        case (
            cmd.EscalateToExpert()
            | cmd.AcceptHandOver()
            | cmd.PartnerNoAnswer()
            | cmd.PartnerNotThere()
            | cmd.TellOfHandOver()
            | cmd.TakeBack()
            | cmd.AskScope()
            | cmd.DecideScope()
            | cmd.RecordCosts()
            | cmd.ClaimDefect()
            | cmd.DecideDefect()
        ):
            return _agreeing(command, state)
        case (
            cmd.Contact()
            | cmd.Respond()
            | cmd.Diagnose()
            | cmd.StartRemote()
            | cmd.EndRemote()
            | cmd.RequireOnsite()
        ):
            return _advising(command, state)
        case (
            cmd.ExpectEnd()
            | cmd.Depart()
            | cmd.Arrive()
            | cmd.Pause()
            | cmd.Resume()
            | cmd.Restore()
            | cmd.Record()
            | cmd.AddPhoto()
        ):
            return _attending(command, state)
        case cmd.ActivatePlan() | cmd.TickStep():
            _open(state)
            return emergency.decide(command, state)
        case cmd.Resolve() | cmd.SignOff() | cmd.Close() | cmd.Reopen():
            return _finishing(command, state)
        case _:
            assert_never(command)


def _assigning(command: cmd.Assigning, state: CaseState) -> Sequence[Fact]:
    _open(state)
    if state.commercial and isinstance(command, cmd.Assign):
        raise _business(state)
    match command:
        case cmd.Assign():
            return assign(command, state)
        case cmd.AssignChosen():
            return assign_chosen(command, state)
        case cmd.FindNobody():
            return find_nobody(command, state)
        case _:
            assert_never(command)


def _answering(command: cmd.Answering, state: CaseState) -> Sequence[Fact]:
    if isinstance(command, cmd.NoAnswer):
        return no_answer(command, state)
    _open(state)
    match command:
        case cmd.Accept():
            return accept(command, state)
        case cmd.Decline():
            return decline(command, state)
        case cmd.RejectEngineer():
            return reject_engineer(command, state)
        case _:
            assert_never(command)


def _agreeing(command: cmd.Agreeing, state: CaseState) -> Sequence[Fact]:
    """Costs may be entered after resolution, the rest belongs to work that goes on."""
    if not isinstance(command, cmd.RecordCosts):
        _open(state)
    elif state.ended:
        raise _in_the_way(state, "its costs are settled")
    return work.decide(command, state)


def _advising(command: cmd.Advising, state: CaseState) -> Sequence[Fact]:
    _open_then(command.at, state)
    match command:
        case cmd.Contact():
            _first(state, "contacted")
            return [c.CustomerContacted(case_id=command.case_id, note=command.note)]
        case cmd.Respond():
            _first(state, "responded")
            return [c.CaseResponded(case_id=command.case_id, note=command.note)]
        case cmd.Diagnose():
            _first(state, "diagnosed")
            return [c.CaseDiagnosed(case_id=command.case_id, finding=command.finding)]
        case cmd.StartRemote():
            return start_remote(command, state)
        case cmd.EndRemote():
            return end_remote(command, state)
        case cmd.RequireOnsite():
            return require_onsite(command.case_id, state, command.reason)
        case _:
            assert_never(command)


def _attending(command: cmd.Attending, state: CaseState) -> Sequence[Fact]:
    _open_then(command.at, state)
    match command:
        case cmd.ExpectEnd():
            return expect_end(command, state)
        case cmd.Depart():
            return depart(command, state)
        case cmd.Arrive():
            return arrive(command, state)
        case cmd.Pause():
            return pause(command, state)
        case cmd.Resume():
            return resume(command, state)
        case cmd.Restore():
            return restore(command, state)
        case cmd.Record():
            _open(state)
            return [c.MaintenanceRecorded(case_id=command.case_id, record=command.record)]
        case cmd.AddPhoto():
            return add_photo(command, state)
        case _:
            assert_never(command)


def _finishing(command: cmd.Finishing, state: CaseState) -> Sequence[Fact]:
    match command:
        case cmd.Resolve():
            return resolve(command, state)
        case cmd.SignOff():
            return sign_off(command, state)
        case cmd.Close():
            return close(command, state)
        case cmd.Reopen():
            return reopen(command, state)
        case _:
            assert_never(command)


def assign(command: cmd.Assign, state: CaseState) -> Sequence[Fact]:
    """A dispatcher overrides the machine freely, and a person only by naming whom (DP-04)."""
    held = state.assignment
    if held is not None and _is_settled(held) and command.replaces != held.engineer_id:
        raise Refused(
            "already-assigned",
            f"the case is with {held.engineer_id}; to take it over, say so in `replaces`",
        )
    if command.replaces is not None and not command.reason:
        raise Refused("reason-required", "taking a case over needs a reason", "reason")
    against = (
        *command.obstacles,
        *(("rejected",) if command.engineer_id in state.rejected else ()),
    )
    if "rejected" in against and not command.reason:
        raise Refused(
            "engineer-rejected", "the customer rejected this engineer; send a reason to insist"
        )
    if command.obstacles and not command.reason:
        raise Refused("rule-broken", _against(command), "reason")
    return [_assigned(command, override_reason=command.reason, overridden=command.obstacles)]


def _against(command: cmd.Assign) -> str:
    rules = ", ".join(command.obstacles)
    return f"{command.engineer_id} does not fit ({rules}); send a reason to insist"


def assign_chosen(command: cmd.AssignChosen, state: CaseState) -> Sequence[Fact]:
    """Nothing, once nobody is looked for any more; the visit of a first answer is required too."""
    if state.wanted is None:
        return []
    assigned = _assigned(command, why=command.why)
    if command.mode != "onsite":
        return [assigned]
    return [*require_onsite(command.case_id, state, "severity"), assigned]


def find_nobody(command: cmd.FindNobody, state: CaseState) -> Sequence[Fact]:
    """Said once while somebody is looked for, and only of what is taken up at once (IN-13)."""
    if state.wanted is None or state.unattended or state.report is None:
        return []
    if not command.at_once:
        return []
    return [c.CaseUnattended(case_id=command.case_id, left_out=dict(command.left_out))]


def _assigned(
    command: cmd.Assign | cmd.AssignChosen,
    *,
    why: dict[str, object] | None = None,
    override_reason: str | None = None,
    overridden: tuple[str, ...] = (),
) -> c.CaseAssigned:
    return c.CaseAssigned(
        case_id=command.case_id,
        engineer_id=command.engineer_id,
        mode=command.mode,
        slot_start=command.slot.start if command.slot else None,
        slot_end=command.slot.end if command.slot else None,
        department=command.department,
        why=why,
        override_reason=override_reason,
        overridden=overridden,
        answer_by=command.answer_by,
    )


def _is_settled(held: Assignment) -> bool:
    """A person chose it, or the engineer took it on."""
    return held.by_hand or held.accepted or held.departed_at is not None


def accept(command: cmd.Accept, state: CaseState) -> Sequence[Fact]:
    held = _held_by(command.engineer_id, state)
    if held.accepted:
        raise Refused("already-accepted", f"{held.engineer_id} has accepted")
    return [c.CaseAccepted(case_id=command.case_id, engineer_id=held.engineer_id)]


def decline(command: cmd.Decline, state: CaseState) -> Sequence[Fact]:
    held = _held_by(command.engineer_id, state)
    if held.arrived_at is not None:
        raise Refused("already-arrived", f"{held.engineer_id} is on site and cannot decline")
    return [
        c.CaseDeclined(case_id=command.case_id, engineer_id=held.engineer_id, reason=command.reason)
    ]


def no_answer(command: cmd.NoAnswer, state: CaseState) -> Sequence[Fact]:
    """Nothing, when an answer came, or somebody else was asked, before the silence was noticed."""
    due, held = state.answer_due, state.assignment
    if due is None or held is None or held.engineer_id != command.engineer_id or command.at < due:
        return []
    return [c.CaseDeclined(case_id=command.case_id, engineer_id=held.engineer_id, unanswered=True)]


def reject_engineer(command: cmd.RejectEngineer, state: CaseState) -> Sequence[Fact]:
    """The customer wants somebody else (DP-16) than whoever has the case, or than the one named."""
    engineer_id = command.engineer_id or _held_by(None, state).engineer_id
    if engineer_id in state.rejected:
        raise Refused("already-rejected", f"{engineer_id} was rejected before")
    return [
        c.EngineerRejected(case_id=command.case_id, engineer_id=engineer_id, reason=command.reason)
    ]


def start_remote(command: cmd.StartRemote, state: CaseState) -> Sequence[Fact]:
    if not command.consent_ref:
        raise Refused(
            "consent-required",
            "remote access needs the customer's recorded consent (DP-03)",
            "consent_ref",
        )
    if state.remote_since is not None:
        raise Refused("already-remote", f"remote work runs since {state.remote_since.isoformat()}")
    return [c.RemoteStarted(case_id=command.case_id, consent_ref=command.consent_ref)]


def end_remote(command: cmd.EndRemote, state: CaseState) -> Sequence[Fact]:
    """Unless it solved the fault, the remote step is left at the same instant (DP-02).

    Whoever let us in is reminded to change the passwords (DP-03).
    """
    if state.remote_since is None and command.outcome != "refused":
        raise Refused("not-remote", "no remote work is going on")
    ended: list[Fact] = [c.RemoteEnded(case_id=command.case_id, outcome=command.outcome)]
    if state.remote_since is not None:
        ended.append(to_change_passwords(command.case_id, command.at))
    if command.outcome == "solved":
        return ended
    return [*ended, *require_onsite(command.case_id, state, f"remote_{command.outcome}")]


def require_onsite(case_id: str, state: CaseState, reason: str | None) -> Sequence[Fact]:
    """Nothing where a visit is required already: the requirement stands."""
    if state.onsite_required:
        return []
    if state.commercial:
        raise _business(state)
    return [c.OnsiteRequired(case_id=case_id, reason=reason)]


def expect_end(command: cmd.ExpectEnd, state: CaseState) -> Sequence[Fact]:
    """The visit is booked to the new end; whom that would book twice is refused (DP-06)."""
    _open(state)
    held = _held_by(command.engineer_id, state)
    start = held.slot.start if held.slot else held.at
    if not timedelta(0) < command.expected_end - start <= LONGEST_WORK:
        raise Refused("not-in-order", "work ends after it began, within a week", "expected_end")
    if held.expected_end == command.expected_end:
        return []
    return [
        c.EndExpected(
            case_id=command.case_id,
            engineer_id=held.engineer_id,
            expected_end=command.expected_end,
        )
    ]


def depart(command: cmd.Depart, state: CaseState) -> Sequence[Fact]:
    held = _held_by(command.engineer_id, state)
    if _is_on_the_way(held):
        raise Refused("already-departed", f"{held.engineer_id} is on the way")
    return [c.EngineerDeparted(case_id=command.case_id, engineer_id=held.engineer_id)]


def arrive(command: cmd.Arrive, state: CaseState) -> Sequence[Fact]:
    """Counts for whoever has the case and is able to handle it (DP-25).

    A departure need not have been reported.
    """
    if command.partner_id is not None:
        return with_partner.arrive(command, state.held_over or state.failed_partner)
    held = _held_by(command.engineer_id, state)
    there = held.arrived_at is not None and not _is_on_the_way(held)
    if there and (command.lacks or not held.lacks):
        raise Refused("already-arrived", f"{held.engineer_id} is on site")
    if command.lacks:
        return [
            c.EngineerAttended(
                case_id=command.case_id,
                engineer_id=held.engineer_id,
                lacks=tuple(command.lacks),
            )
        ]
    return [c.EngineerArrived(case_id=command.case_id, engineer_id=held.engineer_id)]


def _is_on_the_way(held: Assignment) -> bool:
    if held.departed_at is None:
        return False
    return held.arrived_at is None or held.arrived_at < held.departed_at


def pause(command: cmd.Pause, state: CaseState) -> Sequence[Fact]:
    _open(state)
    if state.paused_for is not None:
        raise Refused("already-paused", f"paused for {state.paused_for}")
    return [c.CasePaused(case_id=command.case_id, reason=command.reason)]


def resume(command: cmd.Resume, state: CaseState) -> Sequence[Fact]:
    if state.paused_for is None:
        raise Refused("not-paused", "the case is not paused")
    return [c.CaseResumed(case_id=command.case_id, reason=command.reason or state.paused_for)]


def add_photo(command: cmd.AddPhoto, state: CaseState) -> Sequence[Fact]:
    if len(state.photos) >= MOST_PHOTOS:
        raise Refused("too-many-photos", f"the case has {MOST_PHOTOS} photos already")
    return [c.PhotoAdded(case_id=command.case_id, photo=command.photo)]


def restore(command: cmd.Restore, state: CaseState) -> Sequence[Fact]:
    """Works again only as well as the acceptance figures ask, where there are some (DP-29)."""
    _first(state, "restored")
    acceptance.check(command.figures, command.measured)
    measured = dict(command.measured)
    return [c.ServiceRestored(case_id=command.case_id, note=command.note, measured=measured)]


def resolve(command: cmd.Resolve, state: CaseState) -> Sequence[Fact]:
    """What was paused goes on first: after a reopening nobody could resume it."""
    _open(state)
    _recorded(state)
    work.scope_settled(state)
    work.defects_made_good(state)
    if command.figures and "restored" not in state.milestones:
        raise Refused("restoration-unchecked", "`restore` with what was measured first (DP-29)")
    resolved = c.CaseResolved(case_id=command.case_id, resolution=command.resolution)
    if state.paused_for is None:
        return [resolved]
    return [c.CaseResumed(case_id=command.case_id, reason=state.paused_for), resolved]


def _recorded(state: CaseState) -> None:
    if state.report is None or state.report.kind not in record.RECORDED_KINDS:
        return
    if state.record is None:
        raise Refused("record-required", "the maintenance record comes before resolution (DP-08)")
    if lacks := record.missing(state.record, state.report):
        told = ", ".join(lacks)
        raise Refused(
            "record-incomplete", f"the maintenance record lacks {told} (DP-08)", missing=lacks
        )


def sign_off(command: cmd.SignOff, state: CaseState) -> Sequence[Fact]:
    if state.stage != "resolved":
        raise _in_the_way(state, "only resolved work is signed off")
    return [
        c.CaseSignedOff(
            case_id=command.case_id,
            signed_by=command.signed_by,
            signature=command.signature,
            rating=command.rating,
        )
    ]


def close(command: cmd.Close, state: CaseState) -> Sequence[Fact]:
    if state.stage not in ("resolved", "signed_off"):
        raise _in_the_way(state, "a case closes once it is resolved")
    if state.loans and not command.despite_loan:
        raise Refused("loan-out", f"still lent for this case: {', '.join(state.loans)}")
    if command.despite_loan and not command.reason:
        raise Refused("reason-required", "closing despite a loan needs a reason", "reason")
    return [c.CaseClosed(case_id=command.case_id, reason=command.reason)]


def reopen(command: cmd.Reopen, state: CaseState) -> Sequence[Fact]:
    if state.stage not in ("resolved", "signed_off", "closed"):
        raise _in_the_way(state, "only a case that was resolved can be reopened")
    return [c.CaseReopened(case_id=command.case_id, reason=command.reason)]


def _not_before_report(at: datetime, state: CaseState) -> None:
    if state.reported_at is not None and at < state.reported_at - SKEW:
        raise Refused(
            "before-report",
            f"the case was reported at {state.reported_at.isoformat()}",
            "occurred_at",
        )


def _open(state: CaseState) -> None:
    if state.stage != "open":
        raise _in_the_way(state, "the work on it is over")


def _open_then(at: datetime, state: CaseState) -> None:
    """Work may be reported after resolution, as long as it happened before."""
    if state.ended or (state.stage != "open" and at > state.milestones["resolved"]):
        raise _in_the_way(state, "report what happened before that with its own `occurred_at`")


def _in_the_way(state: CaseState, detail: str) -> Refused:
    stage = state.stage.replace("_", "-")
    return Refused(f"case-{stage}", f"the case is {stage}: {detail}")


def _business(state: CaseState) -> Refused:
    return Refused("business-lead-holds", f"{state.holder} answers commercial questions (DP-29)")


def _first(state: CaseState, milestone: str) -> None:
    if milestone in state.milestones:
        since = state.milestones[milestone].isoformat()
        raise Refused(f"already-{milestone}", f"{milestone} at {since}")


def _held_by(engineer_id: str | None, state: CaseState) -> Assignment:
    if state.assignment is None:
        raise Refused("not-assigned", "nobody has this case yet")
    if engineer_id not in (None, state.assignment.engineer_id):
        raise Refused("not-the-holder", f"the case is with {state.assignment.engineer_id}")
    return state.assignment
