"""Callers who gave up waiting: who they are, and what came of calling them back."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import CallRecorded
from aftercare_events.command_key import CommandKey, event_id, read_key
from aftercare_events.decider import Basis, Refused, commit
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Expect, Log
from aftercare_events.todo import Item

from .. import tables
from ..domain.return_call import Attempt, Complete, ReturnCall, decide, evolve
from ..opening import Said, history_of, subject_of

MACHINE = "intake"


class ReturnCallUnknown(Exception):
    """There is no such item."""


class ReturnCalls:
    """The list that clerks call back from."""

    def __init__(self, log: Log, engine: AsyncEngine) -> None:
        self._log = log
        self._engine = engine

    async def waiting(
        self, *, due_by: datetime | None, after: tuple[datetime, str] | None, limit: int
    ) -> Sequence[RowMapping]:
        """Who is still to be called, the most urgent first."""
        table = tables.return_calls
        key = (table.c.due_at, table.c.return_call_id)
        statement = _with_first_call().where(table.c.ended.is_(None), table.c.reached_by.is_(None))
        if due_by is not None:
            statement = statement.where(table.c.due_at <= due_by)
        if after is not None:
            statement = statement.where(tuple_(*key) > after)
        async with self._engine.connect() as connection:
            found = await connection.execute(statement.order_by(*key).limit(limit))
        return found.mappings().all()

    async def one(self, return_call_id: str) -> RowMapping:
        """Raises ReturnCallUnknown."""
        table = tables.return_calls
        statement = _with_first_call().where(table.c.return_call_id == return_call_id)
        async with self._engine.connect() as connection:
            found = (await connection.execute(statement)).mappings().one_or_none()
        if found is None:
            raise ReturnCallUnknown(return_call_id)
        return found

    async def change(
        self,
        return_call_id: str,
        command: Attempt | Complete,
        said: Said,
        key: CommandKey | None = None,
    ) -> int:
        """The position at which the item became as commanded, maybe by this request before.

        Raises ReturnCallUnknown, Refused, KeyReused, Conflict, LogUnavailable.
        """
        row = await self.one(return_call_id)
        subject = subject_of("return_call", return_call_id)
        history: list[Recorded] = []

        async def load() -> Basis[ReturnCall]:
            history[:] = await history_of(self._log, "return_call", return_call_id)
            last = history[-1].position if history else 0
            return Basis(_state(row, history), [Expect(subject, last)])

        def decided(state: ReturnCall) -> list[Event]:
            if _repeat(key, history) is not None:
                return []
            return [said.event(data, event_id(key, 0)) for data in decide(command, state)]

        position = await commit(self._log, load, decided)
        if position is not None:
            return position
        return (_repeat(key, history) or history[-1]).position

    async def settle(self, item: Item) -> None:
        """Record that she was spoken to: nobody needs to call her back any more."""
        row = await self.one(item.key)
        if row["reached_by"] is None or row["ended"] is not None:
            return
        answered = await self._call(row["reached_by"])
        command = Complete(outcome="called_again", by=MACHINE, call_id=answered.call_id)
        with suppress(Refused):
            # Somebody may have ended it just now, which is as good.
            await self.change(item.key, command, Said(answered.ended_at, MACHINE, ""))

    async def _call(self, call_id: str) -> CallRecorded:
        table = tables.calls
        statement = select(table.c.entry).where(table.c.call_id == call_id)
        async with self._engine.connect() as connection:
            entry = (await connection.execute(statement)).scalar_one()
        return msgspec.convert(entry, CallRecorded)


def _with_first_call() -> Select[Any]:
    """Each item with the call that began it, in which the number stands sealed."""
    waiting, calls = tables.return_calls, tables.calls
    begun = calls.c.call_id == waiting.c.return_call_id
    return select(waiting, calls.c.entry).join(calls, begun)


def _state(row: RowMapping, history: Sequence[Recorded]) -> ReturnCall:
    """What the log says of the item, on top of what its calls say."""
    state = ReturnCall(
        **{name: row[name] for name in ("return_call_id", "known_by", "since", "last_call_at")},
        due_at=row["last_call_at"],
    )
    for recorded in history:
        state = evolve(state, catalogue.decode(recorded.event), recorded.event.time)
    return state


def _repeat(key: CommandKey | None, history: Sequence[Recorded]) -> Recorded | None:
    """What this very request said before. Raises KeyReused."""
    said = (each for each in history if key and key.repeats(read_key(each.event.id)))
    return next(said, None)
