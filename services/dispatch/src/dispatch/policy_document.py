"""Reads what dispatch needs out of a policy that sla-monitor published; the rest is not ours."""

from typing import Annotated, Any

import msgspec

from aftercare_events.catalogue.sla import PolicyPublished

from .domain.contract_terms import (
    RETURN_WITHIN_DAYS,
    STAFF_COMPLAINT_LEVELS,
    ContractTerms,
    SpareWhen,
    ThreeGuarantees,
    WaitingRule,
)

Days = Annotated[int, msgspec.Meta(ge=0, le=3650)]
Level = Annotated[int, msgspec.Meta(ge=1, le=9)]
Levels = Annotated[tuple[Level, ...], msgspec.Meta(min_length=1, max_length=9)]
Factor = Annotated[float, msgspec.Meta(gt=0, le=100)]


class _Severity(msgspec.Struct):
    id: str


class _Spare(msgspec.Struct):
    when: SpareWhen


class _Waiting(msgspec.Struct):
    over_days: Days
    extends_warranty_by_factor: Factor


class _Guarantees(msgspec.Struct):
    first_day: Days = 8
    last_day: Days = 15
    repairs: Annotated[int, msgspec.Meta(ge=1, le=100)] = 2


class _Terms(msgspec.Struct):
    loan_return_within_days: Days = RETURN_WITHIN_DAYS
    waiting_for_repair: _Waiting | None = None
    replaced_part_starts_new_warranty: Any = False
    sent_at_once: tuple[str, ...] | None = None
    staff_complaint_levels: Levels = STAFF_COMPLAINT_LEVELS
    three_guarantees: _Guarantees | str | bool | None = None


class _Document(msgspec.Struct):
    severities: tuple[_Severity, ...] = ()
    spare: _Spare | None = None
    terms: _Terms = msgspec.field(default_factory=_Terms)


def terms_of(published: PolicyPublished) -> ContractTerms:
    """Raises msgspec.ValidationError when the document is no policy."""
    # A contract file leaves the words of its terms as they are written: numbers are texts there.
    document = msgspec.convert(published.policy, _Document, strict=False)
    said = document.terms
    waiting = said.waiting_for_repair
    severities = tuple(severity.id for severity in document.severities)
    return ContractTerms(
        severities=severities,
        # A contract that does not say means its worst severity.
        at_once=severities[:1] if said.sent_at_once is None else said.sent_at_once,
        staff_complaint_levels=said.staff_complaint_levels,
        spare=document.spare.when if document.spare else None,
        return_within_days=said.loan_return_within_days,
        waiting=waiting
        and WaitingRule(over_days=waiting.over_days, factor=waiting.extends_warranty_by_factor),
        replaced_starts_anew=said.replaced_part_starts_new_warranty in (True, "yes"),
        guarantees=_guarantees(said.three_guarantees),
    )


def _guarantees(said: _Guarantees | str | bool | None) -> ThreeGuarantees | None:
    """A contract that only mentions them means the usual ones."""
    if not said:
        return None
    if isinstance(said, _Guarantees):
        return ThreeGuarantees(
            first_day=said.first_day, last_day=said.last_day, repairs=said.repairs
        )
    return ThreeGuarantees()
