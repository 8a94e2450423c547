"""Folding the log into a table of states: one row an aggregate, written once a batch.

The rows are the fold of the log by construction: they are written by the same `evolve` that the
specs of the domain exercise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Column, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.sql import upsert

S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Fact:
    """What happened to one aggregate, and where it stands in the log."""

    position: int
    key: str
    at: datetime
    data: Any


@dataclass(frozen=True, slots=True)
class StateTable(Generic[S]):
    """Where the states of one kind of aggregate live.

    `evolve` gets None for what was never opened, and may leave it so; `lifted` are the columns
    that stand beside the state for the queries.
    """

    table: Table
    type: type[S]
    evolve: Callable[[S | None, Any, datetime], S | None]
    lifted: Callable[[S], Mapping[str, Any]]

    @property
    def key(self) -> Column[str]:
        (key,) = self.table.primary_key.columns
        return key

    async def load(self, connection: AsyncConnection, keys: Iterable[str]) -> dict[str, S]:
        rows = await connection.execute(
            select(self.key, self.table.c.state).where(self.key.in_(set(keys)))
        )
        return {key: msgspec.convert(state, self.type) for key, state in rows}

    async def one(self, connection: AsyncConnection, key: str) -> S | None:
        return (await self.load(connection, [key])).get(key)

    async def apply(self, connection: AsyncConnection, facts: Sequence[Fact]) -> None:
        if not facts:
            return
        states = await self.load(connection, (fact.key for fact in facts))
        for fact in facts:
            state = self.evolve(states.get(fact.key), fact.data, fact.at)
            if state is not None:
                states[fact.key] = state
        await upsert(connection, self.table, [self._row(*item) for item in states.items()])

    def _row(self, key: str, state: S) -> Mapping[str, Any]:
        return {self.key.name: key, "state": msgspec.to_builtins(state), **self.lifted(state)}
