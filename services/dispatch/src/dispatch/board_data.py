"""What the board shows: waiting cases with proposals, cases in work, engineers with their day."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from aftercare_events.duty import on_duty

from .aggregates import CASE, ENGINEER
from .api.call import Dispatch
from .api.sealing import opened
from .domain.assignment import Obstacle, Proposal
from .domain.case_state import CaseState, status
from .domain.slot import Slot
from .staff_index import Present
from .tables import cases, customers, engineers, sites

MOST_WAITING = 50
MOST_IN_WORK = 100
MOST_ENGINEERS = 60
# Proposals cost a ranking each; the oldest cases are decided first.
WITH_PROPOSALS = 10
PROPOSALS = 3
CALLED_IN: frozenset[Obstacle] = frozenset({"off_duty"})
MILESTONES = ("contacted", "responded", "diagnosed", "departed", "arrived", "restored", "recorded")


@dataclass(frozen=True, slots=True)
class Card:
    """One case; while somebody is looked for, whom to send and how many each rule left out."""

    case_id: str
    state: CaseState
    status: str
    customer: str
    site: str
    proposals: Sequence[Proposal] = ()
    left_out: Mapping[Obstacle, int] = field(default_factory=dict[Obstacle, int])

    @property
    def reached(self) -> Sequence[tuple[str, datetime]]:
        reached = self.state.milestones
        return [(name, reached[name]) for name in MILESTONES if name in reached]


@dataclass(frozen=True, slots=True)
class Day:
    """One engineer today."""

    engineer_id: str
    name: str
    present: bool
    open_cases: int
    visits: Sequence[tuple[str, Slot]]


@dataclass(frozen=True, slots=True)
class Board:
    position: int
    waiting: Sequence[Card]
    in_work: Sequence[Card]
    days: Sequence[Day]

    def name_of(self, engineer_id: str) -> str:
        return next((day.name for day in self.days if day.engineer_id == engineer_id), engineer_id)

    def is_present(self, engineer_id: str) -> bool:
        return any(day.present for day in self.days if day.engineer_id == engineer_id)


async def board_data(desk: Dispatch) -> Board:
    position = desk.updates.position
    present = await desk.choosing.index.present()
    waiting = await _cards(desk, wanted=True, limit=MOST_WAITING)
    in_work = await _cards(desk, wanted=False, limit=MOST_IN_WORK)
    proposed = [await _with_proposals(desk, card) for card in waiting[:WITH_PROPOSALS]]
    mentioned = _mentioned([*proposed, *in_work])
    return Board(
        position=position,
        waiting=[*proposed, *waiting[WITH_PROPOSALS:]],
        in_work=in_work,
        days=await _days(desk, present, mentioned),
    )


async def _cards(desk: Dispatch, *, wanted: bool, limit: int) -> Sequence[Card]:
    query = (
        select(cases.c.case_id, cases.c.state)
        .where(cases.c.is_open, cases.c.is_wanted if wanted else ~cases.c.is_wanted)
        .order_by(cases.c.due_at.nulls_last(), cases.c.reported_at, cases.c.case_id)
        .limit(limit)
    )
    rows = await desk.reading.rows(query)
    states = {row["case_id"]: CASE.decoder.decode(row["state"]) for row in rows}
    reports = [state.report for state in states.values() if state.report]
    names = await desk.reading.names(customers, {report.customer_id for report in reports})
    places = await desk.reading.names(sites, {r.site_id for r in reports if r.site_id})
    return [_card(case_id, state, names, places) for case_id, state in states.items()]


def _card(
    case_id: str, state: CaseState, names: Mapping[str, str], places: Mapping[str, str]
) -> Card:
    customer_id = state.report.customer_id if state.report else ""
    site_id = (state.report.site_id if state.report else None) or ""
    return Card(
        case_id=case_id,
        state=state,
        status=status(state),
        customer=names.get(customer_id, customer_id),
        site=places.get(site_id, site_id),
    )


async def _with_proposals(desk: Dispatch, card: Card) -> Card:
    """With nobody at work who could go, those who could be called in."""
    rank, now = desk.choosing.rank, desk.clock.now()
    ranking = await rank(card.state, now, PROPOSALS)
    best = ranking.best or (await rank(card.state, now, PROPOSALS, CALLED_IN)).best
    return replace(card, proposals=best, left_out=ranking.left_out)


def _mentioned(cards: Sequence[Card]) -> set[str]:
    proposed = {proposal.engineer.engineer_id for card in cards for proposal in card.proposals}
    return proposed | {card.state.assignment.engineer_id for card in cards if card.state.assignment}


async def _days(desk: Dispatch, present: Present, mentioned: set[str]) -> Sequence[Day]:
    """Whoever is named on the board or has something to do, then whoever is at work."""
    now = desk.clock.now()
    busy = mentioned | {who for who, slot in present.workload.visits if slot.end > now}
    here = {
        engineer.engineer_id: on_duty(engineer.duty, now)
        for engineer in present.staff.engineers
        if engineer.active
    }
    shown = sorted(here, key=lambda who: (who not in busy, not here[who], who))[:MOST_ENGINEERS]
    names = await _names(desk, shown)
    return [_day(who, names.get(who, who), here[who], present, now) for who in shown]


def _day(engineer_id: str, name: str, is_here: bool, present: Present, now: datetime) -> Day:
    visits = [
        (case_id, slot)
        for case_id, slot in present.visits.get(engineer_id, {}).items()
        if slot.end > now
    ]
    return Day(
        engineer_id=engineer_id,
        name=name,
        present=is_here,
        open_cases=present.workload.open_cases.get(engineer_id, 0),
        visits=sorted(visits, key=lambda visit: visit[1].start),
    )


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
