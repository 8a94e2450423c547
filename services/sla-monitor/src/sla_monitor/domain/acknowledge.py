"""Who may still take notice of an alert (SL-06)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aftercare_events.catalogue.sla import AlertAcknowledged
from aftercare_events.decider import Refused


class Raised(Protocol):
    """An alert as far as an acknowledgement cares."""

    @property
    def case_id(self) -> str: ...
    @property
    def alert_id(self) -> str: ...
    @property
    def acknowledged_by(self) -> str | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...


def acknowledge(alert: Raised, *, by: str, note: str | None) -> Sequence[AlertAcknowledged]:
    """The first acknowledgement counts; a repeat by the same person changes nothing.

    Raises Refused: an alert that ended is not acknowledged any more (it would seem to live on),
    and nobody takes over what somebody else acknowledged.
    """
    if alert.acknowledged_by == by:
        return ()
    if alert.resolved_at is not None:
        raise Refused("alert-resolved", "the alert has already ended")
    if alert.acknowledged_by is not None:
        raise Refused("already-acknowledged", f"acknowledged by {alert.acknowledged_by}")
    return (AlertAcknowledged(case_id=alert.case_id, alert_id=alert.alert_id, by=by, note=note),)
