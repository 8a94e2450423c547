"""The visit, the work and the end of a case, as they fold into where it stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanRequested, CaseLoanReserved
from aftercare_events.catalogue.sla import (
    AlertRaised,
    AlertResolved,
    BreachWithdrawn,
    CasePromised,
    ClockBreached,
)
from aftercare_events.milestones import MET_BY

from . import work_state
from .case_facts import (
    Ending,
    Judging,
    Lending,
    Promising,
    Visiting,
    Working,
)
from .case_state import ENDED, CaseState, Repair, Stage
from .case_steps import on_assignment, on_assignment_of, reached, slot_of
from .slot import Slot


def visited(state: CaseState, fact: Visiting, at: datetime) -> CaseState:
    match fact:
        case c.OnsiteRequired():
            required = replace(reached(state, "onsite_required", at), onsite_required=True)
            on_the_way = state.assignment is not None and state.assignment.mode == "onsite"
            if on_the_way or state.stage != "open":
                return required
            return replace(required, wanted="onsite", wanted_since=at)
        case c.EndExpected():
            return _until(state, fact)
        case c.EngineerDeparted():
            departed = reached(_booked(state, fact), "departed", at)
            return on_assignment_of(departed, fact.engineer_id, at, departed_at=at, answered=True)
        case c.EngineerArrived(partner_id=str()):
            return _partner_there(state, fact, at)
        case c.EngineerArrived():
            arrived = reached(_booked(state, fact), "arrived", at)
            return on_assignment_of(
                arrived, fact.engineer_id, at, arrived_at=at, lacks=(), answered=True
            )
        case c.EngineerAttended():
            attended = _booked(state, fact)
            return on_assignment_of(
                attended, fact.engineer_id, at, arrived_at=at, lacks=fact.lacks, answered=True
            )
        case _:
            assert_never(fact)


def _booked(
    state: CaseState, fact: c.EngineerDeparted | c.EngineerArrived | c.EngineerAttended
) -> CaseState:
    slot = slot_of(fact)
    return on_assignment(state, slot=slot) if slot else state


def _partner_there(state: CaseState, fact: c.EngineerArrived, at: datetime) -> CaseState:
    """Whoever came late has the case again, as nobody else was sent."""
    arrived = reached(state, "arrived", at)
    last = state.work.hand_overs[-1] if state.work.hand_overs else None
    if last is None or last.target != fact.partner_id:
        return arrived
    work = work_state.on_last(state.work, arrived_at=at)
    if state.assignment is not None and state.expert is None:
        return replace(arrived, work=work)
    return replace(
        arrived, work=work, expert=last.target, wanted=None, wanted_since=None, unattended=False
    )


def _until(state: CaseState, fact: c.EndExpected) -> CaseState:
    held = state.assignment
    if held is None or held.engineer_id != fact.engineer_id:
        return state
    slot = Slot(held.slot.start, fact.expected_end) if held.slot else None
    return on_assignment(state, expected_end=fact.expected_end, slot=slot)


def worked(state: CaseState, fact: Working, at: datetime) -> CaseState:
    match fact:
        case c.CustomerContacted():
            return reached(state, "contacted", at)
        case c.CaseResponded():
            return reached(state, "responded", at)
        case c.CaseDiagnosed():
            return reached(state, "diagnosed", at)
        case c.RemoteStarted():
            return replace(reached(state, "remote_started", at), remote_since=at)
        case c.RemoteEnded():
            return replace(reached(state, "remote_ended", at), remote_since=None)
        case c.CasePaused():
            return replace(state, paused_for=fact.reason)
        case c.CaseResumed():
            return replace(state, paused_for=None)
        case c.PhotoAdded():
            return replace(state, photos=(*state.photos, fact.photo))
        case c.ServiceRestored() | c.MaintenanceRecorded():
            return _finished_on_site(state, fact, at)
        case _:
            assert_never(fact)


def _finished_on_site(
    state: CaseState, fact: c.ServiceRestored | c.MaintenanceRecorded, at: datetime
) -> CaseState:
    """Restored and written down: nothing is left to do on site, and the visit is over."""
    match fact:
        case c.ServiceRestored():
            mended = reached(_mended(state, at), "restored", at)
            state = replace(mended, measured=fact.measured)
        case c.MaintenanceRecorded():
            state = replace(reached(state, "recorded", at), record=fact.record)
        case _:
            assert_never(fact)
    return on_assignment(state, slot=None) if state.done_on_site else state


def judged_or_lent(state: CaseState, fact: Judging | Lending) -> CaseState:
    match fact:
        case ClockBreached():
            lacking = fact.request_loan and state.report is not None and state.report.use_affected
            return replace(
                _due(state, {fact.clock: fact.due_at}),
                breached=state.breached | {fact.clock},
                loan_wanted=state.loan_wanted
                or (lacking is True and not state.loans and not state.loans_waiting),
            )
        case BreachWithdrawn():
            return replace(state, breached=state.breached - {fact.clock})
        case CaseLoanRequested() | CaseLoanReserved() | CaseLoanEnded():
            return _lent(state, fact)
        case _:
            assert_never(fact)


def promised(state: CaseState, fact: Promising) -> CaseState:
    match fact:
        case CasePromised():
            return _due(state, {one.clock: one.due_at for one in fact.promised})
        case AlertRaised():
            if fact.cycle != state.cycle:
                return state
            alerts = {**state.alerts, fact.alert_id: fact.step}
            return replace(_due(state, {fact.clock: fact.due_at}), alerts=alerts)
        case AlertResolved():
            alerts = {key: step for key, step in state.alerts.items() if key != fact.alert_id}
            return replace(state, alerts=alerts)
        case _:
            assert_never(fact)


def _due(state: CaseState, told: Mapping[str, datetime]) -> CaseState:
    """What was heard last stands; a promise that was kept already is none any more."""
    kept = {clock for milestone in state.milestones for clock in MET_BY.get(milestone, ())}
    return replace(
        state, due={clock: at for clock, at in {**state.due, **told}.items() if clock not in kept}
    )


def _lent(state: CaseState, fact: Lending) -> CaseState:
    waiting = tuple(one for one in state.loans_waiting if one != fact.loan_id)
    match fact:
        case CaseLoanRequested():
            return replace(state, loans_waiting=(*waiting, fact.loan_id), loan_wanted=False)
        case CaseLoanReserved():
            loans = (*state.loans, fact.loan_id)
            return replace(state, loans=loans, loans_waiting=waiting, loan_wanted=False)
        case CaseLoanEnded():
            loans = tuple(one for one in state.loans if one != fact.loan_id)
            return replace(state, loans=loans, loans_waiting=waiting)
        case _:
            assert_never(fact)


def ended(state: CaseState, fact: Ending, at: datetime) -> CaseState:
    match fact:
        case c.CaseResolved():
            resolved = _over(reached(_mended(state, at), "resolved", at), "resolved")
            return on_assignment(resolved, slot=None)
        case c.CaseSignedOff():
            signed = replace(state, signature=fact.signature)
            return _over(reached(signed, "signed_off", at), "signed_off")
        case c.CaseClosed():
            return _over(reached(state, "closed", at), "closed")
        case c.CaseWithdrawn():
            return _over(reached(state, "withdrawn", at), "withdrawn")
        case c.CaseMerged():
            return replace(_over(state, "merged"), merged_into=fact.into)
        case c.CaseReopened():
            return _reopened(state, at)
        case _:
            assert_never(fact)


def _mended(state: CaseState, at: datetime) -> CaseState:
    """The first word of it counts, whichever it is."""
    if state.works_again or state.failed_at is None:
        return state
    ended = Repair(began=state.failed_at, ended=at)
    return replace(state, repairs=(*state.repairs, ended))


def _over(state: CaseState, stage: Stage) -> CaseState:
    return replace(
        state,
        stage=stage,
        wanted=None,
        wanted_since=None,
        paused_for=None,
        # Access to a case that another service ended is still to be ended, and spoken of (DP-03).
        remote_since=state.remote_since if stage in ("withdrawn", "merged") else None,
        loan_wanted=False,
        breached=frozenset() if stage in ENDED else state.breached,
    )


def _reopened(state: CaseState, at: datetime) -> CaseState:
    mode: c.Mode = "onsite" if state.onsite_required else "hotline"
    return replace(
        state,
        stage="open",
        cycle=state.cycle + 1,
        failed_at=at,
        milestones={},
        wanted=mode,
        wanted_since=at,
        assignment=None,
        former=(),
        expert=None,
        declined_by=(),
        record=None,
        due={},
        alerts={},
    )
