"""The staff in memory: read once, then only what changed since."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.engineer import Point
from aftercare_events.official_days import CN, OfficialDays, shipped

from . import tables
from .aggregates import ENGINEER, WEIGHTS
from .domain.engineer import EngineerState
from .domain.geography import Direction, direction
from .domain.need import Workload
from .domain.slot import Slot
from .domain.staff import Engineer, Staff, staff_of
from .domain.weighing import INITIAL, Weighed

# So many of the last callbacks tell how an engineer is seen now.
LAST_SCORES = 10
# After that somebody has gone home.
A_DAYS_WORK = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Present:
    """Everybody, and what they have to do, as the tables had it a moment ago.

    `visits` are those of each engineer, by case.
    """

    staff: Staff
    workload: Workload
    visits: Mapping[str, Mapping[str, Slot]]
    weighed: Weighed


class StaffIndex:
    """A choice among ten thousand must not begin with reading ten thousand rows."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._seen = 0
        self._scored = 0
        self._engineers: dict[str, Engineer] = {}
        self._visits: dict[str, Mapping[str, Slot]] = {}
        self._on_site: dict[str, EngineerState] = {}
        self._edition = 0
        self._days = shipped()
        self._scores: dict[str, deque[float]] = {}
        self._staff = staff_of([])
        self._refreshing = asyncio.Lock()

    async def present(self, at: datetime) -> Present:
        async with self._refreshing, self._engine.connect() as connection:
            await self._read_changes(connection)
            await self._read_scores(connection)
            weighed = await _weighed(connection)
            open_cases = await _open_cases(connection)
            since = at - timedelta(days=weighed.weights.recent_days)
            recent = await _recent(connection, since)
            places = await _places(connection, at)
        there = {who: state.occupied(at) for who, state in self._on_site.items()}
        visits = {**self._visits, **there}
        taken = [(who, slot) for who, slots in visits.items() for slot in slots.values()]
        scores = {who: mean(last) for who, last in self._scores.items()}
        workload = Workload(open_cases, taken, recent, scores, places)
        return Present(self._staff, workload, visits, weighed)

    async def days(self) -> OfficialDays:
        """The official days by which rosters go, as published last."""
        async with self._refreshing, self._engine.connect() as connection:
            await self._read_editions(connection)
            return self._days

    async def _read_editions(self, connection: AsyncConnection) -> None:
        table = tables.calendars
        query = (
            select(table.c.number, table.c.days)
            .where(table.c.name == CN, table.c.number > self._edition)
            .order_by(table.c.number)
        )
        rows = (await connection.execute(query)).all()
        for number, edition in rows:
            self._days = self._days.amended(msgspec.json.decode(edition, type=OfficialDays))
            self._edition = number
        if rows:
            self._staff = staff_of(self._engineers.values(), self._days)

    async def _read_changes(self, connection: AsyncConnection) -> None:
        await self._read_editions(connection)
        table = tables.engineers
        query = select(table).where(table.c.position > self._seen).order_by(table.c.position)
        before = dict(self._engineers)
        for row in await connection.execute(query):
            self._take(row.engineer_id, ENGINEER.decoder.decode(row.state))
            self._seen = row.position
        if self._engineers != before:
            self._staff = staff_of(self._engineers.values(), self._days)

    async def _read_scores(self, connection: AsyncConnection) -> None:
        table = tables.scores
        query = select(table).where(table.c.position > self._scored).order_by(table.c.position)
        for row in await connection.execute(query):
            last = self._scores.setdefault(row.engineer_id, deque(maxlen=LAST_SCORES))
            last.append(row.score)
            self._scored = row.position

    def _take(self, engineer_id: str, state: EngineerState) -> None:
        if state.entry is None:
            return
        self._visits[engineer_id] = state.bookings
        self._on_site.pop(engineer_id, None)
        if state.on_site is not None:
            self._on_site[engineer_id] = state
        self._engineers[engineer_id] = Engineer(
            engineer_id=engineer_id,
            active=state.entry.active,
            department=state.entry.department,
            level=state.entry.level,
            skills=frozenset(state.entry.skills),
            certificates=state.entry.certificates,
            home=direction(state.entry.home) if state.entry.home else None,
            duty=state.duty,
            dated=state.dated,
            absences=state.absences,
            reserve=state.entry.reserve,
            residence=state.entry.residence,
        )


async def _weighed(connection: AsyncConnection) -> Weighed:
    state = (await connection.execute(select(tables.weights.c.state))).scalar()
    return INITIAL if state is None else WEIGHTS.decoder.decode(state)


async def _open_cases(connection: AsyncConnection) -> dict[str, int]:
    table = tables.cases
    query = (
        select(table.c.engineer_id, func.count())
        .where(table.c.is_open, table.c.engineer_id.is_not(None))
        .group_by(table.c.engineer_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def _recent(connection: AsyncConnection, since: datetime) -> dict[str, int]:
    """How many cases each was given since then."""
    table = tables.given
    query = select(table.c.engineer_id, func.count()).where(table.c.at > since)
    rows = await connection.execute(query.group_by(table.c.engineer_id))
    return {row[0]: row[1] for row in rows}


async def _places(connection: AsyncConnection, at: datetime) -> dict[str, Direction]:
    """Where those are who arrived somewhere today; the others are taken to be at home."""
    table = tables.whereabouts
    query = (
        select(table.c.engineer_id, tables.sites.c.latitude, tables.sites.c.longitude)
        .join(tables.sites, tables.sites.c.site_id == table.c.site_id)
        .where(table.c.at > at - A_DAYS_WORK, table.c.at <= at)
        .where(tables.sites.c.latitude.is_not(None))
    )
    rows = await connection.execute(query)
    return {row[0]: direction(Point(latitude=row[1], longitude=row[2])) for row in rows}
