"""Whatever happens by itself: a list that the projection keeps, for workers to go through.

Which items there are follows from the log alone; workers only say when an item is next theirs.
Nothing here asks the database for the time: due is what the given clock says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, bindparam, delete, func, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import ReturningUpdate

from ..sql import InfraTables, insert_columns
from ..transactions import brief

# Until when an item rests about which nothing is left to do.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

_TEXTS = ARRAY(Text)


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be done at `due_at`, because of the event at `position`."""

    kind: str
    key: str
    due_at: datetime
    position: int
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Claim:
    """An item that is one worker's until `until`; `attempt` counts from 1."""

    item: Item
    attempt: int
    until: datetime


async def put(connection: AsyncConnection, infra: InfraTables, items: Sequence[Item]) -> None:
    """Put items on the list; one that stands there is replaced when anything about it changed.

    Its retries then begin anew. The last of several with the same kind and key holds.
    """
    latest = list({(item.kind, item.key): item for item in items}.values())
    if not latest:
        return
    todo = infra.todo
    statement = insert_columns(todo, tuple(_row_columns(latest)))
    new = statement.excluded
    changed = func.row(todo.c.due_at, todo.c.position, todo.c.payload).is_distinct_from(
        func.row(new.due_at, new.position, new.payload)
    )
    renewed = {name: new[name] for name in ("due_at", "not_before", "position", "payload")}
    statement = statement.on_conflict_do_update(
        index_elements=[todo.c.kind, todo.c.key],
        set_={**renewed, "attempts": 0, "last_error": None},
        where=changed,
    )
    await connection.execute(statement, _row_columns(latest))


def _row_columns(items: Sequence[Item]) -> dict[str, list[Any]]:
    return {
        "kind": [item.kind for item in items],
        "key": [item.key for item in items],
        "due_at": [item.due_at for item in items],
        "not_before": [item.due_at for item in items],
        "position": [item.position for item in items],
        "payload": [dict(item.payload) for item in items],
    }


async def drop(
    connection: AsyncConnection, infra: InfraTables, keys: Sequence[tuple[str, str]]
) -> None:
    """Take items off the list, by kind and key; those that are not there do not matter."""
    if not keys:
        return
    todo = infra.todo
    done = (
        func.unnest(bindparam("kinds", type_=_TEXTS), bindparam("keys", type_=_TEXTS))
        .table_valued("kind", "key")
        .render_derived("done")
    )
    await connection.execute(
        delete(todo).where(todo.c.kind == done.c.kind, todo.c.key == done.c.key),
        {"kinds": [kind for kind, _ in keys], "keys": [key for _, key in keys]},
    )


async def keep(
    connection: AsyncConnection, infra: InfraTables, wanted: Mapping[tuple[str, str], Item | None]
) -> None:
    """Put each item on the list, and take off what is to be None, by kind and key."""
    await put(connection, infra, [item for item in wanted.values() if item is not None])
    await drop(connection, infra, [key for key, item in wanted.items() if item is None])


async def rest(
    engine: AsyncEngine,
    infra: InfraTables,
    items: Sequence[Item],
    *,
    now: datetime,
    until: datetime,
) -> None:
    """Nothing can be done before `until`, unless the projection wakes the items (or just did)."""
    todo = infra.todo
    mine = [(item.kind, item.key, item.position) for item in items]
    async with brief(engine) as connection:
        await connection.execute(
            update(todo)
            .where(tuple_(todo.c.kind, todo.c.key, todo.c.position).in_(mine))
            .where(todo.c.not_before > now)
            .values(not_before=until)
        )


async def finish(engine: AsyncEngine, infra: InfraTables, item: Item, *, now: datetime) -> None:
    """Nothing is left to do, and no event says so: it rests unless the projection renews it.

    The row stays, for only the projection takes one off; after a rebuild the item is handled
    once more, so that whatever followed from it must not follow twice.
    """
    await rest(engine, infra, [item], now=now, until=NEVER)


async def claim(
    connection: AsyncConnection,
    infra: InfraTables,
    kinds: Sequence[str],
    *,
    now: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Claim]:
    """Take up to `limit` due items of each kind, oldest first, that nobody else has claimed."""
    rows = await connection.execute(claiming(infra, kinds, now=now, until=until, limit=limit))
    claims = [Claim(Item(*values), attempt, until) for *values, attempt in rows]
    return sorted(claims, key=lambda claim: claim.item.due_at)


def claiming(
    infra: InfraTables, kinds: Sequence[str], *, now: datetime, until: datetime, limit: int
) -> ReturningUpdate[Any]:
    """One walk along the index for each kind, so that a long list of one hides no other."""
    todo, item = infra.todo, infra.todo.alias("item")
    wanted = _wanted(kinds)
    due = (
        select(item.c.kind, item.c.key)
        .where(item.c.kind == wanted.c.kind, item.c.not_before <= now)
        .order_by(item.c.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .lateral("due")
    )
    taken = select(due.c.kind, due.c.key).select_from(wanted.join(due, true())).cte("taken")
    return (
        update(todo)
        .where(todo.c.kind == taken.c.kind, todo.c.key == taken.c.key)
        .values(not_before=until, attempts=todo.c.attempts + 1)
        .returning(*(todo.c[name] for name in Item.__slots__), todo.c.attempts)
    )


async def next_due(
    connection: AsyncConnection, infra: InfraTables, kinds: Sequence[str]
) -> Mapping[str, datetime | None]:
    """When the next item of each kind may be claimed; None where there is none."""
    todo, wanted = infra.todo, _wanted(kinds)
    first = select(func.min(todo.c.not_before)).where(todo.c.kind == wanted.c.kind)
    rows = await connection.execute(select(wanted.c.kind, first.scalar_subquery().label("at")))
    return {row.kind: row.at for row in rows}


async def put_off(
    connection: AsyncConnection, infra: InfraTables, failed: Claim, until: datetime, error: str
) -> None:
    """Give an item back for a later attempt; nothing happens when it is no longer ours."""
    todo = infra.todo
    await connection.execute(
        update(todo)
        .where(
            todo.c.kind == failed.item.kind,
            todo.c.key == failed.item.key,
            todo.c.not_before == failed.until,
        )
        .values(not_before=until, last_error=error)
    )


def _wanted(kinds: Sequence[str]) -> Any:
    names = bindparam("kinds", list(kinds), type_=_TEXTS)
    return func.unnest(names).table_valued("kind").render_derived("wanted")
