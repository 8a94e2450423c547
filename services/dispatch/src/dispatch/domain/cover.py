"""Days on which nobody is there who should be (DP-18): found ahead, said once, taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

import msgspec

from aftercare_events.catalogue.cover import Cover, CoverGapFound, CoverRestored
from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Rota, deputy_of, edges, is_scheduled

HORIZON = 14
ZONE = ZoneInfo("Asia/Shanghai")
Fact = CoverGapFound | CoverRestored


class CoverState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`days` nobody is there, as was said last."""

    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a look ahead found; no days when somebody is there on all of them."""

    cover_id: str
    what: Cover
    customer_id: str
    days: Sequence[date]
    contract_id: str | None = None
    case_id: str | None = None


INITIAL = CoverState()


def coming_days(today: date, starts_on: date, ends_on: date | None) -> Sequence[date]:
    """The next fourteen days, as far as they lie between the two, both included."""
    days = (today + timedelta(days=ahead) for ahead in range(HORIZON))
    return [day for day in days if starts_on <= day and (ends_on is None or day <= ends_on)]


def uncovered(
    days: Sequence[date],
    who: Collection[str],
    rotas: Mapping[str, Rota],
    official: OfficialDays | None = None,
) -> Sequence[date]:
    """The days on which none of `who`, nor a deputy of theirs, is on duty at any time."""
    return [day for day in days if not any(_is_there(one, day, rotas, official) for one in who)]


def _is_there(
    who: str, day: date, rotas: Mapping[str, Rota], official: OfficialDays | None
) -> bool:
    rota = rotas.get(who)
    if rota is None:
        return False
    start = datetime.combine(day, time(), ZONE)
    end = datetime.combine(day + timedelta(days=1), time(), ZONE)
    return any(
        is_scheduled(rota, at, official) and deputy_of(who, rotas, at) is not None
        for at in (start, *edges(rota, start, end, official))
    )


def decide(command: Note, state: CoverState) -> Sequence[Fact]:
    days = tuple(command.days)
    if days == state.days:
        return []
    if not days:
        return [CoverRestored(cover_id=command.cover_id, what=command.what)]
    return [
        CoverGapFound(
            cover_id=command.cover_id,
            what=command.what,
            customer_id=command.customer_id,
            days=days,
            contract_id=command.contract_id,
            case_id=command.case_id,
        )
    ]


def evolve(_: CoverState, fact: Fact) -> CoverState:
    match fact:
        case CoverGapFound():
            return CoverState(days=fact.days)
        case CoverRestored():
            return CoverState()
        case _:
            assert_never(fact)
