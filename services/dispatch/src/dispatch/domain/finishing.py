"""The end of the work on a case: resolved, signed off, closed, or begun anew."""

from collections.abc import Sequence
from typing import assert_never

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused

from . import commands as cmd
from . import record, work
from .advising import remote_ended
from .case_facts import Fact
from .case_guards import in_the_way, must_be_open, not_before
from .case_state import CaseState


def decide(command: cmd.Finishing, state: CaseState) -> Sequence[Fact]:
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


def resolve(command: cmd.Resolve, state: CaseState) -> Sequence[Fact]:
    """What was paused goes on first: after a reopening nobody could resume it.

    Remote access ends with the work, and the customer is reminded of the passwords (DP-03).
    """
    must_be_open(state)
    not_before("restored", command.at, state)
    _recorded(state)
    work.scope_settled(state)
    work.defects_made_good(state)
    if command.figures and "restored" not in state.milestones:
        raise Refused("restoration-unchecked", "`restore` with what was measured first (DP-29)")
    resolved = c.CaseResolved(case_id=command.case_id, resolution=command.resolution)
    before: list[Fact] = []
    if state.paused_for is not None:
        before.append(c.CaseResumed(case_id=command.case_id, reason=state.paused_for))
    if state.remote_since is not None:
        before.extend(remote_ended(command.case_id, state, "solved", command.at))
    return [*before, resolved]


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
        raise in_the_way(state, "only resolved work is signed off")
    not_before("resolved", command.at, state)
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
        raise in_the_way(state, "a case closes once it is resolved")
    not_before("resolved", command.at, state)
    if state.loans and not command.despite_loan:
        raise Refused("loan-out", f"still lent for this case: {', '.join(state.loans)}")
    if command.despite_loan and not command.reason:
        raise Refused("reason-required", "closing despite a loan needs a reason", "reason")
    return [c.CaseClosed(case_id=command.case_id, reason=command.reason)]


def reopen(command: cmd.Reopen, state: CaseState) -> Sequence[Fact]:
    if state.stage not in ("resolved", "signed_off", "closed"):
        raise in_the_way(state, "only a case that was resolved can be reopened")
    not_before("resolved", command.at, state)
    return [c.CaseReopened(case_id=command.case_id, reason=command.reason)]
