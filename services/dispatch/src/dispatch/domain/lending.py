"""A loan, its unit and its case change together, in one batch."""

from collections.abc import Sequence
from typing import assert_never

from aftercare_events.catalogue.loan import (
    CaseLoanEnded,
    CaseLoanRequested,
    CaseLoanReserved,
    LoanCause,
)
from aftercare_events.decider import Refused

from . import loan, unit
from .case_state import CaseState

Fact = loan.Fact | unit.Fact | CaseLoanRequested | CaseLoanReserved | CaseLoanEnded


def lend(
    command: loan.Reserve, case: CaseState, spare: unit.UnitState, state: loan.LoanState
) -> Sequence[Fact]:
    """The loan's own fact comes last; none when the machine would lend what was lent already.

    Raises Refused: the case is over, the unit is with another loan.
    """
    if command.automatic and not _still_wanted(command.cause, case, state):
        return []
    _not_over(case)
    reserved = unit.Reserve(unit_id=command.unit_id, loan_id=command.loan_id)
    return [
        *unit.decide(reserved, spare),
        CaseLoanReserved(case_id=command.case_id, loan_id=command.loan_id, unit_id=command.unit_id),
        *loan.decide(command, state),
    ]


def wait(command: loan.Request, case: CaseState, state: loan.LoanState) -> Sequence[Fact]:
    """No unit that fits is free: the case waits for one, unless its own device works again.

    Raises Refused.
    """
    said = command.said
    if said.automatic and not _still_wanted(said.cause, case, state):
        return []
    _not_over(case)
    if case.works_again:
        raise Refused("no-unit-free", "no fitting unit is free, and the own device works again")
    return [
        CaseLoanRequested(case_id=said.case_id, loan_id=said.loan_id),
        *loan.decide(command, state),
    ]


def cancel(command: loan.Cancel, state: loan.LoanState) -> Sequence[Fact]:
    """Raises Refused: the loan does not wait."""
    facts = loan.decide(command, state)
    case_id = state.case_id
    if case_id is None:
        return facts
    ended = CaseLoanEnded(case_id=case_id, loan_id=command.loan_id, outcome="cancelled")
    return [ended, *facts]


def _still_wanted(cause: LoanCause | None, case: CaseState, state: loan.LoanState) -> bool:
    """What waits is wanted until the own device works; what is new, once for each reason."""
    if case.ended or case.works_again:
        return False
    if state.stage == "waiting":
        return True
    if cause == "during_repair":
        return state.stage == "unknown" and not case.loans and not case.loans_waiting
    return case.loan_wanted


def _not_over(case: CaseState) -> None:
    if case.ended:
        raise Refused(f"case-{case.stage}", f"the case is {case.stage}: nothing is lent for it")


def end(
    command: loan.Return | loan.WriteOff, state: loan.LoanState, spare: unit.UnitState
) -> Sequence[Fact]:
    """The unit is free again, or gone; the case has one loan less to wait for."""
    facts = loan.decide(command, state)
    terms = state.terms
    if terms is None:
        return facts
    ended = CaseLoanEnded(
        case_id=terms.case_id,
        loan_id=terms.loan_id,
        outcome="returned" if isinstance(command, loan.Return) else "written_off",
    )
    return [*unit.decide(_unit_command(command, terms.unit_id), spare), ended, *facts]


def swap(
    command: loan.Swap, state: loan.LoanState, failed: unit.UnitState, spare: unit.UnitState
) -> Sequence[Fact]:
    """The failed unit leaves the loan as the other joins it: there is never a time with both.

    Raises Refused: the other unit is not free, the loan is over.
    """
    facts = loan.decide(command, state)
    terms = state.terms
    if terms is None:
        return facts
    back = unit.Return(unit_id=terms.unit_id, loan_id=command.loan_id, fit=False)
    out = unit.Reserve(unit_id=command.unit_id, loan_id=command.loan_id)
    return [*unit.decide(back, failed), *unit.decide(out, spare), *facts]


def move(command: loan.Move, state: loan.LoanState) -> Sequence[Fact]:
    """A merged case has its loan no more, the one that it became has it now (DP-11)."""
    facts = loan.decide(command, state)
    terms = state.terms
    if terms is None or not facts:
        return []
    return [
        CaseLoanEnded(case_id=command.case_id, loan_id=command.loan_id, outcome="moved"),
        CaseLoanReserved(case_id=command.into, loan_id=command.loan_id, unit_id=terms.unit_id),
        *facts,
    ]


def _unit_command(command: loan.Return | loan.WriteOff, unit_id: str) -> unit.Command:
    match command:
        case loan.Return():
            return unit.Return(unit_id=unit_id, loan_id=command.loan_id, fit=command.fit)
        case loan.WriteOff():
            return unit.WriteOff(unit_id=unit_id, loan_id=command.loan_id)
        case _:
            assert_never(command)
