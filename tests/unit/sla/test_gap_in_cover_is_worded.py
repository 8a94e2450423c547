"""DP-18: what is still to come of a gap, in words of the place where it is."""

from datetime import datetime, timedelta
from typing import Any

from aftercare_http import LOCAL_ZONE
from sla_monitor.cover_words import left_of

BEGINS = datetime(2026, 11, 4, tzinfo=LOCAL_ZONE)


def says(*gaps: tuple[float, float]) -> dict[str, Any]:
    """Hours after the beginning of the 4th."""
    told = [{"start": _at(start), "end": _at(end)} for start, end in gaps]
    return {"customer_id": "C-1", "of": "CT-1", "gaps": told}


def _at(hours: float) -> str:
    return (BEGINS + timedelta(hours=hours)).isoformat()


def left(hours: float, *gaps: tuple[float, float]) -> tuple[str, str]:
    found = left_of(says(*gaps), BEGINS + timedelta(hours=hours))
    assert (found["customer_id"], found["of"]) == ("C-1", "CT-1")
    return found["hours"], found["when"]


def test_gap_of_a_day_ends_by_the_clock_and_midnight_is_its_last_hour() -> None:
    assert left(0, (9, 17.5)) == ("8.5", "2026-11-04 09:00–17:30")
    assert left(0, (9, 24)) == ("15", "2026-11-04 09:00–24:00")


def test_gap_over_days_names_both() -> None:
    assert left(0, (18, 57)) == ("39", "2026-11-04 18:00 – 2026-11-06 09:00")
    assert left(0, (0, 48)) == ("48", "2026-11-04 00:00 – 2026-11-05 24:00")


def test_gap_that_has_passed_is_left_out_while_others_are_to_come() -> None:
    assert left(17, (9, 17), (33, 41)) == ("8", "2026-11-05 09:00–17:00")
    assert left(16, (9, 17), (33, 41))[0] == "16"
    assert left(99, (9, 17)) == ("8", "2026-11-04 09:00–17:00")


def test_only_the_first_three_of_many_are_named() -> None:
    hours, when = left(0, *((24 * day + 9.0, 24 * day + 17.0) for day in range(5)))
    assert hours == "40"
    assert when.endswith("2026-11-06 09:00–17:00 … +2")
