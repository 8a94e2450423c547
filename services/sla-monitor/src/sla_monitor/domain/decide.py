"""What the monitor says about a case: alerts, breaches and penalties, and what was taken back."""

from collections.abc import Iterator
from datetime import datetime

from aftercare_events.catalogue.sla import (
    AlertRaised,
    AlertReminded,
    AlertResolved,
    BreachWithdrawn,
    ClockBreached,
    PenaltyAccrued,
    PenaltyWithdrawn,
    WithdrawalReason,
)

from .alert import alert_id, clock_of, id_of, occasion_of, resolution
from .directory import NOBODY_ENTERED, Directory, resolve
from .instants import from_micros, seconds, to_micros
from .ladder import DueStep, due_steps, next_step_at
from .reminders import due_reminders, ring_instants
from .standing import breach_stands, state_of
from .state import CaseClocks, Clock
from .terms import Row, Terms

Said = (
    AlertRaised
    | AlertReminded
    | AlertResolved
    | ClockBreached
    | BreachWithdrawn
    | PenaltyAccrued
    | PenaltyWithdrawn
)
_BASIS_POINTS_PER_CENT = 100


def decide_due(
    state: CaseClocks, now: datetime, terms: Terms, directory: Directory = NOBODY_ENTERED
) -> list[Said]:
    """Everything that is to be said of a case at `now`; nothing when all has been said.

    First what became unnecessary or is withdrawn, then the breaches, what rings
    again, and the alerts in order.
    The state must hold all that is in the log about the case; `terms` are those of its policy.
    `directory` says who is told now: what was said once is never resolved again (SL-03).
    """
    at = to_micros(now)
    return [
        *_withdrawals(state, terms),
        *_resolutions(state),
        *_breaches(state, at, terms),
        *due_reminders(state, at, terms, directory),
        *(_alert(state, step, at, terms, directory) for step in due_steps(state, at, terms)),
    ]


def next_fire_at(state: CaseClocks, terms: Terms) -> datetime | None:
    """When a case must be looked at again, unless an event about it comes before.

    An instant in the past means at once. None means that only an event can bring it up.
    """
    if next(_resolutions(state), None) or next(_withdrawals(state, terms), None):
        return from_micros(state.course.at)
    instants = [*_breach_instants(state, terms), *ring_instants(state, terms)]
    step_at = next_step_at(state)
    if step_at is not None:
        instants.append(step_at)
    return from_micros(min(instants)) if instants else None


def _alert(
    state: CaseClocks, step: DueStep, at: int, terms: Terms, directory: Directory
) -> AlertRaised:
    row = terms.rows[step.row]
    rung = next(r for r in row.promise.ladder if r.step == step.step)
    return AlertRaised(
        case_id=state.case_id,
        alert_id=alert_id(state.case_id, step.clock, step.cycle, step.step, step.arm),
        clock=step.clock,
        cycle=step.cycle,
        step=step.step,
        threshold=rung.basis_points / _BASIS_POINTS_PER_CENT,
        due_at=from_micros(step.due_at),
        fire_at=from_micros(step.fire_at),
        late_by_s=seconds(max(at - step.fire_at, 0)),
        recipient=resolve(directory, occasion_of(state, step.step, at)),
        arm=step.arm,
        policy=row.policy,
        copied_to=rung.copied_to,
        team=state.course.team if step.step == "engineer" else (),
        provisional=_is_provisional(state, step, row),
    )


def _is_provisional(state: CaseClocks, step: DueStep, row: Row) -> bool:
    started = next(
        c.started_at for c in state.course.clocks if (c.name, c.cycle) == (step.clock, step.cycle)
    )
    return row.calendar.is_provisional(started, max(step.due_at, step.fire_at))


def _breaches(state: CaseClocks, at: int, terms: Terms) -> Iterator[ClockBreached | PenaltyAccrued]:
    announced = {(b.clock, b.cycle) for b in state.breaches}
    standing = [
        clock
        for clock in state.course.clocks
        if (clock.name, clock.cycle) not in announced
        and breach_stands(clock, terms.rows[clock.row], at)
    ]
    for clock in sorted(standing, key=lambda c: (c.breach_at, c.name, c.cycle)):
        yield _breach(state, clock, terms.rows[clock.row])
        yield from _penalty(state, clock, terms)


def _breach(state: CaseClocks, clock: Clock, row: Row) -> ClockBreached:
    lends = row.promise.on_breach == "request_loan" and not clock.agreed
    return ClockBreached(
        case_id=state.case_id,
        clock=clock.name,
        cycle=clock.cycle,
        due_at=from_micros(clock.due_at),
        breached_at=from_micros(clock.breach_at),
        policy=row.policy,
        policy_version=row.version,
        request_loan=lends and bool(state.course.attributes.use_affected),
        provisional=row.calendar.is_provisional(clock.started_at, clock.due_at),
    )


def _penalty(state: CaseClocks, clock: Clock, terms: Terms) -> Iterator[PenaltyAccrued]:
    """The contract's liability; a due time agreed beside it carries none of its own."""
    penalty = terms.policy.penalty
    if penalty is None or clock.agreed:
        return
    yield PenaltyAccrued(
        case_id=state.case_id,
        clock=clock.name,
        cycle=clock.cycle,
        percent=penalty.percent_per_breach,
        max_percent=penalty.max_percent,
        policy=terms.rows[clock.row].policy,
        policy_version=terms.rows[clock.row].version,
        clause=penalty.clause,
        contract_id=state.contract_id,
        customer_id=state.customer_id,
        due_at=from_micros(clock.due_at),
        breached_at=from_micros(clock.breach_at),
    )


def _withdrawals(state: CaseClocks, terms: Terms) -> Iterator[BreachWithdrawn | PenaltyWithdrawn]:
    for breach in state.breaches:
        clock = clock_of(state, breach)
        if clock is not None and breach_stands(clock, terms.rows[clock.row], breach.at):
            continue
        reason = _withdrawal(clock, breach.at, terms)
        yield BreachWithdrawn(
            case_id=state.case_id, clock=breach.clock, cycle=breach.cycle, reason=reason
        )
        if breach.penalty is not None:
            yield PenaltyWithdrawn(
                case_id=state.case_id,
                clock=breach.clock,
                cycle=breach.cycle,
                percent=breach.penalty,
                reason=reason,
            )


def _withdrawal(clock: Clock | None, at: int, terms: Terms) -> WithdrawalReason:
    match clock and state_of(clock, terms.rows[clock.row], at):
        case "met":
            return "met_in_time"
        case "cancelled" | None:
            return "cancelled"
        case _:
            return "recalculated"


def _resolutions(state: CaseClocks) -> Iterator[AlertResolved]:
    for alert in state.alerts:
        reason = None if alert.resolved else resolution(state, alert)
        if reason is not None:
            yield AlertResolved(
                case_id=state.case_id,
                alert_id=id_of(state, alert),
                clock=alert.clock,
                cycle=alert.cycle,
                step=alert.step,
                reason=reason,
                arm=alert.arm,
            )


def _breach_instants(state: CaseClocks, terms: Terms) -> Iterator[int]:
    announced = {(b.clock, b.cycle) for b in state.breaches}
    for clock in state.course.clocks:
        row = terms.rows[clock.row]
        is_open = clock.outcome is None and clock.paused_since is None
        if (clock.name, clock.cycle) in announced or (row.promise.duty and not clock.agreed):
            continue
        if is_open or breach_stands(clock, row, state.course.at):
            yield clock.breach_at
