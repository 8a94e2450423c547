"""The people on the board, each with the day drawn; for a chosen case, who could come and how."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import asin, atan2, degrees

from msgspec import structs
from sqlalchemy import select

from aftercare_events.catalogue.case import Mode
from aftercare_events.catalogue.engineer import Point, Residence

from .aggregates import CASE, ENGINEER
from .api.call import Dispatch
from .api.sealing import opened
from .day_data import Day, days_of
from .domain.assignment import Proposal
from .domain.case_state import CaseState
from .domain.case_steps import mode_sought
from .domain.geography import Direction
from .domain.need import Obstacle
from .domain.preview import Preview, as_then, in_order, preview
from .domain.staff import Engineer
from .partner_data import Partner, partners_of
from .staff_index import Present
from .tables import cases, engineers
from .timeline import Bar, Window, window_at

MOST_PEOPLE = 60
PROPOSALS = 3
CALLED_IN: frozenset[Obstacle] = frozenset({"off_duty"})
LESS_FIT: frozenset[Obstacle] = frozenset({"off_duty", "level", "certificate"})


@dataclass(frozen=True, slots=True)
class Person:
    """`planned` is where the chosen case would lie; `number` the key that sends the best ones."""

    engineer_id: str
    name: str
    present: bool
    level: int
    department: str | None
    open_cases: int
    home: Point | None
    day: Day
    residence: Residence | None = None
    reserve: bool = False
    preview: Preview | None = None
    planned: Bar | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The case that somebody is looked for, or that is to be taken over from its `holder`.

    Who could come is asked of `state`, as if nobody had it where only experts or a partner do.
    """

    case_id: str
    state: CaseState
    mode: Mode
    is_taken: bool

    @property
    def holder(self) -> str | None:
        return self.state.assignment.engineer_id if self.state.assignment else None


@dataclass(frozen=True, slots=True)
class People:
    window: Window
    persons: Sequence[Person]
    chosen: Chosen | None = None
    left_out: Mapping[Obstacle, int] = field(default_factory=dict[Obstacle, int])
    partners: Sequence[Partner] = ()

    def of(self, engineer_id: str) -> Person | None:
        return next((one for one in self.persons if one.engineer_id == engineer_id), None)

    def name_of(self, engineer_id: str) -> str:
        person = self.of(engineer_id)
        return person.name if person else engineer_id


async def people_data(desk: Dispatch, case_id: str | None, mentioned: Iterable[str] = ()) -> People:
    """Whoever could go to the chosen case, is `mentioned` or is busy; then whoever is at work."""
    now = this_minute(desk)
    present = await desk.choosing.index.present(now)
    chosen = await _chosen(desk, case_id)
    if chosen is None:
        shown = _shown(present, now, frozenset(mentioned))
        return People(window_at(now), await _persons(desk, present, shown, now))
    proposed, left_out = await propose(desk, chosen.state, present)
    best = [one.engineer_id for one in proposed]
    shown = _shown(present, now, frozenset((*best, *mentioned)))
    persons = await _persons(desk, present, shown, now)
    others = [who for who in shown if who not in best]
    looked = await desk.choosing.look_at(chosen.state, now, others)
    rest = await _as_then(desk, chosen.state, previewed(looked, present, chosen.state))
    return People(
        window_at(now),
        _for_case(persons, proposed, in_order(rest), now),
        chosen,
        left_out,
        await partners_of(desk, chosen.state),
    )


async def _as_then(desk: Dispatch, case: CaseState, looks: Sequence[Preview]) -> Sequence[Preview]:
    """Whoever goes later is judged by the time they go."""
    starts = {one.engineer_id: one.slot.start for one in looks if one.behind and one.slot}
    if not starts:
        return looks
    then = await desk.choosing.look_later(case, starts)
    return [
        as_then(one, then[one.engineer_id]) if one.engineer_id in then else one for one in looks
    ]


async def propose(
    desk: Dispatch, case: CaseState, present: Present
) -> tuple[Sequence[Preview], Mapping[Obstacle, int]]:
    """The best; with nobody who could go, those to be called in, then those who fit less well."""
    rank, now = desk.choosing.rank, this_minute(desk)
    ranking = await rank(case, now, PROPOSALS)
    best = ranking.best or (await rank(case, now, PROPOSALS, CALLED_IN)).best
    best = best or (await rank(case, now, PROPOSALS, LESS_FIT)).best
    return previewed(best, present, case), ranking.left_out


