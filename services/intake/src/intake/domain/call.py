"""One call record of the telephone system (IN-03)."""

from datetime import datetime

from aftercare_events.catalogue.intake import CallOutcome
from aftercare_events.decider import Refused


def check_times(
    outcome: CallOutcome,
    started_at: datetime,
    answered_at: datetime | None,
    ended_at: datetime,
) -> None:
    """Raises Refused when the times contradict each other or the outcome."""
    if ended_at < started_at:
        raise Refused("call-times-contradict", "The call ended before it started.", "ended_at")
    if answered_at is None:
        if outcome != "abandoned":
            raise Refused(
                "call-times-contradict", f"A call that was {outcome} has an answer.", "answered_at"
            )
        return
    if outcome == "abandoned":
        raise Refused(
            "call-times-contradict", "An abandoned call has no time of answer.", "answered_at"
        )
    if not started_at <= answered_at <= ended_at:
        raise Refused("call-times-contradict", "The answer lies outside the call.", "answered_at")


def check_transfer(outcome: CallOutcome, transferred_to: str | None) -> None:
    """Raises Refused when somebody took over a call that was not transferred."""
    if transferred_to is not None and outcome != "transferred":
        raise Refused(
            "call-not-transferred", f"A call that was {outcome} went to nobody.", "transferred_to"
        )
