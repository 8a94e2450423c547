"""Work out of scope, defects, and what work costs; handing a case over has its own file."""

from collections.abc import Sequence

from aftercare_events.catalogue import work as w
from aftercare_events.decider import Refused

from . import commands as cmd
from . import costs, handing_over
from .case_state import CaseState

Agreeing = w.ScopeAsked | w.ScopeDecided | w.CostsRecorded | w.DefectClaimed | w.DefectDecided
Decided = Sequence[handing_over.Fact | Agreeing]


def decide(command: cmd.Agreeing, state: CaseState) -> Decided:
    """Raises Refused."""
    match command:
        case cmd.AskScope():
            number = len(state.work.scope) + 1
            asked = w.ScopeAsked(
                case_id=command.case_id, number=number, description=command.description
            )
            return [asked]
        case cmd.DecideScope():
            return decide_scope(command, state)
        case cmd.ClaimDefect():
            number = len(state.work.defects) + 1
            claimed = w.DefectClaimed(
                case_id=command.case_id, number=number, description=command.description
            )
            return [claimed]
        case cmd.DecideDefect():
            return decide_defect(command, state)
        case cmd.RecordCosts():
            return record_costs(command, state)
        case _:
            return handing_over.decide(command, state)


def decide_scope(command: cmd.DecideScope, state: CaseState) -> Decided:
    """Once, by somebody with a name and for a reason (DP-19)."""
    asked = {one.number: one for one in state.work.scope}
    if command.number not in asked:
        raise Refused("scope-unknown", f"nothing was asked as number {command.number}", "number")
    if (before := asked[command.number]).approved is not None:
        word = "approved" if before.approved else "refused"
        raise Refused("scope-decided", f"{before.decided_by} {word} it")
    return [
        w.ScopeDecided(
            case_id=command.case_id,
            number=command.number,
            approved=command.approved,
            decided_by=command.decided_by,
            reason=command.reason,
        )
    ]


def scope_settled(state: CaseState) -> None:
    """Raises Refused while the maintenance director has to decide (DP-19)."""
    if waiting := state.work.undecided:
        told = ", ".join(map(str, waiting))
        raise Refused("scope-pending", f"to be approved or refused first: number {told} (DP-19)")


def decide_defect(command: cmd.DecideDefect, state: CaseState) -> Decided:
    """Once, by somebody with a name and for a reason (DP-29)."""
    claimed = {one.number: one for one in state.work.defects}
    if command.number not in claimed:
        raise Refused("defect-unknown", f"nothing was claimed as number {command.number}", "number")
    if (before := claimed[command.number]).confirmed is not None:
        raise Refused("defect-decided", f"{before.decided_by} decided on it")
    return [
        w.DefectDecided(
            case_id=command.case_id,
            number=command.number,
            confirmed=command.confirmed,
            decided_by=command.decided_by,
            reason=command.reason,
        )
    ]


def defects_made_good(state: CaseState) -> None:
    """Raises Refused while a claim is open, or a confirmed defect is not replaced (DP-29)."""
    if any(one.confirmed is None for one in state.work.defects):
        raise Refused("defect-pending", "a claimed defect is to be confirmed or refused first")
    confirmed = any(one.confirmed for one in state.work.defects)
    if confirmed and not (state.record and state.record.replaced):
        raise Refused(
            "replacement-due",
            "a confirmed defect gives a free replacement: the record says what was replaced",
            missing=["record.replaced"],
        )


def record_costs(command: cmd.RecordCosts, state: CaseState) -> Decided:
    """Until the case is closed; what the customer pays follows from contract and scope (DP-20)."""
    scope_settled(state)
    if command.number is not None and not 0 < command.number <= len(state.work.costs):
        raise Refused("costs-unknown", f"there is no entry {command.number}", "number")
    approved = {one.number for one in state.work.scope if one.approved}
    if command.scope is not None and command.scope not in approved:
        raise Refused("scope-not-approved", "the work was not approved (DP-19)", "scope")
    defects = {one.number for one in state.work.defects if one.confirmed}
    if command.defect is not None and command.defect not in defects:
        raise Refused("defect-not-confirmed", "the defect was not confirmed (DP-29)", "defect")
    report = state.report
    charged = (
        report is not None
        and command.defect is None
        and costs.is_charged(
            report,
            follow_up=state.cycle > 1 or (bool(state.work.costs) and command.number != 1),
            out_of_scope=command.scope is not None,
            guaranteed=state.work.guarantee is not None,
        )
    )
    return [
        w.CostsRecorded(
            case_id=command.case_id,
            number=command.number or len(state.work.costs) + 1,
            charged=charged,
            **command.said(),
        )
    ]
