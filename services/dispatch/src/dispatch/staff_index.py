"""The staff in memory: read once, then only what changed since."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.official_days import CN, OfficialDays, shipped

from . import tables
from .aggregates import ENGINEER
from .domain.assignment import Workload
from .domain.engineer import EngineerState
from .domain.geography import direction
from .domain.slot import Slot
from .domain.staff import Engineer, Staff, staff_of


@dataclass(frozen=True, slots=True)
class Present:
    """Everybody, and what they have to do, as the tables had it a moment ago.

    `visits` are those of each engineer, by case.
    """

    staff: Staff
    workload: Workload
    visits: Mapping[str, Mapping[str, Slot]]


class StaffIndex:
    """A choice among ten thousand must not begin with reading ten thousand rows."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._seen = 0
        self._engineers: dict[str, Engineer] = {}
        self._visits: dict[str, Mapping[str, Slot]] = {}
        self._edition = 0
        self._days = shipped()
        self._staff = staff_of([])
        self._refreshing = asyncio.Lock()

    async def present(self) -> Present:
        async with self._refreshing:
            await self._read_changes()
        visits = dict(self._visits)
        taken = [(who, slot) for who, slots in visits.items() for slot in slots.values()]
        return Present(self._staff, Workload(await self._open_cases(), taken), visits)

    async def days(self) -> OfficialDays:
        """The official days by which rosters go, as published last."""
        async with self._refreshing:
            await self._read_editions()
            return self._days

    async def _read_editions(self) -> None:
        table = tables.calendars
        query = (
            select(table.c.number, table.c.days)
            .where(table.c.name == CN, table.c.number > self._edition)
            .order_by(table.c.number)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        for number, edition in rows:
            self._days = self._days.amended(msgspec.json.decode(edition, type=OfficialDays))
            self._edition = number
        if rows:
            self._staff = staff_of(self._engineers.values(), self._days)

    async def _read_changes(self) -> None:
        await self._read_editions()
        table = tables.engineers
        query = select(table).where(table.c.position > self._seen).order_by(table.c.position)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        before = dict(self._engineers)
        for row in rows:
            self._take(row.engineer_id, ENGINEER.decoder.decode(row.state))
            self._seen = row.position
        if self._engineers != before:
            self._staff = staff_of(self._engineers.values(), self._days)

    def _take(self, engineer_id: str, state: EngineerState) -> None:
        if state.entry is None:
            return
        self._visits[engineer_id] = state.bookings
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

    async def _open_cases(self) -> dict[str, int]:
        table = tables.cases
        query = (
            select(table.c.engineer_id, func.count())
            .where(table.c.is_open, table.c.engineer_id.is_not(None))
            .group_by(table.c.engineer_id)
        )
        async with self._engine.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}
