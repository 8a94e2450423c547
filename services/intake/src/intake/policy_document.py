"""Reads what intake needs out of a policy that sla-monitor published; the rest is not ours."""

from typing import Annotated

import msgspec

from aftercare_events.catalogue.sla import PolicyPublished

from .domain.policy import Charge, Discounted, Terms, Warranty


class _Severity(msgspec.Struct):
    id: str


class _OutOfWarranty(msgspec.Struct, frozen=True):
    charge: Charge | None = None
    discounted: tuple[Discounted, ...] = ()
    free: frozenset[str] = frozenset()


class _Terms(msgspec.Struct, frozen=True):
    connect_rate: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None


class _Document(msgspec.Struct):
    severities: tuple[_Severity, ...] = ()
    warranty: tuple[Warranty, ...] = ()
    out_of_warranty: _OutOfWarranty = _OutOfWarranty()
    terms: _Terms = _Terms()


def terms_of(published: PolicyPublished) -> Terms:
    """Raises msgspec.ValidationError when the document is no policy."""
    document = msgspec.convert(published.policy, _Document)
    after = document.out_of_warranty
    return Terms(
        policy=published.name,
        version=published.version,
        severities=tuple(severity.id for severity in document.severities),
        warranty=document.warranty,
        charge=after.charge,
        discounted=after.discounted,
        free=after.free,
        connect_rate=document.terms.connect_rate,
    )
