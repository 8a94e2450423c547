"""Who gets a case: chosen by a person, by the machine, or by nobody for want of anybody."""

from collections.abc import Sequence
from typing import assert_never

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused

from . import commands as cmd
from .advising import require_onsite
from .case_facts import Fact
from .case_guards import business_lead_holds, must_be_open
from .case_state import Assignment, CaseState


def decide(command: cmd.Assigning, state: CaseState) -> Sequence[Fact]:
    must_be_open(state)
    if state.commercial and isinstance(command, cmd.Assign):
        raise business_lead_holds(state)
    match command:
        case cmd.Assign():
            return assign(command, state)
        case cmd.AssignChosen():
            return assign_chosen(command, state)
        case cmd.FindNobody():
            return find_nobody(command, state)
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
    if command.slot is not None and command.slot.end <= command.at:
        raise Refused("slot-over", "a visit that was over before it was planned", "slot")
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
