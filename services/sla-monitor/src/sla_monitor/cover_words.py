"""A gap in the cover, as whoever watches the wall reads it (DP-18)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from aftercare_http import LOCAL_ZONE

SHOWN = 3


def left_of(says: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """What is still to come of the gaps: how many `hours`, and `when`, in Asia/Shanghai.

    Once all have passed, until the next look ahead, what they were.
    """
    gaps = [_local(gap) for gap in says["gaps"]]
    ahead = [gap for gap in gaps if gap[1] > now] or gaps
    length = sum((end - start for start, end in ahead), timedelta())
    return {
        "customer_id": says["customer_id"],
        "of": says["of"],
        "hours": f"{length / timedelta(hours=1):.4g}",
        "when": _listed([_worded(*gap) for gap in ahead]),
    }


def _local(gap: Mapping[str, str]) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(gap[edge]) for edge in ("start", "end"))
    return start.astimezone(LOCAL_ZONE), end.astimezone(LOCAL_ZONE)


def _listed(gaps: Sequence[str]) -> str:
    more = len(gaps) - SHOWN
    return ", ".join(gaps[:SHOWN]) + (f" … +{more}" if more > 0 else "")


def _worded(start: datetime, end: datetime) -> str:
    """Midnight is 24:00 of the day that ends then."""
    day, clock = end.date(), f"{end:%H:%M}"
    if end.time() == time():
        day, clock = day - timedelta(days=1), "24:00"
    if day == start.date():
        return f"{start:%Y-%m-%d %H:%M}–{clock}"
    return f"{start:%Y-%m-%d %H:%M} – {day} {clock}"
