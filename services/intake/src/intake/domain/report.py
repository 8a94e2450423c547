"""A request becomes a case: checked against the archive, classified, its entitlement decided."""

from datetime import datetime
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
    known = decide_attribution(
        case_id,
        found,
        kind=report.kind,
        channel=report.channel,
        reported_at=report.reported_at,
    )
    category = report.category or known.category
    return CaseReported(
        case_id=case_id,
        kind=report.kind,
        channel=report.channel,
        policy=known.policy,
        policy_version=known.policy_version,
        policy_options=known.policy_options,
        contract_id=known.contract_id,
        customer_id=known.customer_id,
        site_id=known.site_id,
        place=known.place,
        distance_km=known.distance_km,
        device_id=known.device_id,
        category=category,
        entitlement=known.entitlement,
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
        group=group_of(report.kind, category, report.severity, report.work),
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
    """Whose case it is, about what, and what its contract said on the day of the report."""
    site, device, terms, contract = found.site, found.device, found.terms, found.contract
    site_id = site.site_id if site else None
    version = terms.version if terms else None
    return CustomerAssigned(
        case_id=case_id,
        customer_id=found.customer_id or "",
        policy=contract.policy if contract else found.fallback_policy,
        policy_version=(contract.policy_version if contract else None) or version,
        policy_options=contract.policy_options if contract else {},
        contract_id=contract.contract_id if contract else None,
        site_id=site_id,
        place=site.place if site else None,
        distance_km=site.distance_km if site else None,
        device_id=device.device_id if device else None,
        category=device.category if device else None,
        entitlement=decide_entitlement(
            contract,
            device,
            site_id,
            terms,
            reported_at.astimezone(LOCAL).date(),
            free=terms is not None and terms.is_free(kind, channel),
            changes=found.warranty,
        ),
        reason=reason,
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
