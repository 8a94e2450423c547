"""An alert rings again until somebody acknowledges it, or breaks the promise made then (SL-06).

The wait is plain time, for people wait and calendars do not. It doubles from ring to ring, up to a
day: a case forgotten for a year adds hundreds of events to the log and not ten thousands.
"""

from collections.abc import Iterator
from typing import NamedTuple

from aftercare_events.catalogue.sla import AlertReminded, ReminderReason

from .alert import clock_of, id_of, occasion_of, resolution
from .directory import Directory, resolve_again
from .instants import HOUR
from .state import CaseClocks, RaisedAlert
from .terms import Terms

LONGEST_WAIT = 24 * HOUR


class Ring(NamedTuple):
    """When an alert rings again unless something comes before, and why; in microseconds."""

    at: int
    reason: ReminderReason


def due_reminders(
    state: CaseClocks, at: int, terms: Terms, directory: Directory
) -> Iterator[AlertReminded]:
    """What rings again at `at`, once however many rings were missed."""
    for alert, ring in _rings(state, terms):
        if ring.at <= at:
            occasion = occasion_of(state, alert.step, at)
            yield AlertReminded(
                case_id=state.case_id,
                alert_id=id_of(state, alert),
                clock=alert.clock,
                cycle=alert.cycle,
                step=alert.step,
                reminder=alert.reminders + 1,
                recipient=resolve_again(directory, occasion, alert.unanswered),
                reason=ring.reason,
                arm=alert.arm,
            )


def ring_instants(state: CaseClocks, terms: Terms) -> Iterator[int]:
    return (ring.at for _, ring in _rings(state, terms))


def _rings(state: CaseClocks, terms: Terms) -> Iterator[tuple[RaisedAlert, Ring]]:
    for alert in state.alerts:
        if alert.resolved or resolution(state, alert) is not None:
            continue
        ring = _next_ring(alert, _interval(state, alert, terms))
        if ring is not None:
            yield alert, ring


def _next_ring(alert: RaisedAlert, interval: int) -> Ring | None:
    if alert.holder is not None:
        return None if alert.promised is None else Ring(alert.promised, "promise_passed")
    if not interval:
        return None
    wait = min(interval << min(alert.unanswered, 30), max(interval, LONGEST_WAIT))
    return Ring(alert.rung_at + wait, "unacknowledged")


def _interval(state: CaseClocks, alert: RaisedAlert, terms: Terms) -> int:
    clock = clock_of(state, alert)
    ladder = terms.rows[clock.row].promise.ladder if clock else ()
    return next((rung.remind for rung in ladder if rung.step == alert.step), 0)
