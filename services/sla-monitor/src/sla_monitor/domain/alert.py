"""One alert of a case: its name, what became of it, and whether anything is left to do."""

from collections.abc import Callable

from msgspec.structs import replace

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.sla import (
    AlertAcknowledged,
    AlertReminded,
    AlertResolved,
    ResolutionReason,
)

from .directory import Occasion
from .instants import from_micros, to_micros
from .state import AnnouncedBreach, CaseClocks, Clock, RaisedAlert


def alert_id(case_id: str, clock: str, cycle: int, step: str, arm: int) -> str:
    """The same alert has the same id wherever and whenever it is decided."""
    return f"{case_id}-{clock.replace('/', '-')}-{cycle}-{step}-{arm}"


def id_of(state: CaseClocks, alert: RaisedAlert) -> str:
    return alert_id(state.case_id, alert.clock, alert.cycle, alert.step, alert.arm)


def find(state: CaseClocks, wanted: str) -> RaisedAlert | None:
    return next((alert for alert in state.alerts if id_of(state, alert) == wanted), None)


def with_alert(
    state: CaseClocks, wanted: str, change: Callable[[RaisedAlert], RaisedAlert]
) -> CaseClocks:
    alerts = tuple(
        change(alert) if id_of(state, alert) == wanted else alert for alert in state.alerts
    )
    return replace(state, alerts=alerts)


def followed(
    alert: RaisedAlert, said: AlertAcknowledged | AlertReminded | AlertResolved, at: int
) -> RaisedAlert:
    """The alert after what was said of it at `at`."""
    match said:
        case AlertAcknowledged():
            promised = None if said.until is None else to_micros(said.until)
            return replace(alert, holder=said.by, promised=promised, unanswered=0)
        case AlertReminded():
            return replace(
                alert,
                rung_at=at,
                reminders=said.reminder,
                unanswered=alert.unanswered + 1,
                holder=None,
                promised=None,
            )
        case AlertResolved():
            return replace(alert, resolved=True)


def clock_of(state: CaseClocks, named: RaisedAlert | AnnouncedBreach) -> Clock | None:
    return next(
        (c for c in state.course.clocks if (c.name, c.cycle) == (named.clock, named.cycle)), None
    )


def resolution(state: CaseClocks, alert: RaisedAlert) -> ResolutionReason | None:
    """Why nothing is left to do about an alert, or None as long as something is (SL-06)."""
    clock = clock_of(state, alert)
    if clock is None:
        return "unnecessary"
    if clock.ended_at is not None:
        if clock.ended_at <= alert.fire_at:
            return "unnecessary"
        return "met" if clock.outcome == "met" else "cancelled"
    is_current = any((s.step, s.arm) == (alert.step, alert.arm) for s in clock.steps)
    return None if is_current else "recalculated"


def occasion_of(state: CaseClocks, step: Step, at: int) -> Occasion:
    return Occasion(step, state.customer_id, state.course.engineer, from_micros(at))