def this_minute(desk: Dispatch) -> datetime:
    """What is drawn changes once a minute, not with every look."""
    return desk.clock.now().replace(second=0, microsecond=0)


def previewed(
    proposals: Iterable[Proposal], present: Present, case: CaseState
) -> Sequence[Preview]:
    return [
        preview(one, present.visits.get(one.engineer.engineer_id, {}), case.due)
        for one in proposals
    ]


async def _chosen(desk: Dispatch, case_id: str | None) -> Chosen | None:
    """None for a case that nobody can be sent to."""
    if case_id is None:
        return None
    rows = await desk.reading.rows(
        select(cases.c.state).where(cases.c.case_id == case_id, cases.c.is_open)
    )
    for row in rows:
        state = CASE.decoder.decode(row["state"])
        is_taken = state.wanted is None
        if is_taken and state.assignment is None and state.expert is not None:
            state = structs.replace(state, wanted=mode_sought(state))
        mode = state.wanted or (state.assignment.mode if state.assignment else None)
        return Chosen(case_id, state, mode, is_taken) if mode else None
    return None


def _shown(present: Present, now: datetime, mentioned: frozenset[str]) -> Sequence[str]:
    busy = mentioned | {who for who, slot in present.workload.visits if slot.end > now}
    on_duty = present.staff.is_on_duty(now)
    here = {
        engineer.engineer_id: bool(on_duty[row])
        for row, engineer in enumerate(present.staff.engineers)
        if engineer.active
    }
    return sorted(here, key=lambda who: (who not in busy, not here[who], who))[:MOST_PEOPLE]


async def _persons(
    desk: Dispatch, present: Present, engineer_ids: Sequence[str], now: datetime
) -> Sequence[Person]:
    names = await _names(desk, engineer_ids)
    staff = present.staff
    entries = [staff.engineers[staff.row[who]] for who in engineer_ids]
    official = await desk.choosing.index.days()
    days = await days_of(desk.reading, entries, present, window_at(now), official)
    return [
        _person(one, names.get(one.engineer_id), days[one.engineer_id], present, now)
        for one in entries
    ]


def _person(
    engineer: Engineer, name: str | None, day: Day, present: Present, now: datetime
) -> Person:
    who = engineer.engineer_id
    return Person(
        engineer_id=who,
        name=name or who,
        present=bool(present.staff.is_on_duty(now)[present.staff.row[who]]),
        level=engineer.level,
        department=engineer.department,
        open_cases=present.workload.open_cases.get(who, 0),
        home=_point(engineer.home),
        day=day,
        residence=engineer.residence,
        reserve=engineer.reserve,
    )


def _for_case(
    persons: Iterable[Person],
    proposed: Sequence[Preview],
    rest: Sequence[Preview],
    now: datetime,
) -> Sequence[Person]:
    """The same people, those proposed first; who came a moment later is not among them yet."""
    by_id = {person.engineer_id: person for person in persons}
    return [
        replace(
            by_id[one.engineer_id],
            preview=one,
            planned=window_at(now).bar(one.slot) if one.slot else None,
            number=place if place <= len(proposed) else None,
        )
        for place, one in enumerate((*proposed, *rest), start=1)
        if one.engineer_id in by_id
    ]


def _point(home: Direction | None) -> Point | None:
    if home is None:
        return None
    return Point(latitude=degrees(asin(home.z)), longitude=degrees(atan2(home.y, home.x)))


async def _names(desk: Dispatch, engineer_ids: Sequence[str]) -> Mapping[str, str]:
    query = select(engineers.c.engineer_id, engineers.c.state)
    rows = await desk.reading.rows(query.where(engineers.c.engineer_id.in_(engineer_ids)))
    entries = [ENGINEER.decoder.decode(row["state"]).entry for row in rows]
    people = await asyncio.gather(
        *(opened(desk.vault, entry.person if entry else None) for entry in entries)
    )
    return {
        entry.engineer_id: str(person["name"])
        for entry, person in zip(entries, people, strict=True)
        if entry and person and "name" in person
    }
