"""A case as dispatch sees it: what happened folds into where it stands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, assert_never, get_args

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue import business
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.catalogue.dispatch import (
    CaseLoanEnded,
    CaseLoanRequested,
    CaseLoanReserved,
)
from aftercare_events.catalogue.emergency import PlanActivated, PlanStepDone, TeamCalled
from aftercare_events.catalogue.incident import CaseIncidentLinked
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.catalogue.partner import PartnerAccepted, PartnerAsked, PartnerSilent
from aftercare_events.catalogue.sla import (
    AlertRaised,
    AlertResolved,
    BreachWithdrawn,
    CasePromised,
    ClockBreached,
)
from aftercare_events.catalogue.work import (
    CostsRecorded,
    DefectClaimed,
    DefectDecided,
    HandOverTold,
    ScopeAsked,
    ScopeDecided,
    TakenBack,
)
from aftercare_events.milestones import MET_BY

from . import emergency_state, with_partner, work_state
from .slot import Slot
from .support import first_mode

Stage = Literal["unknown", "open", "resolved", "signed_off", "closed", "withdrawn", "merged"]
Status = Literal[
    "waiting",
    "assigned",
    "accepted",
    "travelling",
    "on_site",
    "restored",
    "resolved",
    "signed_off",
    "closed",
    "withdrawn",
    "merged",
]

Describing = c.CaseReported | c.SeverityChanged | c.CaseReclassified | CustomerAssigned
Holding = (
    c.CaseAssigned
    | c.CaseAccepted
    | c.CaseDeclined
    | c.EngineerRejected
    | c.EscalatedToExpert
    | c.CaseUnattended
)
Visiting = (
    c.OnsiteRequired | c.EndExpected | c.EngineerDeparted | c.EngineerArrived | c.EngineerAttended
)
Working = (
    c.CustomerContacted
    | c.CaseResponded
    | c.CaseDiagnosed
    | c.RemoteStarted
    | c.RemoteEnded
    | c.CasePaused
    | c.CaseResumed
    | c.ServiceRestored
    | c.MaintenanceRecorded
    | c.PhotoAdded
)
Ending = (
    c.CaseResolved
    | c.CaseSignedOff
    | c.CaseClosed
    | c.CaseReopened
    | c.CaseWithdrawn
    | c.CaseMerged
)
Lending = CaseLoanRequested | CaseLoanReserved | CaseLoanEnded
Judging = ClockBreached | BreachWithdrawn
Promising = CasePromised | AlertRaised | AlertResolved
Linking = CaseIncidentLinked | NoticeIssued
Fact = (
    Describing
    | Holding
    | Visiting
    | Working
    | Ending
    | Lending
    | Judging
    | Promising
    | Linking
    | work_state.Fact
    | with_partner.Fact
    | emergency_state.Fact
)


class Assignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who has the case. `slot` is the visit that is booked in the engineer's day.

    `why` is the machine's explanation; a person's choice has none, but perhaps a reason.
    `answered`: accepted, or something was done about the case since.
    """

    engineer_id: str
    mode: c.Mode
    at: datetime
    why: dict[str, Any] | None = None
    override_reason: str | None = None
    overridden: tuple[str, ...] = ()
    accepted: bool = False
    answered: bool = False
    answer_by: datetime | None = None
    slot: Slot | None = None
    expected_end: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    lacks: tuple[c.Lack, ...] = ()

    @property
    def by_hand(self) -> bool:
        return self.why is None


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """The device failed at `began`, as reported, and worked again at `ended`."""

    began: datetime
    ended: datetime


