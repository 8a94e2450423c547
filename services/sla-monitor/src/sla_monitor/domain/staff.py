"""Who of the engineers is on duty at an instant, as dispatch has it (DP-04, DP-18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Rota, absence_at, is_scheduled


@dataclass(frozen=True, slots=True)
class Staff:
    """The rosters by engineer. `named` has by deputy who names them in any absence.

    `days` are the official ones; without them those shipped.
    """

    rotas: Mapping[str, Rota] = field(default_factory=dict[str, Rota])
    named: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    days: OfficialDays | None = None


def staff_of(rotas: Mapping[str, Rota], days: OfficialDays | None = None) -> Staff:
    named: dict[str, set[str]] = {}
    for who, rota in rotas.items():
        for absence in rota.absences:
            if absence.deputy is not None:
                named.setdefault(absence.deputy, set()).add(who)
    return Staff(rotas, {deputy: frozenset(of) for deputy, of in named.items()}, days)


def is_on_duty(staff: Staff, who: str, at: datetime) -> bool:
    """By their own roster, or in the place of somebody who is absent; never while they are."""
    rota = staff.rotas[who]
    if not rota.active or absence_at(rota, at) is not None:
        return False
    return is_scheduled(rota, at, staff.days) or _stands_in(staff, who, at)


def is_absent(staff: Staff, who: str, at: datetime) -> bool:
    rota = staff.rotas.get(who)
    return rota is not None and absence_at(rota, at) is not None


def _stands_in(staff: Staff, deputy: str, at: datetime) -> bool:
    """Whether somebody with duty is absent whose deputy, or deputy's deputy, this is."""
    seen, asked = {deputy}, [deputy]
    while asked:
        one = asked.pop()
        for absent in staff.named.get(one, frozenset()) - seen:
            rota = staff.rotas[absent]
            absence = absence_at(rota, at)
            if absence is None or absence.deputy != one or not rota.active:
                continue
            if is_scheduled(rota, at, staff.days):
                return True
            seen.add(absent)
            asked.append(absent)
    return False
