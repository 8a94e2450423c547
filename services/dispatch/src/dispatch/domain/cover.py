"""When nobody is there who should be (DP-18): found ahead, said once, taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

import msgspec

from aftercare_events.catalogue.cover import Cover, CoverGapFound, CoverRestored, Gap
from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec, DayPlan
from aftercare_events.rota import Rota, edges_of_duty, serving

from .stretches import Stretch, joined, where, within, without

HORIZON = timedelta(days=14)
A_DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Shanghai")
Fact = CoverGapFound | CoverRestored


class CoverState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The `gaps` that were said last, when the time up to `looked_until` was looked at."""

    gaps: tuple[Gap, ...] = ()
    looked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """From `starts` up to `ends` one of `who` has to be there in the working time `hours`.

    `able` are all who count when they stand in, or take over.
    """

    starts: datetime
    ends: datetime | None
    hours: CalendarSpec
    who: Collection[str]
    able: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found from `since` to `until`; `covered_until` is where the last cover ends."""

    since: datetime
    until: datetime
    gaps: tuple[Gap, ...] = ()
    covered_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a look ahead found; no gaps when somebody is there all the time that is asked for."""

    cover_id: str
    what: Cover
    look: Look
    customer_id: str | None = None
    contract_id: str | None = None
    case_id: str | None = None


INITIAL = CoverState()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def horizon(today: date) -> Stretch:
    """Fourteen days in Asia/Shanghai, today included from its beginning."""
    return Stretch(midnight(today), midnight(today) + HORIZON)


def look_ahead(
    today: date, wanted: Wanted | None, rotas: Mapping[str, Rota], days: OfficialDays
) -> Look:
    """Which of the time that is asked for nobody covers, in the coming fourteen days."""
    since, until = horizon(today)
    asked = demanded(wanted, Stretch(since, until), days) if wanted else ()
    left = uncovered(asked, wanted, rotas, days) if wanted else ()
    met = without(asked, left)
    return Look(
        since=since,
        until=until,
        gaps=tuple(Gap(start=_utc(one.start), end=_utc(one.end)) for one in left),
        covered_until=met[-1].end if met else None,
    )


def demanded(wanted: Wanted, window: Stretch, days: OfficialDays) -> Sequence[Stretch]:
    """The working time of a window in which somebody has to be there."""
    zone = ZoneInfo(wanted.hours.time_zone)
    plan = DayPlan(wanted.hours, days if wanted.hours.official else None)
    # What opens the day before may close after midnight.
    day, last = (at.astimezone(zone).date() for at in window)
    day -= A_DAY
    found: list[Stretch] = []
    while day <= last:
        begins = datetime.combine(day, time(), zone)
        found += [
            Stretch(begins + timedelta(seconds=opens), begins + timedelta(seconds=closes))
            for opens, closes in plan.spans(day)
        ]
        day += A_DAY
    starts, ends = max(window.start, wanted.starts), min(window.end, wanted.ends or window.end)
    return within(joined(found), starts, ends)


def uncovered(
    asked: Sequence[Stretch], wanted: Wanted, rotas: Mapping[str, Rota], days: OfficialDays
) -> Sequence[Stretch]:
    """When none of those asked for is there, nor whoever took over or stands in, if able."""
    left = asked
    for one in wanted.who:
        if not left:
            break
        window = Stretch(left[0].start, left[-1].end)
        left = without(left, service(one, wanted.able, window, rotas, days))
    return left


def service(
    who: str,
    able: Collection[str],
    window: Stretch,
    rotas: Mapping[str, Rota],
    days: OfficialDays,
) -> Sequence[Stretch]:
    """When the duty of `who` is done by somebody able."""
    edges = edges_of_duty(who, rotas, *window, days)
    return where(lambda at: serving(who, rotas, at, days) in able, edges, *window)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def decide(command: Note, state: CoverState) -> Sequence[Fact]:
    look = command.look
    if not look.gaps:
        ended = CoverRestored(cover_id=command.cover_id, what=command.what)
        return [ended] if state.gaps else []
    if _is_known(look, state):
        return []
    return [
        CoverGapFound(
            cover_id=command.cover_id,
            what=command.what,
            customer_id=command.customer_id,
            gaps=look.gaps,
            looked_until=_utc(look.until),
            contract_id=command.contract_id,
            case_id=command.case_id,
        )
    ]


def _is_known(look: Look, state: CoverState) -> bool:
    """Whether what was said holds still, and what came into sight since only goes on with it.

    Days pass and others come into sight: neither is a change.
    """
    if state.looked_until is None:
        return False
    said = [Stretch(gap.start, gap.end) for gap in state.gaps]
    seen = [Stretch(gap.start, gap.end) for gap in look.gaps]
    still = within(said, look.since, state.looked_until)
    if not still or still != within(seen, look.since, state.looked_until):
        return False
    came = within(seen, state.looked_until, look.until)
    return not came or look.covered_until is None or look.covered_until <= still[-1].start


def evolve(_: CoverState, fact: Fact) -> CoverState:
    match fact:
        case CoverGapFound():
            return CoverState(gaps=fact.gaps, looked_until=fact.looked_until)
        case CoverRestored():
            return CoverState()
        case _:
            assert_never(fact)
