from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aftercare_events.decider import Refused
from intake.domain.call import check_times

START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def at(seconds: float | None) -> datetime | None:
    return None if seconds is None else START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("outcome", "answered", "ended"),
    [
        ("answered", 12, 60),
        ("answered", 0, 0),
        ("transferred", 60, 60),
        ("abandoned", None, 46),
        ("abandoned", None, 0),
    ],
)
def test_possible_calls_are_taken(outcome: Any, answered: float | None, ended: float) -> None:
    check_times(outcome, START, at(answered), START + timedelta(seconds=ended))


@pytest.mark.parametrize(
    ("outcome", "answered", "ended", "field"),
    [
        ("answered", 12, -1, "ended_at"),
        ("answered", None, 60, "answered_at"),
        ("transferred", None, 60, "answered_at"),
        ("abandoned", 12, 60, "answered_at"),
        ("answered", -1, 60, "answered_at"),
        ("answered", 61, 60, "answered_at"),
    ],
)
def test_contradictions_are_refused_with_their_field(
    outcome: Any, answered: float | None, ended: float, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        check_times(outcome, START, at(answered), START + timedelta(seconds=ended))
    assert (refusal.value.code, refusal.value.field) == ("call-times-contradict", field)
