"""Reads what intake needs out of a policy that sla-monitor published; the rest is not ours."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.decider import Refused

from .domain.connect_rate import OPTION
from .domain.policy import Charge, Discounted, Terms, Warranty


class _Severity(msgspec.Struct):
    id: str


class _OutOfWarranty(msgspec.Struct, frozen=True):
    charge: Charge | None = None
    discounted: tuple[Discounted, ...] = ()
    free: frozenset[str] = frozenset()


class _Option(msgspec.Struct, frozen=True):
    values: tuple[str, ...] = ()


class _Terms(msgspec.Struct, frozen=True):
    connect_rate: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None


class _Document(msgspec.Struct):
    severities: tuple[_Severity, ...] = ()
    warranty: tuple[Warranty, ...] = ()
    out_of_warranty: _OutOfWarranty = _OutOfWarranty()
    terms: _Terms = _Terms()
    options: dict[str, _Option] = {}


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


# What any contract may agree otherwise than usual, and what it looks like: the connect rate in per
# cent, the minutes to answer an offer (DP-05), the least level of an engineer (DP-04), whether
# residents and seniors on site are there around the clock (DP-18).
OF_ANY_POLICY = {
    OPTION: re.compile(r"[^\s].{0,31}"),
    "answer_min": re.compile(r"[1-9]\d{0,3}"),
    "engineer_level": re.compile(r"[1-9]"),
    "presence_hours": re.compile(r"24x7|5x8"),
}


def check_options(chosen: Mapping[str, Any], published: PolicyPublished) -> None:
    """Raises Refused for an option that the policy leaves nobody, and for a value it has not."""
    options = msgspec.convert(published.policy, _Document).options
    for name, value in chosen.items():
        if name in OF_ANY_POLICY:
            if not OF_ANY_POLICY[name].fullmatch(str(value)):
                raise Refused("option-value", f"{name} cannot be {value}.", "policy_options")
            continue
        if name not in options:
            known = ", ".join(sorted({*options, *OF_ANY_POLICY}))
            detail = f"{published.name} has no option {name}; it has: {known}."
            raise Refused("option-unknown", detail, "policy_options")
        if value not in options[name].values:
            values = ", ".join(options[name].values)
            raise Refused("option-value", f"{name} is one of: {values}.", "policy_options")
