"""Who is on duty, said as plainly as the rule reads: what faster answers are held against."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Rota, deputy_of, is_scheduled


def present(
    rotas: Mapping[str, Rota], at: datetime, days: OfficialDays | None = None
) -> Mapping[str, Sequence[str]]:
    """Everybody on duty, each with those whom they stand in for."""
    here: dict[str, list[str]] = {}
    for who, rota in rotas.items():
        if not is_scheduled(rota, at, days):
            continue
        stands = deputy_of(who, rotas, at)
        if stands is not None:
            here.setdefault(stands, [])
            if stands != who:
                here[stands].append(who)
    return here
