"""What dispatch reads from a published contract policy."""

from typing import Literal

import msgspec

from aftercare_events.opening_hours import CalendarSpec

SpareWhen = Literal["during_repair", "restore_breached_and_use_affected"]

# Where the contract does not say when a loan is back after the own device works again (DP-11).
RETURN_WITHIN_DAYS = 7
# Whom a complaint about staff brings: somebody senior, the next time a leader (DP-16).
STAFF_COMPLAINT_LEVELS = (3, 4)
# For which reasons a case is paused where the contract names none.
USUAL_PAUSES = ("customer_unavailable", "no_site_access", "force_majeure")


class WaitingRule(msgspec.Struct, frozen=True, kw_only=True):
    """Waiting for repair longer than `over_days` extends the warranty by `factor` times it."""

    over_days: int
    factor: float


class ThreeGuarantees(msgspec.Struct, frozen=True, kw_only=True):
    """三包: exchange or repair from day `first_day` to `last_day`; `repairs` within a year that did
    not help are a free replacement (DP-15)."""

    first_day: int = 8
    last_day: int = 15
    repairs: int = 2


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device of this category, or any, has to measure when it works again; decimals."""

    name: str
    category: str | None = None
    at_least: str | None = None
    at_most: str | None = None


class ContractTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`severities` from the worst to the least; days are calendar days.

    At a severity `at_once` somebody is sent without hotline and remote help being tried (DP-02).
    In the hours of `presence` residents, and seniors at an installation, are there (DP-18).
    `pauses` are the reasons for which some clock of it may be paused.
    """

    severities: tuple[str, ...] = ()
    spare: SpareWhen | None = None
    return_within_days: int = RETURN_WITHIN_DAYS
    waiting: WaitingRule | None = None
    replaced_starts_anew: bool = False
    guarantees: ThreeGuarantees | None = None
    acceptance: tuple[Figure, ...] = ()
    at_once: tuple[str, ...] = ()
    staff_complaint_levels: tuple[int, ...] = STAFF_COMPLAINT_LEVELS
    presence: CalendarSpec | None = None
    pauses: tuple[str, ...] = USUAL_PAUSES


UNKNOWN = ContractTerms()


def rank(terms: ContractTerms, severity: object) -> int:
    """0 for the worst severity of the contract; what it does not know comes last."""
    known = terms.severities
    return known.index(str(severity)) if str(severity) in known else max(len(known), 1)
