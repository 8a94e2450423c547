"""The support ladder: hotline, remote, on site, each in turn (DP-02), and how senior (DP-16)."""

from collections.abc import Mapping
from typing import Literal

from aftercare_events.catalogue.case import CaseReported, Mode

from .contract_terms import ContractTerms

Demanded = Literal["severity", "staff_complaint"]


def first_mode(report: CaseReported) -> Mode:
    """Planned work is done on site (IN-17); everything else begins with the hotline."""
    return "onsite" if report.work is not None else "hotline"


def is_critical(report: CaseReported, terms: ContractTerms) -> bool:
    """A fault of the worst severity that the contract knows (DP-27)."""
    return report.kind == "fault" and str(report.severity) in terms.severities[:1]


def sent_at_once(report: CaseReported, terms: ContractTerms) -> bool:
    """Whether the contract leaves the first rungs out at this severity (DP-02)."""
    return report.work is None and report.kind == "fault" and str(report.severity) in terms.at_once


def demanded(report: CaseReported, terms: ContractTerms, unsettled: int) -> Demanded | None:
    """Why somebody has to be on site without hotline and remote help being tried first."""
    if sent_at_once(report, terms):
        return "severity"
    if report.kind == "supervision_complaint" and unsettled > 0:
        return "staff_complaint"
    return None


def wanted_level(report: CaseReported, terms: ContractTerms, unsettled: int) -> int:
    """A complaint about staff brings somebody senior, an `unsettled` one goes further up (DP-16).

    `unsettled` counts how often the customer had to complain before.
    """
    if report.kind != "supervision_complaint":
        return 1
    levels = terms.staff_complaint_levels
    return levels[min(unsettled, len(levels) - 1)]


def asked_level(report: CaseReported, levels: Mapping[str, int]) -> int:
    """What is asked for at this severity, under this contract, and by the contract's own option."""
    named = levels.get(report.policy, 1)
    severe = levels.get(f"{report.policy}/{report.severity}", 1)
    return max(named, severe, number_agreed(report, "engineer_level") or 1)


def number_agreed(report: CaseReported, option: str) -> int | None:
    """A whole number that the contract agrees; None where it says nothing of it."""
    agreed = str(report.policy_options.get(option, ""))
    return int(agreed) if agreed.isdecimal() else None
