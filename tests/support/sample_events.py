"""Small valid events for tests that do not care which."""

from datetime import UTC, datetime

from aftercare_events.catalogue.case import CaseResponded
from aftercare_events.catalogue.registry import record
from aftercare_events.envelope import Event

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def noted(
    case_id: str, note: str = "", *, service: str = "intake", event_id: str | None = None
) -> Event:
    """Something said about a case by a service."""
    data = CaseResponded(case_id=case_id, note=note)
    return record(data, service=service, time=NOON, actor="tests", event_id=event_id)
