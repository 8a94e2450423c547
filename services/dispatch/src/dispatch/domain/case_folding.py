"""What happened to a case folds into where it stands."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, assert_never

from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.catalogue.incident import CaseIncidentLinked
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.catalogue.partner import (
    PartnerAbsent,
    PartnerAccepted,
    PartnerAsked,
    PartnerSilent,
)
from aftercare_events.catalogue.work import (
    TakenBack,
)

from . import emergency_state, with_partner, work_state
from .case_facts import (
    Describing,
    Ending,
    Fact,
    Holding,
    Judging,
    Lending,
    Linking,
    Promising,
    Visiting,
    Working,
)
from .case_progress import ended, judged_or_lent, promised, visited, worked
from .case_state import Assignment, CaseState
from .case_steps import given_up, on_assignment, on_assignment_of, reached, slot_of, wanting
from .support import first_mode


def evolve(state: CaseState, fact: Fact, at: datetime) -> CaseState:
    """The case after `fact`, which happened at `at`. Never refuses: the log is right."""
    after = _evolved(state, fact, at)
    if not after.commercial:
        back = state.commercial and after.wanted is None and after.expert is None
        return wanting(after, at) if back else after
    return replace(after, wanted=None, wanted_since=None) if after.wanted else after


def _evolved(state: CaseState, fact: Fact, at: datetime) -> CaseState:
    if isinstance(fact, Describing):
        return _described(state, fact, at)
    if isinstance(fact, Holding):
        return _held(state, fact, at)
    if isinstance(fact, Visiting):
        return visited(state, fact, at)
    if isinstance(fact, Linking):
        return _linked(state, fact)
    if isinstance(fact, emergency_state.Fact):
        plans = emergency_state.evolve(state.emergencies, fact, at)
        return replace(state, emergencies=plans)
    if isinstance(fact, Lending | Judging):
        return judged_or_lent(state, fact)
    if isinstance(fact, Promising):
        return promised(state, fact)
    if isinstance(fact, Ending):
        return ended(state, fact, at)
    if isinstance(fact, work_state.Fact | with_partner.Fact):
        return _agreed(state, fact, at)
    return _answered(worked(state, fact, at), fact)


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
    return on_assignment(state, answered=True)


def _agreed(state: CaseState, fact: work_state.Fact | with_partner.Fact, at: datetime) -> CaseState:
    if isinstance(fact, with_partner.Fact):
        return _with_partner(state, fact, at)
    agreed = replace(state, work=work_state.evolve(state.work, fact, at))
    if not isinstance(fact, TakenBack):
        return agreed
    given_back = replace(agreed, expert=None)
    nobody = state.assignment is None and state.wanted is None
    return wanting(given_back, at) if nobody else given_back


def _with_partner(state: CaseState, fact: with_partner.Fact, at: datetime) -> CaseState:
    """Nobody else is looked for while a partner has it (DP-26)."""
    told = replace(state, work=with_partner.evolve(state.work, fact, at))
    match fact:
        case PartnerAsked():
            return replace(told, wanted=None, wanted_since=None, unattended=False)
        case PartnerAccepted():
            return told
        case PartnerSilent() | PartnerAbsent():
            return wanting(replace(told, expert=None), at)


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
                reached(_given_back(_taken_over(state, fact, at), at), "assigned", at),
                assignment=_assignment(fact, at),
                wanted=None,
                wanted_since=None,
                expert=None,
                unattended=False,
            )
        case c.CaseAccepted():
            accepted = reached(state, "accepted", at)
            return on_assignment_of(accepted, fact.engineer_id, at, accepted=True, answered=True)
        case c.CaseDeclined():
            decliner = fact.engineer_id or (state.holder or "")
            # Whoever was away said nothing against the case, and may have it once they are back.
            declined_by = state.declined_by if fact.away else (*state.declined_by, decliner)
            return wanting(replace(state, declined_by=declined_by), at)
        case c.EngineerRejected():
            rejected = replace(state, rejected=(*state.rejected, fact.engineer_id))
            return wanting(rejected, at) if _holds(state, fact.engineer_id) else rejected
        case c.EscalatedToExpert():
            passed = work_state.handed_over(state.work, fact, at)
            over = replace(
                state,
                expert=fact.target,
                work=passed,
                wanted=None,
                wanted_since=None,
                unattended=False,
            )
            # Whoever handed it on has left, and comes again if it is given back.
            return on_assignment(over, slot=None, departed_at=None, arrived_at=None)
        case c.CaseUnattended():
            return replace(state, unattended=True)
        case _:
            assert_never(fact)


def _taken_over(state: CaseState, fact: c.CaseAssigned, at: datetime) -> CaseState:
    return state if _holds(state, fact.engineer_id) else given_up(state, at)


def _given_back(state: CaseState, at: datetime) -> CaseState:
    """Whom the case is given to has it instead of experts or a vendor (DP-09)."""
    if state.held_over is None:
        return state
    return replace(state, work=work_state.on_last(state.work, given_back_at=at))


def _assignment(fact: c.CaseAssigned, at: datetime) -> Assignment:
    return Assignment(
        engineer_id=fact.engineer_id,
        mode=fact.mode or "onsite",
        at=at,
        why=fact.why,
        override_reason=fact.override_reason,
        overridden=fact.overridden,
        answer_by=fact.answer_by,
        slot=slot_of(fact),
    )


def _holds(state: CaseState, engineer_id: str) -> bool:
    return state.assignment is not None and state.assignment.engineer_id == engineer_id
