"""Whether what was measured after a repair is within the acceptance figures (DP-29)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from aftercare_events.decider import Refused

from .contract_terms import Figure


def figures_for(figures: Sequence[Figure], category: str | None) -> Sequence[Figure]:
    """Those of the device's category, and those that every device has to meet."""
    return tuple(one for one in figures if one.category in (None, category))


def check(figures: Sequence[Figure], measured: Mapping[str, str]) -> None:
    """Raises Refused for a figure that was not measured, and for one out of tolerance."""
    lacks = [one.name for one in figures if one.name not in measured]
    if lacks:
        raise Refused(
            "measurement-required",
            f"the contract's acceptance figures ask for {', '.join(lacks)} (DP-29)",
            missing=[f"measured.{name}" for name in lacks],
        )
    for one in figures:
        if not _within(one, Decimal(measured[one.name])):
            bounds = f"{one.at_least or '…'} to {one.at_most or '…'}"
            raise Refused(
                "out-of-tolerance", f"{one.name} has to be {bounds}", f"measured.{one.name}"
            )


def _within(figure: Figure, value: Decimal) -> bool:
    low = figure.at_least is None or value >= Decimal(figure.at_least)
    return low and (figure.at_most is None or value <= Decimal(figure.at_most))
