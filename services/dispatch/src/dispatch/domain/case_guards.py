"""What stands in the way of a command, in words that name the state of the case."""

from datetime import datetime

from aftercare_events.decider import Refused

from .case_state import Assignment, CaseState
from .case_steps import SKEW, former_at


def not_before_report(at: datetime, state: CaseState) -> None:
    if state.reported_at is not None and at < state.reported_at - SKEW:
        raise Refused(
            "before-report",
            f"the case was reported at {state.reported_at.isoformat()}",
            "occurred_at",
        )


def not_before(milestone: str, at: datetime, state: CaseState) -> None:
    """What rests on a milestone that was reached comes after it."""
    reached = state.milestones.get(milestone)
    if reached is not None and at < reached - SKEW:
        raise Refused("out-of-order", f"{milestone} at {reached.isoformat()}", "occurred_at")


def must_be_open(state: CaseState) -> None:
    if state.stage != "open":
        raise in_the_way(state, "the work on it is over")


def must_have_been_open(at: datetime, state: CaseState) -> None:
    """Work may be reported after resolution, as long as it happened before."""
    if state.ended or (state.stage != "open" and at > state.milestones["resolved"]):
        raise in_the_way(state, "report what happened before that with its own `occurred_at`")


def in_the_way(state: CaseState, detail: str) -> Refused:
    stage = state.stage.replace("_", "-")
    return Refused(f"case-{stage}", f"the case is {stage}: {detail}")


def business_lead_holds(state: CaseState) -> Refused:
    return Refused("business-lead-holds", f"{state.holder} answers commercial questions (DP-29)")


def must_be_first(state: CaseState, milestone: str) -> None:
    if milestone in state.milestones:
        since = state.milestones[milestone].isoformat()
        raise Refused(f"already-{milestone}", f"{milestone} at {since}")


def done_by(engineer_id: str | None, state: CaseState, at: datetime) -> Assignment:
    """As `held_by`, or of whoever had the case at `at`: what is told late counts all the same."""
    then = former_at(state, engineer_id, at) if engineer_id else None
    held = state.assignment
    if then is not None and (held is None or held.engineer_id != engineer_id):
        return then.held
    return held_by(engineer_id, state)


def held_by(engineer_id: str | None, state: CaseState) -> Assignment:
    if state.assignment is None:
        raise Refused("not-assigned", "nobody has this case yet")
    if engineer_id not in (None, state.assignment.engineer_id):
        raise Refused("not-the-holder", f"the case is with {state.assignment.engineer_id}")
    return state.assignment
