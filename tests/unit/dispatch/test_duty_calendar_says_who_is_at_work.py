"""DP-18: duty around the clock, in weekly spans, across midnight, in the zone of the roster."""

from datetime import datetime

import pytest

from aftercare_events.catalogue.engineer import Duty, DutySpan
from aftercare_events.duty import ALWAYS, next_start, on_duty

OFFICE = Duty(spans=(DutySpan(days=(1, 2, 3, 4, 5), start="09:00", end="18:00"),))
NIGHT = Duty(spans=(DutySpan(days=(5,), start="22:00", end="06:00"),))
ALL_DAY = Duty(spans=(DutySpan(days=(7,), start="00:00", end="24:00"),))


@pytest.mark.parametrize(
    ("duty", "instant", "present"),
    [
        (ALWAYS, "2026-11-01T03:00+08:00", True),
        (Duty(), "2026-11-02T12:00+08:00", False),
        (OFFICE, "2026-11-02T09:00+08:00", True),
        (OFFICE, "2026-11-02T08:59+08:00", False),
        (OFFICE, "2026-11-02T17:59+08:00", True),
        (OFFICE, "2026-11-02T18:00+08:00", False),
        (OFFICE, "2026-11-01T12:00+08:00", False),
        # Monday morning in Shanghai is still Sunday night in UTC.
        (OFFICE, "2026-11-02T01:30+00:00", True),
        (NIGHT, "2026-11-06T23:00+08:00", True),
        (NIGHT, "2026-11-07T05:59+08:00", True),
        (NIGHT, "2026-11-07T06:00+08:00", False),
        (NIGHT, "2026-11-06T05:00+08:00", False),
        (ALL_DAY, "2026-11-01T23:59+08:00", True),
        (ALL_DAY, "2026-11-02T00:00+08:00", False),
    ],
)
def test_on_duty(duty: Duty, instant: str, present: bool) -> None:
    assert on_duty(duty, datetime.fromisoformat(instant)) is present


@pytest.mark.parametrize(
    ("duty", "after", "start"),
    [
        (ALWAYS, "2026-11-02T12:00+08:00", None),
        (Duty(), "2026-11-02T12:00+08:00", None),
        (OFFICE, "2026-11-02T08:59+08:00", "2026-11-02T09:00+08:00"),
        (OFFICE, "2026-11-02T09:00+08:00", "2026-11-03T09:00+08:00"),
        (OFFICE, "2026-11-06T20:00+08:00", "2026-11-09T09:00+08:00"),
        (OFFICE, "2026-11-06T12:00+00:00", "2026-11-09T09:00+08:00"),
        (NIGHT, "2026-11-06T22:00+08:00", "2026-11-13T22:00+08:00"),
    ],
)
def test_next_start(duty: Duty, after: str, start: str | None) -> None:
    expected = datetime.fromisoformat(start) if start else None
    assert next_start(duty, datetime.fromisoformat(after)) == expected
