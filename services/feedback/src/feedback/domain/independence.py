"""Who may ask the customer: nobody who had a hand in the case (FB-01)."""

from dataclasses import dataclass

from aftercare_events.decider import Refused

from .case import Case

SELF_SERVICE = "self-service"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks the customer; somebody whom no register knows belongs to no department."""

    officer_id: str
    department: str | None = None
    active: bool = True


CUSTOMER = Caller(SELF_SERVICE)
"""The customer who answers on the survey page, with nobody asking."""


def ensure_independent(caller: Caller, case: Case, barred_departments: frozenset[str]) -> None:
    """Raises Refused on `officer_id`: an engineer of the case, or one of a barred department."""
    if not caller.active:
        raise Refused(
            "officer-not-active", f"{caller.officer_id} makes no calls any more", "officer_id"
        )
    if any(handler.engineer_id == caller.officer_id for handler in case.handlers):
        raise Refused(
            "officer-handled-the-case",
            f"{caller.officer_id} was sent to this case and cannot ask about it",
            "officer_id",
        )
    if caller.department is not None and caller.department in barred_departments:
        raise Refused(
            "officer-of-a-barred-department",
            f"{caller.officer_id} belongs to {caller.department}, which may not ask about it",
            "officer_id",
        )
