"""When a satisfied customer closes the case: not while a spare is still lent for it (DP-11)."""

from collections.abc import Sequence

from aftercare_events.catalogue.case import CaseClosed, CaseClosingHeld

from .case import Case

SATISFIED = "satisfied"


def close(case_id: str, case: Case) -> CaseClosed | CaseClosingHeld:
    """Closed at once, or as soon as nothing is lent for the case any more."""
    if case.loans:
        return CaseClosingHeld(case_id=case_id, loans=case.loans, reason=SATISFIED)
    return CaseClosed(case_id=case_id, reason=SATISFIED)


def close_held(case_id: str, case: Case) -> Sequence[CaseClosed]:
    """Nothing while a loan is out, and nothing to a case that went another way meanwhile."""
    return [CaseClosed(case_id=case_id, reason=SATISFIED)] if may_close(case) else []


def may_close(case: Case) -> bool:
    return case.closing_held and case.status == "resolved" and not case.loans
