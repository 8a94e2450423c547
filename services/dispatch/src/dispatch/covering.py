"""Looks ahead, once a day and whenever a roster changes, for days without cover (DP-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.cover import Cover
from aftercare_events.clock import Clock
from aftercare_events.todo import NEVER, Item, rest

from . import todos
from .domain.cover import Note, coming_days, uncovered
from .domain.staff import Engineer
from .handling import By, Handling
from .reading import Reading
from .staff_index import StaffIndex
from .tables import contracts, infra

MACHINE = "dispatch"
# Who can answer for an installation alone.
SENIOR_LEVEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Somebody has to be there from one day to another: one of `who`."""

    customer_id: str
    starts_on: date
    ends_on: date | None
    who: Sequence[str]
    contract_id: str | None = None
    case_id: str | None = None


class Covering:
    def __init__(
        self,
        reading: Reading,
        handling: Handling,
        index: StaffIndex,
        engine: AsyncEngine,
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._handling = handling
        self._index = index
        self._engine = engine
        self._clock = clock

    async def watch(self, item: Item) -> None:
        """Say which of the coming days lack somebody, or that none does any more."""
        now = self._clock.now()
        today = now.astimezone(todos.COMPANY_ZONE).date()
        what, _, key = item.key.partition("-")
        engineers = (await self._index.present(now)).staff.engineers
        demand = await (
            self._resident(key, engineers) if what == "resident" else self._senior(key, engineers)
        )
        days: Sequence[date] = ()
        if demand is not None:
            coming = coming_days(today, demand.starts_on, demand.ends_on)
            rotas = {one.engineer_id: one.rota for one in engineers}
            days = uncovered(coming, demand.who, rotas, await self._index.days())
        kind: Cover = "resident" if what == "resident" else "senior"
        note = Note(
            cover_id=item.key,
            what=kind,
            customer_id=demand.customer_id if demand else "",
            days=days,
            contract_id=demand.contract_id if demand else None,
            case_id=demand.case_id if demand else None,
        )
        await self._handling.note_cover(note, By(actor=MACHINE, at=now))
        until = NEVER if demand is None else _tomorrow(now)
        await rest(self._engine, infra, [item], now=now, until=until)

    async def _resident(self, contract_id: str, engineers: Sequence[Engineer]) -> Demand | None:
        """The contract's own resident, and whoever else is resident at its customer."""
        rows = await self._reading.rows(
            select(contracts).where(contracts.c.contract_id == contract_id)
        )
        if not rows or not rows[0]["resident_engineer_id"]:
            return None
        contract = rows[0]
        others = _residents(contract["customer_id"], engineers)
        return Demand(
            customer_id=contract["customer_id"],
            contract_id=contract_id,
            starts_on=contract["starts_on"],
            ends_on=contract["ends_on"],
            who=[contract["resident_engineer_id"], *(one.engineer_id for one in others)],
        )

    async def _senior(self, case_id: str, engineers: Sequence[Engineer]) -> Demand | None:
        """Whoever has the work, and the customer's residents, as far as they are senior."""
        case = (await self._reading.case(case_id)).state
        if case.report is None or case.stage != "open":
            return None
        held = case.assignment.engineer_id if case.assignment else None
        residents = _residents(case.report.customer_id, engineers)
        able = [one for one in engineers if one.engineer_id == held or one in residents]
        begins = case.report.planned_for or case.reported_at or self._clock.now()
        return Demand(
            customer_id=case.report.customer_id,
            case_id=case_id,
            starts_on=begins.astimezone(todos.COMPANY_ZONE).date(),
            ends_on=None,
            who=[one.engineer_id for one in able if one.level >= SENIOR_LEVEL],
        )


def _tomorrow(now: datetime) -> datetime:
    today = now.astimezone(todos.COMPANY_ZONE).date()
    return datetime.combine(today + timedelta(days=1), time(), todos.COMPANY_ZONE)


def _residents(customer_id: str, engineers: Sequence[Engineer]) -> Sequence[Engineer]:
    return [one for one in engineers if one.residence and one.residence.customer_id == customer_id]
