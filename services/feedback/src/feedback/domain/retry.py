"""When to call again after a call that brought no answers (FB-04)."""

from datetime import datetime, timedelta

from aftercare_events.catalogue.feedback import AttemptOutcome

from .calendar import into_calling_hours

MOST_ATTEMPTS = 5
_WAITS = {
    "busy": (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)),
    "no_answer": (timedelta(hours=1), timedelta(hours=3), timedelta(days=1)),
}


def next_attempt(
    outcome: AttemptOutcome, attempt: int, at: datetime, wished_for: datetime | None = None
) -> datetime | None:
    """When to call again after the `attempt`th call, within calling hours.

    None after a refusal, a wrong number or the last attempt: the survey link is what is left.
    A time that the customer wished for is kept, whatever the number of attempts.
    """
    if outcome == "call_later" and wished_for is not None:
        return into_calling_hours(wished_for)
    waits = _WAITS.get(outcome)
    if waits is None or attempt >= MOST_ATTEMPTS:
        return None
    return into_calling_hours(at + waits[min(attempt, len(waits)) - 1])
