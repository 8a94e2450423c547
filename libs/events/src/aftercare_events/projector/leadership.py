"""One replica at a time does what only one may do; another takes over within seconds."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

TRY_SECONDS = 1.0
_TRY_LOCK = text(
    "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ' ' || :name, 0))"
)


@asynccontextmanager
async def leadership(
    engine: AsyncEngine, name: str, *, on_lost: Callable[[], None]
) -> AsyncGenerator[None, None]:
    """Wait for, then hold, an advisory lock of this name within the schema.

    It lives as long as a connection of its own: `on_lost` is called when that ends. Raises
    what the database raises.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while not await connection.scalar(_TRY_LOCK, {"name": name}):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(TRY_SECONDS)
        await _call_at_end(connection, on_lost)
        try:
            yield
        finally:
            # Back in the pool it would go on holding the lock.
            await connection.invalidate()


async def _call_at_end(connection: AsyncConnection, on_lost: Callable[[], None]) -> None:
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None or driver.is_closed():
        raise ConnectionError("the connection ended while the lock was taken")

    def ended(_: object) -> None:
        on_lost()

    driver.add_termination_listener(ended)
