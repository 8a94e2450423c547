"""What breaches cost: the contract's percentage for each, up to its cap (SL-10)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

Why = Literal["in_full", "capped", "withdrawn"]
_CENT = Decimal("0.01")


class Liable(NamedTuple):
    """Whose cap it is: the contract's, or where none is named, that of customer and policy."""

    contract_id: str | None
    customer_id: str | None
    policy: str | None


def liable_of(contract_id: str | None, customer_id: str | None, policy: str | None) -> Liable:
    return Liable(contract_id, customer_id, None if contract_id else policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """One breach with the contract's rate and cap, both in per cent of the contract price."""

    position: int
    case_id: str
    clock: str
    cycle: int
    percent: Decimal
    max_percent: Decimal
    clause: str
    accrued_at: datetime
    withdrawn_at: datetime | None
    due_at: datetime | None = None
    breached_at: datetime | None = None
    policy: str | None = None
    policy_version: int | None = None
    contract_id: str | None = None
    customer_id: str | None = None

    @property
    def liable(self) -> Liable:
        return liable_of(self.contract_id, self.customer_id, self.policy)


@dataclass(frozen=True, slots=True)
class Charge:
    """An accrual with what of it counts, in per cent; `before` is the sum of the earlier ones."""

    accrual: Accrual
    before: Decimal
    applied: Decimal
    why: Why


def charged(accruals: Iterable[Accrual]) -> Iterator[Charge]:
    """What of each breach counts; they come in the order in which they were recorded.

    The cap holds for the sum over all breaches of one contract: what exceeds it is not due. One
    that was withdrawn counts nothing, and so leaves its share to those that follow.
    """
    sums: defaultdict[Liable, Decimal] = defaultdict(Decimal)
    for accrual in accruals:
        charge = _charge(accrual, sums[accrual.liable])
        sums[accrual.liable] += charge.applied
        yield charge


def _charge(accrual: Accrual, before: Decimal) -> Charge:
    if accrual.withdrawn_at is not None:
        return Charge(accrual, before, Decimal(0), "withdrawn")
    if accrual.percent <= accrual.max_percent - before:
        return Charge(accrual, before, accrual.percent, "in_full")
    return Charge(accrual, before, max(accrual.max_percent - before, Decimal(0)), "capped")


@dataclass(frozen=True, slots=True)
class Sum:
    """What the breaches of one contract cost together, in per cent of its price."""

    breaches: int = 0
    withdrawn: int = 0
    percent_due: Decimal = Decimal(0)
    percent_applied: Decimal = Decimal(0)
    max_percent: Decimal = Decimal(0)


def summed(charges: Iterable[Charge]) -> dict[Liable, Sum]:
    """By contract; `percent_due` is what would be owed without the cap."""
    sums: defaultdict[Liable, Sum] = defaultdict(Sum)
    for charge in charges:
        before, of = sums[charge.accrual.liable], charge.accrual
        stands = charge.why != "withdrawn"
        sums[of.liable] = Sum(
            breaches=before.breaches + 1,
            withdrawn=before.withdrawn + (not stands),
            percent_due=before.percent_due + of.percent * stands,
            percent_applied=before.percent_applied + charge.applied,
            max_percent=of.max_percent,
        )
    return sums


def amount(percent: Decimal, price: Decimal) -> Decimal:
    """That share of a price, rounded half up to hundredths of its currency."""
    return (percent * price / 100).quantize(_CENT, ROUND_HALF_UP)
