"""Reads what dispatch needs out of a policy that sla-monitor published; the rest is not ours."""

from typing import Annotated

import msgspec

from aftercare_events.catalogue.sla import PolicyPublished

from .domain.contract_terms import RETURN_WITHIN_DAYS, ContractTerms, SpareWhen

Days = Annotated[int, msgspec.Meta(ge=0, le=3650)]


class _Severity(msgspec.Struct):
    id: str


class _Spare(msgspec.Struct):
    when: SpareWhen


class _Terms(msgspec.Struct):
    loan_return_within_days: Days = RETURN_WITHIN_DAYS


class _Document(msgspec.Struct):
    severities: tuple[_Severity, ...] = ()
    spare: _Spare | None = None
    terms: _Terms = msgspec.field(default_factory=_Terms)


def terms_of(published: PolicyPublished) -> ContractTerms:
    """Raises msgspec.ValidationError when the document is no policy."""
    document = msgspec.convert(published.policy, _Document)
    return ContractTerms(
        severities=tuple(severity.id for severity in document.severities),
        spare=document.spare.when if document.spare else None,
        return_within_days=document.terms.loan_return_within_days,
    )
