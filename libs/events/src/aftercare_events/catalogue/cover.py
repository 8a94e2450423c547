"""Whether somebody is there all the time, where a contract or some work asks for it (DP-18)."""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from .registry import event_type, upcaster

Cover = Literal["resident", "senior", "duty"]

ZONE = ZoneInfo("Asia/Shanghai")


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """From `start` up to `end`, all of it time in which somebody has to be there."""

    start: datetime
    end: datetime


class _CoverEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`cover_id` says what is watched.

    It is `resident-{contract}`, `senior-{case}`, `trial-{contract}`, or `duty-company`.
    """

    cover_id: str


@event_type("aftercare.cover.gap_found.v2")
class CoverGapFound(_CoverEvent, frozen=True, kw_only=True, omit_defaults=True):
    """In these gaps nobody is there: no resident of the customer, nobody senior, nobody on duty.

    It was looked ahead up to `looked_until`. A gap is said again only when it is another one.
    """

    what: Cover
    customer_id: str | None = None
    gaps: tuple[Gap, ...]
    looked_until: datetime
    contract_id: str | None = None
    case_id: str | None = None


@upcaster("aftercare.cover.gap_found.v1", "aftercare.cover.gap_found.v2")
def _days_are_gaps(said: dict[str, Any]) -> dict[str, Any]:
    """It named `days` in Asia/Shanghai on which nobody was there at any time."""
    gaps: list[dict[str, datetime]] = []
    for day in sorted(said.pop("days")):
        start = datetime.combine(date.fromisoformat(day), time(), ZONE)
        if gaps and gaps[-1]["end"] == start:
            gaps[-1]["end"] = start + timedelta(days=1)
        else:
            gaps.append({"start": start, "end": start + timedelta(days=1)})
    return said | {"gaps": gaps, "looked_until": gaps[-1]["end"]}


@event_type("aftercare.cover.restored.v1")
class CoverRestored(_CoverEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is there all the time that lies ahead, or nobody is asked for any more."""

    what: Cover