class CaseState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`report` holds the attributes as they are now; `milestones` the times of this cycle.

    `wanted` is the mode in which somebody is still looked for, None while nobody is; `unattended`
    says that nobody was found although the contract takes it up at once.
    `failed_at` is when this cycle began, `repairs` how each came to its end.
    `breached` names the clocks whose time passed and whose milestone is still to come, `due` says
    until when each was promised, as far as the log has told, and `alerts` what step rang.
    """

    stage: Stage = "unknown"
    report: c.CaseReported | None = None
    reported_at: datetime | None = None
    regraded_at: datetime | None = None
    cycle: int = 1
    failed_at: datetime | None = None
    repairs: tuple[Repair, ...] = ()
    milestones: dict[str, datetime] = {}
    wanted: c.Mode | None = None
    wanted_since: datetime | None = None
    unattended: bool = False
    assignment: Assignment | None = None
    declined_by: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    expert: str | None = None
    onsite_required: bool = False
    remote_since: datetime | None = None
    paused_for: str | None = None
    record: c.MaintenanceRecord | None = None
    photos: tuple[str, ...] = ()
    signature: str | None = None
    loans: tuple[str, ...] = ()
    loans_waiting: tuple[str, ...] = ()
    loan_wanted: bool = False
    breached: frozenset[str] = frozenset()
    due: dict[str, datetime] = {}
    alerts: dict[str, c.Step] = {}
    work: work_state.Work = work_state.Work()
    notices: tuple[str, ...] = ()
    measured: dict[str, str] = {}
    incident: str | None = None
    emergencies: emergency_state.Emergencies = ()

    @property
    def next_due(self) -> tuple[str, datetime] | None:
        """The promise that is to be kept first, with its clock; perhaps it has passed already."""
        soonest = min(self.due.items(), key=lambda item: (item[1], item[0]), default=None)
        return None if self.ended else soonest

    @property
    def rank(self) -> c.Step | None:
        """The highest step that rang and is not resolved."""
        return max(self.alerts.values(), key=STEPS.index, default=None)

    @property
    def commercial(self) -> bool:
        """Whether the business lead answers it, and no engineer is sent (DP-29)."""
        report = self.report
        return report is not None and business.is_commercial(report.kind, report.category)

    @property
    def holder(self) -> str | None:
        """Who has it now (DP-09): the expert group or vendor it was passed to, or the engineer.

        A commercial question is the business lead's until it is answered (DP-29).
        """
        if self.commercial:
            return business.LEAD if self.stage == "open" else None
        return self.expert or (self.assignment.engineer_id if self.assignment else None)

    @property
    def held_since(self) -> datetime | None:
        if self.commercial:
            return self.regraded_at or self.reported_at if self.holder else None
        if self.expert is not None:
            return self.work.hand_overs[-1].since if self.work.hand_overs else None
        return self.assignment.at if self.assignment else None

    @property
    def held_over(self) -> work_state.HandOver | None:
        """The hand-over by which experts, vendor or partner have it now."""
        return self.work.hand_overs[-1] if self.expert and self.work.hand_overs else None

    @property
    def silent_partner(self) -> work_state.HandOver | None:
        """The hand-over to a partner who did not answer, while somebody else is looked for."""
        last = self.work.hand_overs[-1] if self.wanted and self.work.hand_overs else None
        return last if last and last.silent_at else None

    @property
    def had_by(self) -> frozenset[str]:
        """The engineers who have it, or gave it up."""
        holding = (self.assignment.engineer_id,) if self.assignment else ()
        return frozenset((*holding, *self.declined_by, *self.rejected))

    @property
    def answer_due(self) -> datetime | None:
        """When whoever was asked last must have answered (DP-05); None: nobody waits for it."""
        held = self.assignment
        if held is None or held.answered or self.stage != "open" or self.wanted or self.expert:
            return None
        if self.commercial:
            return None
        return held.answer_by

    @property
    def visit(self) -> tuple[str, Slot] | None:
        """The engineer's time that this case occupies."""
        if self.assignment is None or self.assignment.slot is None:
            return None
        return self.assignment.engineer_id, self.assignment.slot

    @property
    def ended(self) -> bool:
        return self.stage in ENDED

    @property
    def works_again_since(self) -> datetime | None:
        """When the own device did: restored, or resolved without a word about it."""
        return self.milestones.get("restored") or self.milestones.get("resolved")

    @property
    def works_again(self) -> bool:
        return self.works_again_since is not None


STEPS: tuple[c.Step, ...] = get_args(c.Step)
ENDED: frozenset[Stage] = frozenset({"closed", "withdrawn", "merged"})
INITIAL = CaseState()


def status(state: CaseState) -> Status:
    """One word for a list, by what happened last on the way to the end."""
    if state.stage not in ("open", "unknown"):
        return state.stage
    if "restored" in state.milestones:
        return "restored"
    if state.assignment is None:
        return "waiting"
    if state.assignment.arrived_at:
        return "on_site"
    if state.assignment.departed_at:
        return "travelling"
    return "accepted" if state.assignment.accepted else "assigned"


def evolve(state: CaseState, fact: Fact, at: datetime) -> CaseState:
    """The case after `fact`, which happened at `at`. Never refuses: the log is right."""
    after = _evolved(state, fact, at)
    if not after.commercial:
        back = state.commercial and after.wanted is None and after.expert is None
        return _wanting(after, at) if back else after
    return replace(after, wanted=None, wanted_since=None) if after.wanted else after


