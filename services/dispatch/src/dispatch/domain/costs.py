"""What work costs and whether the customer pays it (DP-20): whole cents, nothing rounded."""

from collections.abc import Iterable, Mapping

from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.work import CostsRecorded

# The contract option by which visits after the first are paid, in warranty as well (S1).
FOLLOW_UP_VISITS = "follow_up_visits"


def parts_cents(entry: CostsRecorded) -> int:
    return sum(part.quantity * part.unit_cents for part in entry.parts)


def total_cents(entry: CostsRecorded) -> int:
    return entry.travel_cents + entry.labour_cents + parts_cents(entry)


def totals(entries: Iterable[CostsRecorded], *, charged: bool) -> Mapping[str, int]:
    """The sum in cents by currency."""
    sums: dict[str, int] = {}
    for entry in entries:
        if entry.charged == charged:
            sums[entry.currency] = sums.get(entry.currency, 0) + total_cents(entry)
    return sums


def is_charged(
    report: CaseReported, *, follow_up: bool, out_of_scope: bool, guaranteed: bool
) -> bool:
    """What the entitlement of the report says, unless a guarantee was granted (DP-15).

    Work out of scope, once approved, is paid.
    """
    if out_of_scope or guaranteed:
        return out_of_scope
    if report.entitlement is not None and report.entitlement.chargeable:
        return True
    return follow_up and report.policy_options.get(FOLLOW_UP_VISITS) == "charged"
