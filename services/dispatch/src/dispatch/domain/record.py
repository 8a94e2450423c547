"""When a maintenance record is complete (DP-08)."""

from collections.abc import Sequence

from aftercare_events.catalogue.case import CaseReported, MaintenanceRecord

# Kinds whose work leaves a maintenance record; a question or a complaint leaves an answer.
RECORDED_KINDS = frozenset({"fault", "service_request", "maintenance", "upgrade", "inspection"})

WRITTEN = ("symptom", "cause", "action", "prevention", "technique")


def missing(record: MaintenanceRecord | None, report: CaseReported) -> Sequence[str]:
    """What the record still lacks; where and by whom it was reported, the report may say."""
    lacks = [name for name in WRITTEN if not _written(record, name)]
    if not _written(record, "place") and report.site_id is None:
        lacks.append("place")
    if not _written(record, "reported_by") and report.contact is None:
        lacks.append("reported_by")
    return [f"record.{name}" for name in lacks]


def _written(record: MaintenanceRecord | None, name: str) -> bool:
    said = getattr(record, name, None)
    return bool(said.strip() if isinstance(said, str) else said)