def _evolved(state: CaseState, fact: Fact, at: datetime) -> CaseState:
    match fact:
        case c.CaseReported() | c.SeverityChanged() | c.CaseReclassified() | CustomerAssigned():
            return _described(state, fact, at)
        case (
            c.CaseAssigned()
            | c.CaseAccepted()
            | c.CaseDeclined()
            | c.EngineerRejected()
            | c.EscalatedToExpert()
            | c.CaseUnattended()
        ):
            return _held(state, fact, at)
        case (
            c.OnsiteRequired()
            | c.EndExpected()
            | c.EngineerDeparted()
            | c.EngineerArrived()
            | c.EngineerAttended()
        ):
            return _visited(state, fact, at)
        case CaseIncidentLinked() | NoticeIssued():
            return _linked(state, fact)
        case PlanActivated() | PlanStepDone() | TeamCalled():
            plans = emergency_state.evolve(state.emergencies, fact, at)
            return replace(state, emergencies=plans)
        case (
            CaseLoanRequested()
            | CaseLoanReserved()
            | CaseLoanEnded()
            | ClockBreached()
            | BreachWithdrawn()
        ):
            return _judged_or_lent(state, fact)
        case CasePromised() | AlertRaised() | AlertResolved():
            return _promised(state, fact)
        case (
            c.CaseResolved()
            | c.CaseSignedOff()
            | c.CaseClosed()
            | c.CaseReopened()
            | c.CaseWithdrawn()
            | c.CaseMerged()
        ):
            return _ended(state, fact, at)
        case (
            HandOverTold()
            | TakenBack()
            | ScopeAsked()
            | ScopeDecided()
            | CostsRecorded()
            | DefectClaimed()
            | DefectDecided()
            | PartnerAsked()
            | PartnerAccepted()
            | PartnerSilent()
        ):
            return _agreed(state, fact, at)
        case _:
            return _answered(_worked(state, fact, at), fact)


def _linked(state: CaseState, fact: Linking) -> CaseState:
    match fact:
        case CaseIncidentLinked():
            return replace(state, incident=fact.incident_id)
        case NoticeIssued():
            return replace(state, notices=(*state.notices, fact.notice_id))
        case _:
            assert_never(fact)


def _answered(state: CaseState, fact: Working) -> CaseState:
    """Whoever works on a case has taken it on; a pause is no work."""
    if isinstance(fact, c.CasePaused | c.CaseResumed):
        return state
    return _on_assignment(state, answered=True)


def _agreed(state: CaseState, fact: work_state.Fact | with_partner.Fact, at: datetime) -> CaseState:
    if isinstance(fact, with_partner.Fact):
        return _with_partner(state, fact, at)
    agreed = replace(state, work=work_state.evolve(state.work, fact, at))
    if not isinstance(fact, TakenBack):
        return agreed
    given_back = replace(agreed, expert=None)
    nobody = state.assignment is None and state.wanted is None
    return _wanting(given_back, at) if nobody else given_back


def _with_partner(state: CaseState, fact: with_partner.Fact, at: datetime) -> CaseState:
    """Nobody else is looked for while a partner has it (DP-26)."""
    told = replace(state, work=with_partner.evolve(state.work, fact, at))
    match fact:
        case PartnerAsked():
            return replace(told, wanted=None, wanted_since=None, unattended=False)
        case PartnerAccepted():
            return told
        case PartnerSilent():
            return _wanting(replace(told, expert=None), at)


def _described(state: CaseState, fact: Describing, at: datetime) -> CaseState:
    match fact:
        case c.CaseReported():
            mode = first_mode(fact)
            wanted_since = fact.planned_for or at
            return CaseState(
                stage="open",
                report=fact,
                reported_at=at,
                failed_at=at,
                wanted=mode,
                wanted_since=wanted_since,
            )
        case c.SeverityChanged():
            graded = _with_report(state, lambda report: replace(report, severity=fact.severity))
            return replace(graded, regraded_at=at)
        case c.CaseReclassified():
            named = _named(fact, RECLASSIFIED)
            classified = _with_report(state, lambda report: replace(report, **named))
            return replace(classified, regraded_at=at)
        case CustomerAssigned():
            named = _named(fact, ASSIGNED)
            placed = _with_report(state, lambda report: replace(report, **named))
            return replace(placed, regraded_at=at)
        case _:
            assert_never(fact)


RECLASSIFIED = ("kind", "category", "place", "distance_km", "device_id", "use_affected")
ASSIGNED = (
    "customer_id",
    "contract_id",
    "policy",
    "policy_version",
    "policy_options",
    "site_id",
    "device_id",
    "category",
    "place",
    "distance_km",
    "entitlement",
)


def _named(fact: c.CaseReclassified | CustomerAssigned, names: Sequence[str]) -> dict[str, Any]:
    """The attributes that an event names; those it leaves out stay as they are."""
    return {name: value for name in names if (value := getattr(fact, name)) is not None}


def _with_report(state: CaseState, change: Callable[[c.CaseReported], c.CaseReported]) -> CaseState:
    return replace(state, report=change(state.report)) if state.report else state


