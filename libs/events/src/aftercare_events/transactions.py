"""Transactions that do not outlive a process that hangs in the middle of them."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# Longer than any step between two statements takes on a busy machine.
HUNG_SECONDS = 3

_LET_GO = f"set_config('idle_in_transaction_session_timeout', '{HUNG_SECONDS}s', true)"
_BRIEF = text(f"SELECT {_LET_GO}")
_REBUILDABLE = text(f"SELECT {_LET_GO}, set_config('synchronous_commit', 'off', true)")


def brief(engine: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """PostgreSQL ends it, with its locks, when it hears nothing for `HUNG_SECONDS`."""
    return _begun_with(engine, _BRIEF)


def rebuildable(engine: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """Brief, and its commit does not wait for the disk: for rows that follow from the log.

    A crash of PostgreSQL may take back the last of these commits, each as a whole and never one
    before another; the checkpoint goes with its rows, and the log is read again from there.
    """
    return _begun_with(engine, _REBUILDABLE)


@asynccontextmanager
async def _begun_with(
    engine: AsyncEngine, first: TextClause
) -> AsyncGenerator[AsyncConnection, None]:
    async with engine.begin() as connection:
        await connection.execute(first)
        yield connection
