"""Every event of a case in the catalogue either speaks to its clocks or is known not to."""

import pytest

from aftercare_events.catalogue import entries
from sla_monitor.domain.evolve import ANNOUNCEMENTS
from sla_monitor.domain.facts import REPORTED, UNTIMED, speaks_to_clocks

OF_CASES = sorted(name for name, entry in entries().items() if entry.aggregate == "case")


@pytest.mark.parametrize("event_type", OF_CASES)
def test_event_of_a_case_has_its_place(event_type: str) -> None:
    places = [
        event_type == REPORTED,
        speaks_to_clocks(event_type),
        event_type in UNTIMED,
        event_type in ANNOUNCEMENTS,
    ]
    assert places.count(True) == 1


def test_nothing_else_is_named() -> None:
    assert set(OF_CASES) >= UNTIMED | ANNOUNCEMENTS
