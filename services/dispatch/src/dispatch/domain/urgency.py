"""Which of the waiting cases comes first, and by when somebody was promised at the site."""

from datetime import datetime, timedelta

from .case_state import CaseState

ARRIVAL = frozenset({"onsite", "onsite_limit"})
# A case that was promised nothing is as urgent as one promised within a day.
UNPROMISED = timedelta(days=1)


def arrive_by(case: CaseState) -> datetime | None:
    """The earliest instant promised for somebody's arrival; None where none is known."""
    return min((due for clock, due in case.due.items() if clock in ARRIVAL), default=None)


def urgency(case: CaseState, case_id: str, at: datetime) -> tuple[datetime, bool, datetime, str]:
    """What waiting cases are sorted by: the time left, then visits before advice, then age."""
    since = case.reported_at or at
    due = min(case.due.values(), default=since + UNPROMISED)
    return due, case.wanted != "onsite", since, case_id
