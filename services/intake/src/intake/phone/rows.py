"""Calls as rows, and who waits to be called back after them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec
from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.intake import (
    CallRecorded,
    ReturnCallAttempted,
    ReturnCallCompleted,
)
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from .. import tables
from ..domain.return_call import ReturnCall, evolve, follow

Row = dict[str, Any]
_TABLE = tables.return_calls
_BY_ID = select(_TABLE).where(_TABLE.c.return_call_id == bindparam("ids", type_=ARRAY(Text)).any_())
_NEWEST = (
    select(_TABLE)
    .ext(distinct_on(_TABLE.c.known_by))
    .where(_TABLE.c.known_by == bindparam("numbers", type_=ARRAY(Text)).any_())
    .order_by(_TABLE.c.known_by, _TABLE.c.since.desc())
)


def call_row(call: CallRecorded) -> Row:
    names = ("call_id", "started_at", "outcome", "direction", "answered_at")
    row = {name: getattr(call, name) for name in (*names, "customer_id", "known_by")}
    return row | {"entry": msgspec.to_builtins(call)}


async def follow_calls(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]
) -> Sequence[ReturnCall]:
    """Write who waits after a batch whose calls are rows already; the items that changed."""
    about = [(recorded, data) for recorded, data in said if isinstance(data, _CONCERNED)]
    if not about:
        return []
    waiting = await _waiting(connection, [data for _, data in about])
    touched: set[str] = set()
    for recorded, data in about:
        if isinstance(data, CallRecorded):
            after = follow(waiting.newest(data.known_by), data)
        else:
            before = waiting.by_id.get(data.return_call_id)
            after = before and evolve(before, data, recorded.event.time)
        if after is not None:
            waiting.put(after)
            touched.add(after.return_call_id)
    changed = [await _settled(connection, waiting.by_id[each]) for each in sorted(touched)]
    await upsert(connection, _TABLE, [asdict(each) for each in changed])
    return changed


_CONCERNED = (CallRecorded, ReturnCallAttempted, ReturnCallCompleted)


class _Waiting:
    """Items by their id, and the newest of each number."""

    def __init__(self) -> None:
        self.by_id: dict[str, ReturnCall] = {}
        self._newest: dict[str, str] = {}

    def newest(self, number: str | None) -> ReturnCall | None:
        return self.by_id.get(self._newest.get(number or "", ""))

    def put(self, one: ReturnCall) -> None:
        self.by_id[one.return_call_id] = one
        newest = self.newest(one.known_by)
        if newest is None or newest.since <= one.since:
            self._newest[one.known_by] = one.return_call_id


async def _waiting(connection: AsyncConnection, said: Iterable[Any]) -> _Waiting:
    numbers = {one.known_by for one in said if isinstance(one, CallRecorded) and one.known_by}
    ids = {one.return_call_id for one in said if not isinstance(one, CallRecorded)}
    waiting = _Waiting()
    for statement, name, wanted in ((_BY_ID, "ids", ids), (_NEWEST, "numbers", numbers)):
        if wanted:
            found = await connection.execute(statement, {name: sorted(wanted)})
            for row in found.mappings():
                waiting.put(ReturnCall(**row))
    return waiting


async def _settled(connection: AsyncConnection, one: ReturnCall) -> ReturnCall:
    """The item with the first call that was answered after her last one."""
    if one.ended or one.reached_by:
        return one
    calls = tables.calls
    statement = (
        select(calls.c.call_id)
        .where(calls.c.known_by == one.known_by, calls.c.started_at > one.last_call_at)
        .where(calls.c.answered_at.is_not(None))
        .order_by(calls.c.started_at)
        .limit(1)
    )
    reached_by = (await connection.execute(statement)).scalar_one_or_none()
    return replace(one, reached_by=reached_by)
