"""Whether a due time can be agreed with the customer for one case (SL-13)."""

from aftercare_events.decider import Refused

from .state import CaseClocks
from .terms import Terms


def check_agreement(state: CaseClocks, clock: str, *, due: int, at: int, terms: Terms) -> None:
    """Instants in microseconds; `at` is when it was agreed. Raises Refused."""
    course = state.course
    if course.ended:
        raise Refused("case-ended", "the case was withdrawn or merged")
    if all(row.promise.clock != clock for row in terms.stages[course.stage].own):
        raise Refused("unknown-clock", f"the contract has no clock `{clock}`", "clock")
    if due <= at:
        raise Refused("due-in-the-past", "the due time lies before the agreement", "due_at")
    started = [one for one in course.clocks if one.name == clock]
    if started and max(started, key=lambda one: one.cycle).outcome:
        raise Refused("clock-over", f"`{clock}` runs no more: there is nothing left to agree on")
