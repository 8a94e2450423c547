"""The contracts and official holidays that come with the product."""

from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import cast

from chinese_calendar import constants

from .domain.days import OfficialDays
from .domain.policy import Policy
from .domain.policy_reader import read_policy


@cache
def official_days() -> dict[str, OfficialDays]:
    """The State Council's holidays and make-up days as `chinesecalendar` has them, as `cn`."""
    off = frozenset(cast("dict[date, str]", constants.holidays))
    on = frozenset(cast("dict[date, str]", constants.workdays))
    years = tuple(sorted({day.year for day in off}))
    edition = f"chinesecalendar {version('chinesecalendar')}"
    return {"cn": OfficialDays(edition, years, off, on)}


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
