"""What a case is promised, to be told to the customer."""

from aftercare_events.catalogue.sla import CasePromised, PromisedTime

from .instants import from_micros
from .state import CaseClocks
from .terms import Terms


def promised(state: CaseClocks, terms: Terms) -> CasePromised:
    """The due times of the clocks that run; a duty to report inside the house is no promise."""
    running = [
        (clock, terms.rows[clock.row]) for clock in state.course.clocks if clock.outcome is None
    ]
    times = [
        PromisedTime(
            clock=clock.name,
            due_at=from_micros(clock.due_at),
            provisional=row.calendar.is_provisional(clock.started_at, clock.due_at),
        )
        for clock, row in running
        if not row.promise.duty
    ]
    now = terms.stages[state.course.stage].policy
    return CasePromised(
        case_id=state.case_id,
        policy=now.name,
        policy_version=now.version,
        promised=tuple(sorted(times, key=lambda time: (time.due_at, time.clock))),
    )
