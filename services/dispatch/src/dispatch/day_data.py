"""One engineer's day as the board draws it: duty, absence, visits with the way to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from aftercare_events.catalogue.engineer import AbsenceKind
from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Rota, edges, is_here

from .aggregates import CASE
from .domain.slot import Slot
from .domain.staff import Engineer
from .reading import Reading
from .staff_index import Present
from .tables import cases
from .timeline import Bar, Window, spans_when


@dataclass(frozen=True, slots=True)
class Visit:
    """A booked span; `bar` is None where it lies outside of what is drawn.

    It begins with the journey, where that was reckoned; `travel` is its share in per cent.
    """

    case_id: str
    slot: Slot
    bar: Bar | None
    journey_min: int = 0

    @property
    def travel(self) -> int:
        minutes = (self.slot.end - self.slot.start).total_seconds() / 60
        return min(round(100 * self.journey_min / minutes), 100)


@dataclass(frozen=True, slots=True)
class Away:
    kind: AbsenceKind
    bar: Bar


@dataclass(frozen=True, slots=True)
class Day:
    duty: Sequence[Bar]
    away: Sequence[Away]
    visits: Sequence[Visit]


async def days_of(
    reading: Reading,
    people: Iterable[Engineer],
    present: Present,
    window: Window,
    days: OfficialDays,
) -> Mapping[str, Day]:
    """By engineer."""
    slots = {
        one.engineer_id: {
            case_id: slot
            for case_id, slot in present.visits.get(one.engineer_id, {}).items()
            if slot.end > window.start
        }
        for one in people
    }
    journeys = await _journeys(reading, [case for taken in slots.values() for case in taken])
    return {
        one.engineer_id: Day(
            duty=_duty(one.rota, window, days),
            away=_away(one.rota, window),
            visits=_visits(slots[one.engineer_id], journeys, window),
        )
        for one in people
    }


@lru_cache(maxsize=1024)
def _duty(rota: Rota, window: Window, days: OfficialDays) -> Sequence[Bar]:
    spans = spans_when(
        lambda at: is_here(rota, at, days),
        [window.start, *edges(rota, window.start, window.end, days), window.end],
    )
    return [bar for span in spans if (bar := window.bar(span))]


def _away(rota: Rota, window: Window) -> Sequence[Away]:
    return [
        Away(one.kind, bar)
        for one in rota.absences
        if (bar := window.bar(Slot(one.start, one.end)))
    ]


def _visits(
    taken: Mapping[str, Slot], journeys: Mapping[str, int], window: Window
) -> Sequence[Visit]:
    visits = [
        Visit(case_id, slot, window.bar(slot), journeys.get(case_id, 0))
        for case_id, slot in taken.items()
    ]
    return sorted(visits, key=lambda visit: visit.slot.start)


async def _journeys(reading: Reading, case_ids: Sequence[str]) -> Mapping[str, int]:
    """In minutes, as reckoned when the case was given away by the machine."""
    rows = await reading.rows(
        select(cases.c.case_id, cases.c.state).where(cases.c.case_id.in_(case_ids))
    )
    held = {row["case_id"]: CASE.decoder.decode(row["state"]).assignment for row in rows}
    return {one: (it.why or {}).get("journey_min", 0) for one, it in held.items() if it}
