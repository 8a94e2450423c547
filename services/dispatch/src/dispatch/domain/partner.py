"""A manufacturer, authorised service or partner firm: what they serve and what they promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.partner import PartnerRegistered
from aftercare_events.decider import Refused

from .loan_dates import LOCAL

Fact = PartnerRegistered
Fit = Literal["model", "category", "not_served", "agreement_expired", "inactive"]
"""By what a partner serves a device, or why they do not."""
SERVING: frozenset[Fit] = frozenset({"model", "category"})


class PartnerState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    entry: PartnerRegistered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    entry: PartnerRegistered


INITIAL = PartnerState()


def decide(command: Register, state: PartnerState) -> Sequence[Fact]:
    return [] if state.entry == command.entry else [command.entry]


def evolve(state: PartnerState, fact: Fact) -> PartnerState:
    return replace(state, entry=fact)


def may_be_asked(partner: PartnerRegistered, at: datetime) -> None:
    """Raises Refused for one who is inactive, or whose agreement has ended (DP-26)."""
    if not partner.active:
        raise Refused("partner-inactive", f"{partner.partner_id} is not active", "target")
    promise = partner.promise
    if promise.valid_until < at.astimezone(LOCAL).date():
        raise Refused(
            "agreement-expired",
            f"{promise.agreement} with {partner.partner_id} ended on {promise.valid_until}",
            "target",
        )


def fitting(
    partners: Iterable[PartnerRegistered],
    *,
    category: str | None,
    model: str | None,
    today: date,
) -> Sequence[PartnerRegistered]:
    """Who serves the device under an agreement that is good today, the fastest promise first."""
    looks = looked_at(partners, category=category, model=model, today=today)
    return [one for one, fit in looks if fit in SERVING]


def looked_at(
    partners: Iterable[PartnerRegistered],
    *,
    category: str | None,
    model: str | None,
    today: date,
) -> Sequence[tuple[PartnerRegistered, Fit]]:
    """All of them, with why each fits or not; those who fit first, by their promise."""
    looks: list[tuple[PartnerRegistered, Fit]] = [
        (one, _fit(one, category, model, today)) for one in partners
    ]
    return sorted(looks, key=lambda look: (look[1] not in SERVING, *_swiftness(look[0])))


def _fit(one: PartnerRegistered, category: str | None, model: str | None, today: date) -> Fit:
    if not one.active:
        return "inactive"
    if one.promise.valid_until < today:
        return "agreement_expired"
    if model in one.models:
        return "model"
    return "category" if category in one.categories else "not_served"


def _swiftness(partner: PartnerRegistered) -> tuple[int, bool, int, str]:
    """Who promises no time on site comes after those who do."""
    onsite = partner.promise.onsite_minutes
    return partner.promise.answer_minutes, onsite is None, onsite or 0, partner.partner_id
