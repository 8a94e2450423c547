"""The support ladder: hotline, remote, on site, each in turn (DP-02)."""

from aftercare_events.catalogue.case import CaseReported, Mode

# The severities at which each contract's text sends somebody without asking the hotline first.
SENT_AT_ONCE: dict[str, frozenset[str]] = {
    "software-maintenance": frozenset({"system_down"}),
    "equipment-warranty": frozenset({"1"}),
    "portal-operations": frozenset({"catastrophic"}),
    "lighting-maintenance": frozenset({"urgent"}),
    "it-integration": frozenset({"1"}),
}
SENIOR_LEVEL = 3


def is_taken_up_at_once(report: CaseReported) -> bool:
    """A fault so severe that the contract sends somebody without asking further."""
    at_once = SENT_AT_ONCE.get(report.policy, frozenset())
    return report.work is None and report.kind == "fault" and str(report.severity) in at_once


def first_mode(report: CaseReported) -> Mode:
    """On site at once for planned work (IN-17) and a fault so severe; else the hotline."""
    if report.work is not None or is_taken_up_at_once(report):
        return "onsite"
    return "hotline"


def wanted_level(report: CaseReported) -> int:
    """A complaint about staff brings somebody more senior (DP-16)."""
    return SENIOR_LEVEL if report.kind == "supervision_complaint" else 1
