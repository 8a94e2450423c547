"""R3: whoever hangs, or is cut off, in the middle of a transaction gives back what it holds."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.projector.leadership import leadership
from aftercare_events.transactions import brief

_LOCK = text("SELECT pg_advisory_xact_lock(7)")


async def between_statements(_: AsyncConnection) -> None:
    """PostgreSQL calls that idle."""


async def in_a_statement(connection: AsyncConnection) -> None:
    """Prepared, and nobody comes to run it: PostgreSQL calls that active."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.prepare("SELECT 'nobody runs this'")


def nothing() -> None:
    """Nobody loses the lead here."""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("hang", [between_statements, in_a_statement])
async def test_leader_gets_the_lock_before_its_statement_gives_up(
    engine: AsyncEngine, hang: Callable[[AsyncConnection], Awaitable[None]]
) -> None:
    async with engine.connect() as connection, leadership(engine, "toy", on_lost=nothing):
        # What PostgreSQL has ended cannot be committed.
        with suppress(PendingRollbackError):
            async with brief(engine) as hung:
                await hung.execute(_LOCK)
                await hang(hung)
                await connection.execute(_LOCK)
                await hung.invalidate()
