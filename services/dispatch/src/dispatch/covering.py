"""Looks ahead, once a day and whenever a roster changes, for time without cover (DP-18)."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.by import By
from aftercare_events.catalogue.cover import Cover
from aftercare_events.clock import Clock
from aftercare_events.opening_hours import CalendarSpec
from aftercare_events.todo import NEVER, Item, rest

from . import todos
from .domain.cover import Note, Wanted, look_ahead, midnight
from .domain.installation import Installation, begins_at, cover_of_trial
from .domain.presence_hours import AROUND_THE_CLOCK, presence_hours
from .domain.staff import Engineer
from .handling import Handling
from .reading import Reading
from .staff_index import StaffIndex
from .tables import contracts, infra, installations

MACHINE = "dispatch"
# Who can answer for an installation alone.
SENIOR_LEVEL = 3
A_DAY = timedelta(days=1)
KINDS: Mapping[str, Cover] = {
    "resident": "resident",
    "senior": "senior",
    "trial": "senior",
    "duty": "duty",
}

Engineers = Sequence[Engineer]
Asking = Callable[[str, date, Engineers], Coroutine[Any, Any, "Demand | None"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Somebody has to be there, at that customer's where one is named."""

    wanted: Wanted
    customer_id: str | None = None
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
        """Say when in the coming days somebody is missing, or that nobody is any more."""
        now = self._clock.now()
        today = now.astimezone(todos.COMPANY_ZONE).date()
        what, _, key = item.key.partition("-")
        engineers = (await self._index.present(now)).staff.engineers
        demand = await self._demands[what](key, today, engineers)
        look = look_ahead(
            today,
            demand.wanted if demand else None,
            {one.engineer_id: one.rota for one in engineers},
            await self._index.days(),
        )
        note = Note(
            cover_id=item.key,
            what=KINDS[what],
            customer_id=demand.customer_id if demand else None,
            look=look,
            contract_id=demand.contract_id if demand else None,
            case_id=demand.case_id if demand else None,
        )
        await self._handling.note_cover(note, By(actor=MACHINE, at=now))
        until = NEVER if demand is None else midnight(today + A_DAY)
        await rest(self._engine, infra, [item], now=now, until=until)

    @property
    def _demands(self) -> dict[str, Asking]:
        return {
            "resident": self._resident,
            "senior": self._installing,
            "trial": self._trying,
            "duty": self._on_duty,
        }

    async def _resident(self, contract_id: str, today: date, engineers: Engineers) -> Demand | None:
        """The contract's own resident, or whoever else is resident at its customer."""
        contract = await self._contract(contract_id)
        if (
            not contract
            or not contract["resident_engineer_id"]
            or _over(contract["ends_on"], today)
        ):
            return None
        wanted = Wanted(
            starts=midnight(contract["starts_on"]),
            ends=_day_after(contract["ends_on"]),
            hours=await self._hours_of(contract),
            who=_residents(contract["customer_id"], contract, engineers),
            able=frozenset(one.engineer_id for one in engineers),
        )
        return Demand(customer_id=contract["customer_id"], contract_id=contract_id, wanted=wanted)

    async def _installing(self, case_id: str, _: date, engineers: Engineers) -> Demand | None:
        """Whoever has the work, or a resident of the customer, as far as they are senior."""
        case = (await self._reading.case(case_id)).state
        begins, report = begins_at(case), case.report
        if report is None or begins is None or case.stage != "open":
            return None
        contract = await self._contract(report.contract_id) if report.contract_id else None
        terms = await self._reading.terms(report.policy, report.policy_version)
        held = (case.assignment.engineer_id,) if case.assignment else ()
        wanted = _senior(
            begins,
            None,
            presence_hours(terms, report.policy_options),
            [*held, *_residents(report.customer_id, contract, engineers)],
            engineers,
        )
        return Demand(customer_id=report.customer_id, case_id=case_id, wanted=wanted)

    async def _trying(self, contract_id: str, today: date, engineers: Engineers) -> Demand | None:
        """A senior resident, until trial operation ends; an installation has a watch of its own."""
        contract = await self._contract(contract_id)
        if (
            not contract
            or not contract["trial_starts_on"]
            or _over(contract["trial_ends_on"], today)
        ):
            return None
        starts, ends = cover_of_trial(
            midnight(contract["trial_starts_on"]),
            _day_after(contract["trial_ends_on"]),
            await self._installations(contract_id),
        )
        wanted = _senior(
            starts,
            ends,
            await self._hours_of(contract),
            _residents(contract["customer_id"], contract, engineers),
            engineers,
        )
        return Demand(customer_id=contract["customer_id"], contract_id=contract_id, wanted=wanted)

    async def _on_duty(self, _: str, today: date, engineers: Engineers) -> Demand | None:
        """Anybody who can be sent to any customer: major faults are served 7×24."""
        not_over = contracts.c.ends_on.is_(None) | (contracts.c.ends_on >= today)
        first = select(func.min(contracts.c.starts_on).label("day")).where(not_over)
        [in_force] = await self._reading.rows(first)
        if in_force["day"] is None:
            return None
        starts = midnight(in_force["day"])
        who = [one for one in engineers if one.active and not one.reserve and not one.residence]
        # Those who are always there leave nothing to ask the others for.
        who.sort(key=lambda one: not one.duty.around_the_clock)
        wanted = Wanted(
            starts=starts,
            # Before anybody is entered there is no roster to look at.
            ends=None if engineers else starts,
            hours=AROUND_THE_CLOCK,
            who=[one.engineer_id for one in who],
            able=frozenset(one.engineer_id for one in engineers),
        )
        return Demand(wanted=wanted)

    async def _installations(self, contract_id: str) -> Sequence[Installation]:
        query = select(installations).where(installations.c.contract_id == contract_id)
        return [
            Installation(one["begins_at"], one["ended_at"], one["is_open"])
            for one in await self._reading.rows(query)
        ]

    async def _contract(self, contract_id: str) -> RowMapping | None:
        query = select(contracts).where(contracts.c.contract_id == contract_id)
        rows = await self._reading.rows(query)
        return rows[0] if rows else None

    async def _hours_of(self, contract: RowMapping) -> CalendarSpec:
        terms = await self._reading.terms(contract["policy"], contract["policy_version"])
        return presence_hours(terms, msgspec.json.decode(contract["policy_options"]))


def _senior(
    starts: datetime,
    ends: datetime | None,
    hours: CalendarSpec,
    who: Sequence[str],
    engineers: Engineers,
) -> Wanted:
    """Of these the senior ones; a deputy has to be senior too."""
    able = frozenset(one.engineer_id for one in engineers if one.level >= SENIOR_LEVEL)
    return Wanted(
        starts=starts, ends=ends, hours=hours, who=[one for one in who if one in able], able=able
    )


def _residents(
    customer_id: str, contract: RowMapping | None, engineers: Engineers
) -> Sequence[str]:
    """Those of the customer, and the one whom the contract names."""
    named = contract["resident_engineer_id"] if contract else None
    return [
        one.engineer_id
        for one in engineers
        if one.engineer_id == named
        or (one.residence is not None and one.residence.customer_id == customer_id)
    ]


def _day_after(day: date | None) -> datetime | None:
    """The instant at which a last day is over."""
    return day and midnight(day + A_DAY)


def _over(last: date | None, today: date) -> bool:
    return last is not None and last < today
