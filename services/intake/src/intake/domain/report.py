"""A request becomes a case: checked against the archive, classified, its entitlement decided."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded, SiteRecorded
from aftercare_events.catalogue.case import (
    CaseReported,
    Channel,
    Kind,
    Origin,
    PlannedWork,
)
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.decider import Refused
from aftercare_events.sealing import Sealed

from .entitlement import decide_entitlement
from .policy import Terms
from .routing import group_of
from .warranty import UNCHANGED, WarrantyChanges

LOCAL = ZoneInfo("Asia/Shanghai")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive knows about a report: all of it looked up before deciding.

    `customer_id` is None when nobody knows whose request it is. `fallback_policy` runs its
    clocks until a contract is known.
    """

    fallback_policy: str
    customer_id: str | None = None
    site: SiteRecorded | None = None
    device: DeviceRecorded | None = None
    contract: ContractRecorded | None = None
    terms: Terms | None = None
    held_for: str | None = None
    warranty: WarrantyChanges = UNCHANGED


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it arrived. `summary` is redacted, `contact` sealed; `reported_at` is when
    the customer spoke."""

    identity: str
    body_digest: str
    channel: Channel
    kind: Kind
    summary: str
    reported_at: datetime
    severity: str | None = None
    category: str | None = None
    use_affected: bool | None = None
    contact: Sealed | None = None
    attachments: tuple[str, ...] = ()
    work: PlannedWork | None = None
    planned_for: datetime | None = None
    origin: Origin | None = None
    arises_from: str | None = None
    split_from: str | None = None
    unanswered: str | None = None
    found: Found


def decide_report(report: Report, case_id: str) -> CaseReported:
    """The opening event of a case.

    Raises Refused when the contract's scale has no such severity (IN-06).
    """
    found = report.found
    check_severity(report.severity, found.terms)
    known = _known(found, report.kind, report.channel, report.reported_at)
    known["category"] = report.category or known["category"]
    return CaseReported(
        case_id=case_id,
        kind=report.kind,
        channel=report.channel,
        severity=report.severity,
        summary=report.summary,
        use_affected=report.use_affected,
        contact=report.contact,
        identity=report.identity,
        body_digest=report.body_digest,
        attachments=report.attachments,
        held_for=None if report.channel == "internal" else found.held_for,
        work=report.work,
        planned_for=report.planned_for,
        origin=report.origin,
        arises_from=report.arises_from,
        split_from=report.split_from,
        unanswered=report.unanswered,
        group=group_of(report.kind, known["category"], report.severity, report.work),
        **known,
    )


def decide_attribution(
    case_id: str,
    found: Found,
    *,
    kind: Kind,
    channel: Channel,
    reported_at: datetime,
    reason: str | None = None,
) -> CustomerAssigned:
    """Whose case it is became known, or which device it is about."""
    return CustomerAssigned(
        case_id=case_id, reason=reason, **_known(found, kind, channel, reported_at)
    )


def check_severity(severity: str | None, terms: Terms | None) -> None:
    """Raises Refused when the contract's scale, as far as it is known, has no such severity."""
    if severity is None or terms is None or not terms.severities:
        return
    if severity not in terms.severities:
        scale = ", ".join(terms.severities)
        raise Refused(
            "severity-not-in-scale", f"The scale of {terms.policy} is: {scale}.", "severity"
        )


def _known(found: Found, kind: Kind, channel: Channel, reported_at: datetime) -> dict[str, Any]:
    """Whose request it is, about what, and what its contract said on the day of the report."""
    site, device, terms = found.site, found.device, found.terms
    site_id = site.site_id if site else None
    day = reported_at.astimezone(LOCAL).date()
    free = bool(terms and terms.is_free(kind, channel))
    return {
        "customer_id": found.customer_id or "",
        "site_id": site_id,
        "place": site.place if site else None,
        "distance_km": site.distance_km if site else None,
        "device_id": device.device_id if device else None,
        "category": device.category if device else None,
        "entitlement": decide_entitlement(
            found.contract, device, site_id, terms, day, free=free, changes=found.warranty
        ),
        **_policy_of(found),
    }


def _policy_of(found: Found) -> dict[str, Any]:
    contract, terms = found.contract, found.terms
    version = terms.version if terms else None
    if contract is None:
        return {"policy": found.fallback_policy, "policy_version": version}
    return {
        "policy": contract.policy,
        "policy_version": contract.policy_version or version,
        "policy_options": contract.policy_options,
        "contract_id": contract.contract_id,
    }
