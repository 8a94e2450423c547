"""The contracts and official holidays that come with the product."""

from functools import cache
from importlib.resources import files

from aftercare_events.official_days import CN, OfficialDays, shipped

from .domain.policy import Policy
from .domain.policy_reader import read_policy


def official_days() -> dict[str, OfficialDays]:
    """The sets that contracts may name: the State Council's days, as `cn`."""
    return {CN: shipped()}


@cache
def shipped_policies() -> tuple[Policy, ...]:
    """Every contract under `policies/`, by name."""
    folder = files("sla_monitor") / "policies"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return tuple(
        read_policy(entry.read_text(encoding="utf-8"), entry.name, official_days())
        for entry in found
    )
