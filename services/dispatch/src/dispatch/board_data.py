"""What the board shows: waiting cases with proposals, people with their day, cases in work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, func, select

from aftercare_events.catalogue.emergency import PlanEntered

from .aggregates import CASE
from .api.call import Dispatch
from .api.emergency import plans_by_case
from .domain.case_state import CaseState, status
from .domain.need import Obstacle
from .domain.preview import Preview
from .map_data import Map, map_data
from .people_data import People, people_data, propose
from .staff_index import Present
from .tables import cases, customers, sites

MOST_WAITING = 1000
MOST_IN_WORK = 100
# Proposals cost a ranking each; the most urgent cases are decided first.
WITH_PROPOSALS = 10
MILESTONES = ("contacted", "responded", "diagnosed", "departed", "arrived", "restored", "recorded")


@dataclass(frozen=True, slots=True)
class Card:
    """One case; while somebody is looked for, whom to send and how many each rule left out.

    `plans` are the emergency plans that could be activated.
    """

    case_id: str
    position: int
    state: CaseState
    status: str
    customer: str
    site: str
    proposals: Sequence[Preview] = ()
    left_out: Mapping[Obstacle, int] = field(default_factory=dict[Obstacle, int])
    plans: Sequence[PlanEntered] = ()

    @property
    def is_plain(self) -> bool:
        """Nothing on it follows from more than the case itself."""
        return not (self.proposals or self.left_out or self.plans or self.state.emergencies)

    @property
    def reached(self) -> Sequence[tuple[str, datetime]]:
        reached = self.state.milestones
        return [(name, reached[name]) for name in MILESTONES if name in reached]


@dataclass(frozen=True, slots=True)
class Board:
    """The totals count all who wait, or are in work; the most urgent of them are shown."""

    position: int
    waiting: Sequence[Card]
    total: int
    in_work: Sequence[Card]
    total_in_work: int
    people: People
    map: Map


async def board_data(desk: Dispatch, case_id: str | None = None) -> Board:
    position = desk.updates.position
    present = await desk.choosing.index.present(desk.clock.now())
    waiting = await _cards(desk, wanted=True, limit=MOST_WAITING)
    in_work = await _cards(desk, wanted=False, limit=MOST_IN_WORK)
    proposed = [await _with_proposals(desk, card, present) for card in waiting[:WITH_PROPOSALS]]
    shown = [*proposed, *waiting[WITH_PROPOSALS:]]
    people = await people_data(desk, case_id, _mentioned([*proposed, *in_work]))
    return Board(
        position=position,
        waiting=shown,
        total=len(shown) if len(shown) < MOST_WAITING else await _count(desk, wanted=True),
        in_work=in_work,
        total_in_work=len(in_work)
        if len(in_work) < MOST_IN_WORK
        else await _count(desk, wanted=False),
        people=people,
        map=await map_data(desk.reading, {card.case_id: card.state for card in shown}, people),
    )


async def _count(desk: Dispatch, *, wanted: bool) -> int:
    query = select(func.count().label("total")).where(_open(wanted=wanted))
    return (await desk.reading.rows(query))[0]["total"]


def _open(*, wanted: bool) -> ColumnElement[bool]:
    return and_(cases.c.is_open, cases.c.is_wanted if wanted else ~cases.c.is_wanted)


async def _cards(desk: Dispatch, *, wanted: bool, limit: int) -> Sequence[Card]:
    query = (
        select(cases.c.case_id, cases.c.position, cases.c.state)
        .where(_open(wanted=wanted))
        .order_by(cases.c.due_at.nulls_last(), cases.c.reported_at, cases.c.case_id)
        .limit(limit)
    )
    rows = await desk.reading.rows(query)
    states = [CASE.decoder.decode(row["state"]) for row in rows]
    reports = [state.report for state in states if state.report]
    names = await desk.reading.names(customers, {report.customer_id for report in reports})
    places = await desk.reading.names(sites, {r.site_id for r in reports if r.site_id})
    plans = await plans_by_case(
        desk, {row["case_id"]: state for row, state in zip(rows, states, strict=True)}
    )
    drawn = [_card(row, state, names, places) for row, state in zip(rows, states, strict=True)]
    return [replace(one, plans=plans.get(one.case_id, ())) for one in drawn]


def _card(
    row: RowMapping, state: CaseState, names: Mapping[str, str], places: Mapping[str, str]
) -> Card:
    customer_id = state.report.customer_id if state.report else ""
    site_id = (state.report.site_id if state.report else None) or ""
    return Card(
        case_id=row["case_id"],
        position=row["position"],
        state=state,
        status=status(state),
        customer=names.get(customer_id, customer_id),
        site=places.get(site_id, site_id),
    )


async def _with_proposals(desk: Dispatch, card: Card, present: Present) -> Card:
    proposals, left_out = await propose(desk, card.state, present)
    return replace(card, proposals=proposals, left_out=left_out)


def _mentioned(cards: Sequence[Card]) -> set[str]:
    proposed = {proposal.engineer_id for card in cards for proposal in card.proposals}
    return proposed | {card.state.assignment.engineer_id for card in cards if card.state.assignment}
