"""Aggregates at least as new as the log, read from dispatch's own tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import RowMapping, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.depot import DepotRegistered
from aftercare_events.catalogue.engineer import Point
from aftercare_events.command_key import CommandKey
from aftercare_events.decider import Visible, see
from aftercare_events.log import EVERYTHING, Expect, Log, whole

from . import tables
from .aggregates import (
    CASE,
    COVER,
    ENGINEER,
    GUARANTEE,
    INCIDENT,
    LOAN,
    PARTNER,
    PLAN,
    SAFETY,
    UNIT,
    WARRANTY,
    WEIGHTS,
    Aggregate,
)
from .domain.case_state import CaseState
from .domain.contract_terms import UNKNOWN, ContractTerms
from .domain.cover import CoverState
from .domain.emergency_plan import PlanState
from .domain.engineer import EngineerState
from .domain.guarantee import GuaranteeState
from .domain.incident import IncidentState
from .domain.loan import LoanState
from .domain.partner import PartnerState
from .domain.safety_stock import SafetyState
from .domain.unit import UnitState
from .domain.warranty import WarrantyState
from .domain.weighing import CHOOSING, Weighed

_terms_decoder = msgspec.json.Decoder(ContractTerms)

S = TypeVar("S")
A = TypeVar("A", bound=msgspec.Struct)


class Unknown(Exception):
    """Nothing with this id was ever entered."""

    def __init__(self, what: str, identifier: str) -> None:
        super().__init__(f"there is no {what} {identifier}")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A state and the position of the last event about it: what a decision is based on."""

    aggregate: str
    identifier: str
    state: S
    position: int

    @property
    def subject(self) -> str:
        return f"{self.aggregate}/{self.identifier}"

    @property
    def expectation(self) -> Expect:
        return Expect(whole(self.aggregate, self.identifier), self.position)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command with an Idempotency-Key was answered the first time."""

    body_digest: str
    subject: str
    status: str
    position: int


class Reading:
    """Loads for decisions: whatever the log holds of an aggregate, the row has it too."""

    def __init__(self, log: Log, engine: AsyncEngine, visible: Visible) -> None:
        self._log = log
        self._engine = engine
        self._visible = visible

    async def case(self, case_id: str) -> Loaded[CaseState]:
        """Raises Unknown."""
        loaded = await self._load(CASE, case_id)
        if loaded.state.report is None:
            raise Unknown("case", case_id)
        return loaded

    async def entry(self, table: Table, identifier: str) -> RowMapping:
        """One row as the tables have it; a missing one is waited for. Raises Unknown."""
        aggregate = table.name.removesuffix("s")
        query = select(table).where(table.c[f"{aggregate}_id"] == identifier)
        if (row := await self._one(query)) is not None:
            return row
        await self.last_position(aggregate, identifier)
        if (row := await self._one(query)) is not None:
            return row
        raise Unknown(aggregate, identifier)

    async def loan(self, loan_id: str) -> Loaded[LoanState]:
        """Raises Unknown."""
        loaded = await self._load(LOAN, loan_id)
        if loaded.state.stage == "unknown":
            raise Unknown("loan", loan_id)
        return loaded

    async def new_loan(self, loan_id: str) -> Loaded[LoanState]:
        return await self._load(LOAN, loan_id)

    async def warranty(self, device_id: str) -> Loaded[WarrantyState]:
        return await self._load(WARRANTY, device_id)

    async def guarantee(self, guarantee_id: str) -> Loaded[GuaranteeState]:
        return await self._load(GUARANTEE, guarantee_id)

    async def engineer(self, engineer_id: str) -> Loaded[EngineerState]:
        return await self._load(ENGINEER, engineer_id)

    async def partner(self, partner_id: str) -> Loaded[PartnerState]:
        return await self._load(PARTNER, partner_id)

    async def cover(self, cover_id: str) -> Loaded[CoverState]:
        return await self._load(COVER, cover_id)

    async def incident(self, incident_id: str) -> Loaded[IncidentState]:
        return await self._load(INCIDENT, incident_id)

    async def plan(self, plan_id: str) -> Loaded[PlanState]:
        return await self._load(PLAN, plan_id)

    async def unit(self, unit_id: str) -> Loaded[UnitState]:
        return await self._load(UNIT, unit_id)

    async def weights(self) -> Loaded[Weighed]:
        return await self._load(WEIGHTS, CHOOSING)

    async def depot(self, depot_id: str) -> Loaded[DepotRegistered | None]:
        position = await self.last_position("depot", depot_id)
        row = await self._one(select(tables.depots).where(tables.depots.c.depot_id == depot_id))
        return Loaded("depot", depot_id, None if row is None else _depot(row), position)

    async def safety_stock(self, depot_id: str) -> Loaded[SafetyState]:
        return await self._load(SAFETY, depot_id)

    async def last_position(self, aggregate: str, identifier: str) -> int:
        """The log's last word about an aggregate, once the tables show it.

        Raises LogUnavailable.
        """
        subject = whole(aggregate, identifier)
        return (await see(self._log, self._visible, subject))[subject]

    async def catch_up(self) -> None:
        """Until the tables show whatever the log holds now. Raises LogUnavailable."""
        await see(self._log, self._visible, EVERYTHING)

    async def answer(self, key: CommandKey) -> Answer | None:
        found = await self._one(
            select(tables.answers).where(tables.answers.c.identity == key.identity)
        )
        if found is None:
            return None
        return Answer(found["body_digest"], found["subject"], found["status"], found["position"])

    async def terms(self, policy: str, version: int | None) -> ContractTerms:
        """What a version of a policy says, the newest where none is named."""
        table = tables.policies
        query = select(table.c.terms).where(table.c.policy == policy)
        if version is not None:
            query = query.where(table.c.version == version)
        rows = await self.rows(query.order_by(table.c.version.desc()).limit(1))
        return _terms_decoder.decode(rows[0]["terms"]) if rows else UNKNOWN

    async def _load(self, aggregate: Aggregate[A], identifier: str) -> Loaded[A]:
        position = await self.last_position(aggregate.name, identifier)
        table = aggregate.table
        row = await self._one(select(table.c.state).where(table.c[aggregate.key] == identifier))
        state = aggregate.initial if row is None else aggregate.decoder.decode(row["state"])
        return Loaded(aggregate.name, identifier, state, position)

    async def _one(self, query: Any) -> RowMapping | None:
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).mappings().one_or_none()

    async def names(self, table: Table, identifiers: Iterable[str]) -> Mapping[str, str]:
        """What entries of a table with a `name` are called, by their id."""
        key = next(iter(table.primary_key.columns))
        rows = await self.rows(select(key, table.c.name).where(key.in_(set(identifiers))))
        return {row[key.name]: row["name"] for row in rows}

    async def held_by(self, engineer_id: str) -> Sequence[str]:
        """The open cases that an engineer has."""
        query = select(tables.cases.c.case_id).order_by(tables.cases.c.case_id)
        query = query.where(tables.cases.c.engineer_id == engineer_id, tables.cases.c.is_open)
        return [row["case_id"] for row in await self.rows(query)]

    async def rows(self, query: Any) -> Sequence[RowMapping]:
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).mappings().all()


def _depot(row: RowMapping) -> DepotRegistered:
    located = row["latitude"] is not None
    return DepotRegistered(
        depot_id=row["depot_id"],
        name=row["name"],
        district=row["district"],
        location=Point(latitude=row["latitude"], longitude=row["longitude"]) if located else None,
    )
