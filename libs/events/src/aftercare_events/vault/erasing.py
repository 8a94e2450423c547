"""Destroying keys: the row at once, and then every copy of it in the files of the database."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .tables import person_keys

Leftover = Literal["table", "journal"]
PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.1

# A statement that began before the row went may still see it, so that no VACUUM removes it.
_OLDER_WORK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND xact_start < :since"
)
_NOW = text("SELECT clock_timestamp()")
# Keys are asked for all the time: whoever waits for the table holds up everybody behind.
_WAIT_BRIEFLY = text("SET lock_timeout = '3s'")
_WAIT_AS_BEFORE = text("RESET lock_timeout")
# A plain VACUUM leaves the bytes in the page; this one writes what is left into a new file.
_REWRITE = text("VACUUM (FULL) vault.person_keys")
# Segments older than the last checkpoint are removed by it; the current one is closed first.
_DROP_JOURNAL = (text("SELECT pg_switch_wal()"), text("CHECKPOINT"))


async def destroy(connection: AsyncConnection, person: str, made_by: datetime | None) -> bool:
    """Delete the key of a person unless it was made after `made_by`; whether there was one."""
    condition = person_keys.c.person == person
    if made_by is not None:
        condition &= person_keys.c.created_at <= made_by
    gone = await connection.execute(delete(person_keys).where(condition))
    return gone.rowcount > 0


async def wipe(engine: AsyncEngine) -> tuple[Leftover, ...]:
    """Leave no copy of a deleted key in the files of the server; where copies may be left.

    Rewriting the table waits for what runs, the journal (WAL) takes a right that not every role
    has.
    """
    async with _alone(engine) as connection:
        tried: tuple[tuple[Leftover, bool], ...] = (
            ("table", await _rewritten(connection)),
            ("journal", await _journal_dropped(connection)),
        )
    return tuple(place for place, done in tried if not done)


@asynccontextmanager
async def _alone(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """A connection whose statements are transactions of their own."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


async def _rewritten(connection: AsyncConnection) -> bool:
    since = await connection.scalar(_NOW)
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while await connection.scalar(_OLDER_WORK, {"since": since}):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(_LOOK_SECONDS)
    await connection.execute(_WAIT_BRIEFLY)
    try:
        await connection.execute(_REWRITE)
    except DBAPIError:
        return False
    finally:
        await connection.execute(_WAIT_AS_BEFORE)
    return True


async def _journal_dropped(connection: AsyncConnection) -> bool:
    try:
        for statement in _DROP_JOURNAL:
            await connection.execute(statement)
    except DBAPIError:
        return False
    return True
