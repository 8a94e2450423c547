"""Lanes: what waits in one is told in its order, what waits in another does not mind."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.sql import insert_columns
from aftercare_events.todo import Item, drop, put

from ..domain.notification import notification_id
from ..tables import deliveries, infra, waiting

Lane = tuple[str, str]
_TEXTS = ARRAY(Text)
COLUMNS = ("kind", "lane", "position", "receiver", "alert_id", "moved_at")


async def wait(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> set[Lane]:
    """Put movements on their lanes; one that stands there stays as it is."""
    if rows:
        columns = {name: [row[name] for row in rows] for name in COLUMNS}
        await connection.execute(insert_columns(waiting, COLUMNS).on_conflict_do_nothing(), columns)
    return {(row["kind"], row["lane"]) for row in rows}


async def told(connection: AsyncConnection, ended: Iterable[tuple[str, str, int]]) -> None:
    """Take movements (kind, lane, position) off their lanes."""
    kinds, names, positions = zip(*ended, strict=True)
    done = (
        func.unnest(
            bindparam("kinds", type_=_TEXTS),
            bindparam("lanes", type_=_TEXTS),
            bindparam("positions", type_=ARRAY(BigInteger)),
        )
        .table_valued("kind", "lane", "position")
        .render_derived("done")
    )
    same = (waiting.c[name] == done.c[name] for name in ("kind", "lane", "position"))
    await connection.execute(
        delete(waiting).where(*same),
        {"kinds": list(kinds), "lanes": list(names), "positions": list(positions)},
    )


async def clear(connection: AsyncConnection, kind: str, receiver: str) -> set[Lane]:
    """Tell a receiver nothing of what waits, nor try again what failed."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.kind == kind,
            deliveries.c.receiver == receiver,
            deliveries.c.state == "failing",
        )
        .values(state="dropped", next_at=None)
    )
    gone = await connection.execute(
        delete(waiting)
        .where(waiting.c.kind == kind, waiting.c.receiver == receiver)
        .returning(waiting.c.lane)
    )
    return {(kind, lane) for (lane,) in gone}


async def refresh(connection: AsyncConnection, touched: set[Lane]) -> None:
    """One to-do item for each lane that holds something, due when its first is to be told."""
    if not touched:
        return
    heads = await _heads(connection, touched)
    put_off = await _next_attempts(connection, heads)
    items = [
        Item(kind, lane, put_off.get((kind, lane), head["moved_at"]), head["position"])
        for (kind, lane), head in heads.items()
    ]
    await put(connection, infra, items)
    await drop(connection, infra, sorted(touched - heads.keys()))


async def _heads(
    connection: AsyncConnection, touched: set[Lane]
) -> Mapping[Lane, Mapping[str, Any]]:
    wanted = (
        func.unnest(bindparam("kinds", type_=_TEXTS), bindparam("lanes", type_=_TEXTS))
        .table_valued("kind", "lane")
        .render_derived("wanted")
    )
    query = (
        select(waiting)
        .ext(distinct_on(waiting.c.kind, waiting.c.lane))
        .where(waiting.c.kind == wanted.c.kind, waiting.c.lane == wanted.c.lane)
        .order_by(waiting.c.kind, waiting.c.lane, waiting.c.position)
    )
    names = {"kinds": [kind for kind, _ in touched], "lanes": [lane for _, lane in touched]}
    rows = (await connection.execute(query, names)).mappings()
    return {(row["kind"], row["lane"]): dict(row) for row in rows}


async def _next_attempts(
    connection: AsyncConnection, heads: Mapping[Lane, Mapping[str, Any]]
) -> Mapping[Lane, datetime]:
    """When those are tried again whose first message has failed before."""
    ids = [
        notification_id(head["kind"], head["receiver"], head["position"]) for head in heads.values()
    ]
    wanted = func.unnest(bindparam("ids", type_=_TEXTS)).table_valued("id").render_derived("wanted")
    query = select(deliveries.c.kind, deliveries.c.lane, deliveries.c.next_at).where(
        deliveries.c.notification_id == wanted.c.id, deliveries.c.next_at.is_not(None)
    )
    rows = await connection.execute(query, {"ids": ids})
    return {(kind, lane): next_at for kind, lane, next_at in rows}
