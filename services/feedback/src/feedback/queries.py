"""The reads behind lists and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.sealing import Sealed

from . import tables
from .barred import read_barring
from .domain.callback import Callback
from .domain.case import Case
from .domain.corrective_action import CorrectiveAction
from .states import CASES


@dataclass(frozen=True, slots=True)
class ListedCallback:
    callback: Callback
    case: Case
    barred_departments: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFilter:
    """`due_by` is inclusive; `after` is the due time and id of the last row of the page before."""

    status: str | None = "open"
    due_by: datetime | None = None
    case_id: str | None = None
    after: tuple[datetime, str] | None = None


class Queries:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def callbacks(self, wanted: CallbackFilter, limit: int) -> Sequence[ListedCallback]:
        """By due time, then id."""
        async with self._engine.connect() as connection:
            states = await connection.scalars(_matching(wanted).limit(limit))
            return await _with_cases(
                connection, [msgspec.convert(state, Callback) for state in states]
            )

    async def callback(self, callback_id: str) -> ListedCallback | None:
        table = tables.callbacks
        async with self._engine.connect() as connection:
            state = await connection.scalar(
                select(table.c.state).where(table.c.callback_id == callback_id)
            )
            if state is None:
                return None
            (listed,) = await _with_cases(connection, [msgspec.convert(state, Callback)])
            return listed

    async def attempts(self, callback_id: str) -> Sequence[Row[Any]]:
        table = tables.attempts
        return await self._all(
            select(table).where(table.c.callback_id == callback_id).order_by(table.c.attempt)
        )

    async def suggestions(self, callback_id: str) -> Sealed | None:
        table = tables.answers
        async with self._engine.connect() as connection:
            return sealed(
                await connection.scalar(
                    select(table.c.suggestions).where(table.c.callback_id == callback_id)
                )
            )

    async def actions(
        self, status: str | None, after: tuple[datetime, str] | None, limit: int
    ) -> Sequence[CorrectiveAction]:
        """By the time of opening, then id."""
        table = tables.corrective_actions
        key = tuple_(table.c.opened_at, table.c.corrective_action_id)
        wanted = select(table.c.state).order_by(*key.clauses).limit(limit)
        if status is not None:
            wanted = wanted.where(table.c.status == status)
        if after is not None:
            wanted = wanted.where(key > after)
        return [msgspec.convert(row.state, CorrectiveAction) for row in await self._all(wanted)]

    async def officers(self) -> Sequence[Row[Any]]:
        return await self._all(select(tables.officers).order_by(tables.officers.c.officer_id))

    async def officer(self, officer_id: str) -> Row[Any] | None:
        wanted = select(tables.officers).where(tables.officers.c.officer_id == officer_id)
        async with self._engine.connect() as connection:
            return (await connection.execute(wanted)).one_or_none()

    async def scores(self, engineer_id: str) -> dict[str, Any]:
        """Counts and averages over the callbacks about one engineer."""
        table = tables.answers
        counted = [
            func.count().filter(table.c.outcome == outcome).label(outcome)
            for outcome in ("satisfied", "unsatisfied", "unsolved")
        ]
        averaged = [
            column
            for name in ("technical_skill", "attitude", "timeliness")
            for column in (
                func.avg(table.c[name]).label(f"{name}_average"),
                func.count(table.c[name]).label(f"{name}_answers"),
            )
        ]
        statement = select(func.count().label("callbacks"), *counted, *averaged)
        async with self._engine.connect() as connection:
            found = await connection.execute(statement.where(table.c.engineer_id == engineer_id))
            return dict(found.mappings().one())

    async def knows_engineer(self, engineer_id: str) -> bool:
        table = tables.engineers
        wanted = select(table.c.engineer_id).where(table.c.engineer_id == engineer_id)
        return bool(await self._all(wanted))

    async def _all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).all()


def _matching(wanted: CallbackFilter) -> Select[Any]:
    table = tables.callbacks
    statement = select(table.c.state).order_by(table.c.due_at, table.c.callback_id)
    if wanted.status is not None:
        statement = statement.where(table.c.status == wanted.status)
    if wanted.due_by is not None:
        statement = statement.where(table.c.due_at <= wanted.due_by)
    if wanted.case_id is not None:
        statement = statement.where(table.c.case_id == wanted.case_id)
    if wanted.after is not None:
        statement = statement.where(tuple_(table.c.due_at, table.c.callback_id) > wanted.after)
    return statement


async def _with_cases(
    connection: AsyncConnection, callbacks: Sequence[Callback]
) -> Sequence[ListedCallback]:
    cases = await CASES.load(connection, [callback.case_id for callback in callbacks])
    barring = await read_barring(connection, list(cases.values()))
    return [
        ListedCallback(callback, case, barring.departments(case))
        for callback in callbacks
        for case in [cases[callback.case_id]]
    ]


def sealed(value: Any) -> Sealed | None:
    return None if value is None else msgspec.convert(value, Sealed)