def _held(state: CaseState, fact: Holding, at: datetime) -> CaseState:
    match fact:
        case c.CaseAssigned():
            return replace(
                reached(state, "assigned", at),
                assignment=_assignment(fact, at),
                wanted=None,
                wanted_since=None,
                expert=None,
                unattended=False,
            )
        case c.CaseAccepted():
            return _on_assignment(reached(state, "accepted", at), accepted=True, answered=True)
        case c.CaseDeclined():
            decliner = fact.engineer_id or (state.holder or "")
            return _wanting(replace(state, declined_by=(*state.declined_by, decliner)), at)
        case c.EngineerRejected():
            rejected = replace(state, rejected=(*state.rejected, fact.engineer_id))
            return _wanting(rejected, at) if _holds(state, fact.engineer_id) else rejected
        case c.EscalatedToExpert():
            passed = work_state.handed_over(state.work, fact, at)
            return _on_assignment(replace(state, expert=fact.target, work=passed), slot=None)
        case c.CaseUnattended():
            return replace(state, unattended=True)
        case _:
            assert_never(fact)


def _assignment(fact: c.CaseAssigned, at: datetime) -> Assignment:
    slot = Slot(fact.slot_start, fact.slot_end) if fact.slot_start and fact.slot_end else None
    return Assignment(
        engineer_id=fact.engineer_id,
        mode=fact.mode or "onsite",
        at=at,
        why=fact.why,
        override_reason=fact.override_reason,
        overridden=fact.overridden,
        answer_by=fact.answer_by,
        slot=slot,
    )


def _holds(state: CaseState, engineer_id: str) -> bool:
    return state.assignment is not None and state.assignment.engineer_id == engineer_id


def _wanting(state: CaseState, at: datetime) -> CaseState:
    """Back on the list, in the mode that was lost; nobody is looked for once it is over."""
    if state.stage != "open":
        return state
    first: c.Mode = first_mode(state.report) if state.report else "hotline"
    mode: c.Mode = state.assignment.mode if state.assignment else first
    return replace(
        state,
        assignment=None,
        wanted="onsite" if state.onsite_required else mode,
        wanted_since=at,
        unattended=False,
    )


def _visited(state: CaseState, fact: Visiting, at: datetime) -> CaseState:
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
            return _on_assignment(reached(state, "departed", at), departed_at=at, answered=True)
        case c.EngineerArrived():
            return _on_assignment(
                reached(state, "arrived", at), arrived_at=at, lacks=(), answered=True
            )
        case c.EngineerAttended():
            return _on_assignment(state, arrived_at=at, lacks=fact.lacks, answered=True)
        case _:
            assert_never(fact)


def _until(state: CaseState, fact: c.EndExpected) -> CaseState:
    held = state.assignment
    if held is None or held.engineer_id != fact.engineer_id:
        return state
    slot = Slot(held.slot.start, fact.expected_end) if held.slot else None
    return _on_assignment(state, expected_end=fact.expected_end, slot=slot)


def _worked(state: CaseState, fact: Working, at: datetime) -> CaseState:
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
    over = "restored" in state.milestones and state.record is not None
    return _on_assignment(state, slot=None) if over else state


def _judged_or_lent(state: CaseState, fact: Judging | Lending) -> CaseState:
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


def _promised(state: CaseState, fact: Promising) -> CaseState:
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


def _ended(state: CaseState, fact: Ending, at: datetime) -> CaseState:
    match fact:
        case c.CaseResolved():
            resolved = _over(reached(_mended(state, at), "resolved", at), "resolved")
            return _on_assignment(resolved, slot=None)
        case c.CaseSignedOff():
            signed = replace(state, signature=fact.signature)
            return _over(reached(signed, "signed_off", at), "signed_off")
        case c.CaseClosed():
            return _over(reached(state, "closed", at), "closed")
        case c.CaseWithdrawn():
            return _over(state, "withdrawn")
        case c.CaseMerged():
            return _over(state, "merged")
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
        remote_since=None,
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
        expert=None,
        declined_by=(),
        record=None,
        due={},
        alerts={},
    )


def reached(state: CaseState, milestone: str, at: datetime) -> CaseState:
    """The first report of a milestone stands; a later one never moves it."""
    if milestone in state.milestones:
        return state
    kept = MET_BY.get(milestone, frozenset[str]())
    return replace(
        state,
        milestones={**state.milestones, milestone: at},
        breached=state.breached - kept,
        due={clock: due for clock, due in state.due.items() if clock not in kept},
    )


def _on_assignment(state: CaseState, **changes: object) -> CaseState:
    if state.assignment is None:
        return state
    return replace(state, assignment=replace(state.assignment, **changes))
