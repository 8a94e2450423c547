"""When something happened, as far as a caller may say so."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from .principal import Principal
from .problems import unprocessable

SKEW = timedelta(seconds=60)
REACH_BACK = timedelta(days=7)

OccurredAt = Annotated[
    AwareDatetime | None,
    Field(description="When it happened, RFC 3339 with an offset; default: now."),
]


def when_it_happened(
    occurred_at: datetime | None, *, now: datetime, who: Principal, field: str = "occurred_at"
) -> datetime:
    """The instant of an event in UTC: what the caller says, or now.

    Raises Problem 422 for more than a minute in the future, and for more than seven days in the
    past unless the caller has the scope `admin`.
    """
    if occurred_at is None:
        return now
    try:
        instant = occurred_at.astimezone(UTC)
    except OverflowError:
        raise unprocessable(field, "out-of-range", "is beyond what can be stored") from None
    if instant > now + SKEW:
        raise unprocessable(field, "in-the-future", "lies in the future")
    if instant < now - REACH_BACK and not who.may("admin"):
        raise unprocessable(field, "too-long-ago", "lies more than 7 days back; that takes admin")
    return instant
