"""Help from afar: the hotline, remote work, and the step to a visit (DP-02, DP-03)."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused

from . import commands as cmd
from .case_facts import Fact
from .case_guards import business_lead_holds, must_be_first, must_have_been_open
from .case_state import CaseState
from .reminders import to_change_passwords


def decide(command: cmd.Advising, state: CaseState) -> Sequence[Fact]:
    # What began before a case was withdrawn or merged is ended, and spoken of, all the same.
    if not (isinstance(command, cmd.EndRemote) and state.remote_since is not None):
        must_have_been_open(command.at, state)
    match command:
        case cmd.Contact():
            must_be_first(state, "contacted")
            return [c.CustomerContacted(case_id=command.case_id, note=command.note)]
        case cmd.Respond():
            must_be_first(state, "responded")
            return [c.CaseResponded(case_id=command.case_id, note=command.note)]
        case cmd.Diagnose():
            must_be_first(state, "diagnosed")
            return [c.CaseDiagnosed(case_id=command.case_id, finding=command.finding)]
        case cmd.StartRemote():
            return start_remote(command, state)
        case cmd.EndRemote():
            return end_remote(command, state)
        case cmd.RequireOnsite():
            return require_onsite(command.case_id, state, command.reason)
        case _:
            assert_never(command)


def start_remote(command: cmd.StartRemote, state: CaseState) -> Sequence[Fact]:
    if not (command.consent_ref or "").strip():
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
    ended = remote_ended(command.case_id, state, command.outcome, command.at)
    if command.outcome == "solved" or state.stage != "open":
        return ended
    return [*ended, *require_onsite(command.case_id, state, f"remote_{command.outcome}")]


def remote_ended(
    case_id: str, state: CaseState, outcome: c.RemoteOutcome, at: datetime
) -> Sequence[Fact]:
    ended = c.RemoteEnded(case_id=case_id, outcome=outcome)
    return [ended] if state.remote_since is None else [ended, to_change_passwords(case_id, at)]


def require_onsite(case_id: str, state: CaseState, reason: str | None) -> Sequence[Fact]:
    """Nothing where a visit is required already: the requirement stands."""
    if state.onsite_required:
        return []
    if state.commercial:
        raise business_lead_holds(state)
    return [c.OnsiteRequired(case_id=case_id, reason=reason)]
