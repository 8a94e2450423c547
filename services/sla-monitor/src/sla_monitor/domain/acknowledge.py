"""Who may still take notice of an alert, and for how long (SL-06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aftercare_events.catalogue.sla import AlertAcknowledged
from aftercare_events.decider import Refused

from .alert import id_of, resolution
from .instants import to_micros
from .state import CaseClocks, RaisedAlert

LONGEST_PROMISE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """`until` is a time promised, `at` when notice was taken, `now` when that is said."""

    by: str
    at: datetime
    now: datetime
    until: datetime | None = None
    note: str | None = None


def acknowledge(
    state: CaseClocks, alert: RaisedAlert, command: Acknowledge
) -> Sequence[AlertAcknowledged]:
    """Whoever acknowledges first has the alert, and may promise anew; a repeat changes nothing.

    Raises Refused: an alert that ended is not acknowledged any more (it would seem to live on),
    nobody takes over what somebody else holds, and a promise lies ahead, within seven days.
    """
    if _is_repeated(alert, command):
        return ()
    if alert.resolved or resolution(state, alert) is not None:
        raise Refused("alert-resolved", "the alert has already ended")
    if alert.holder not in (None, command.by) and not _is_broken(alert, command.now):
        raise Refused("already-acknowledged", f"acknowledged by {alert.holder}")
    _check_times(alert, command)
    until = command.until.astimezone(UTC) if command.until else None
    return (
        AlertAcknowledged(
            case_id=state.case_id,
            alert_id=id_of(state, alert),
            by=command.by,
            note=command.note,
            until=until,
        ),
    )


def _is_repeated(alert: RaisedAlert, command: Acknowledge) -> bool:
    """The same person again, with nothing promised that was not promised before."""
    if alert.holder != command.by:
        return False
    return command.until is None or to_micros(command.until) == alert.promised


def _is_broken(alert: RaisedAlert, now: datetime) -> bool:
    """The time promised has passed, whether or not the step has rung again."""
    return alert.promised is not None and alert.promised <= to_micros(now)


def _check_times(alert: RaisedAlert, command: Acknowledge) -> None:
    if to_micros(command.at) < alert.fire_at:
        raise Refused("before-the-alert", "lies before the alert", field="occurred_at")
    if command.until is None:
        return
    if command.until <= command.now:
        raise Refused("promise-in-the-past", "must lie ahead", field="until")
    if command.until > command.now + LONGEST_PROMISE:
        raise Refused("promise-too-far-ahead", "lies more than 7 days ahead", field="until")
