"""Who is able to handle a fault (DP-25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aftercare_events.catalogue.case import Lack
from aftercare_events.catalogue.engineer import Certificate, EngineerRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a case asks for on the day `today` at the site; no skill where nobody has it."""

    skill: str | None
    level: int
    today: date


def lacks(entry: EngineerRegistered | None, demand: Demand) -> Sequence[Lack]:
    """What somebody is short of; nothing where they are able to handle it."""
    if entry is None:
        return ("unknown",)
    short: list[Lack] = []
    if demand.skill is not None and demand.skill not in entry.skills:
        short.append("skill")
    if entry.certificates and not any(_good(one, demand) for one in entry.certificates):
        short.append("certificate")
    if entry.level < demand.level:
        short.append("level")
    return tuple(short)


def _good(one: Certificate, demand: Demand) -> bool:
    return one.valid_until >= demand.today and one.skill in (None, demand.skill)
