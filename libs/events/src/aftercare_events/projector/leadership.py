"""One replica at a time does what only one may do; another takes over within seconds.

Whoever waits for that work in another process calls the one that does it.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..transactions import HUNG_SECONDS

TRY_SECONDS = 0.5
BEAT_SECONDS = 0.5
SILENCE_SECONDS = 2.5

_CALLS = "calls_to_leaders"
_TRY_LOCK = text(
    "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ' ' || :name, 0))"
)
_END_IN_SILENCE = text(f"SET idle_session_timeout = {int(SILENCE_SECONDS * 1000)}")
# Between preparing a statement and running it a client is silent as well, but PostgreSQL calls
# its session active then, and never ends it as idle in its transaction.
_BEAT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user"
    " AND application_name = current_setting('application_name')"
    " AND state = 'active' AND wait_event = 'ClientRead' AND xact_start IS NOT NULL"
    " AND state_change < clock_timestamp() - make_interval(secs => :hung)"
).bindparams(hung=float(HUNG_SECONDS))


@asynccontextmanager
async def leadership(
    engine: AsyncEngine,
    name: str,
    *,
    on_lost: Callable[[], None],
    on_call: Callable[[], None] = lambda: None,
) -> AsyncGenerator[None, None]:
    """Wait for, then hold, an advisory lock of this name within the schema.

    It lives as long as a connection of its own, which PostgreSQL ends once it hears nothing for
    `SILENCE_SECONDS`: a process that hangs, or is cut off, cannot keep what it no longer does.
    `on_lost` is called when that happens, `on_call` when somebody runs `call_leader`. Raises what
    the database raises.
    """
    async with engine.connect() as connection:
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(_END_IN_SILENCE)
            while not await connection.scalar(_TRY_LOCK, {"name": name}):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(TRY_SECONDS)
            await _listen(connection, name, on_lost, on_call)
            beating = asyncio.create_task(_beat(connection, on_lost))
            try:
                yield
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)
        finally:
            # Back in the pool it would go on holding the lock, and end there in silence.
            await connection.invalidate()


async def _beat(connection: AsyncConnection, on_lost: Callable[[], None]) -> None:
    """Be heard, and end what a replica that hangs left half said, with its locks.

    Whoever gets no answer either is no longer the leader for anybody else.
    """
    try:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            async with asyncio.timeout(SILENCE_SECONDS):
                await connection.execute(_BEAT)
    except Exception:  # noqa: BLE001 - whatever it was, the lock is not ours for certain
        on_lost()


def call_leader(name: str) -> ColumnElement[None]:
    """A column whose evaluation calls whoever has this leadership within the schema, if anybody."""
    return func.pg_notify(_CALLS, _address(name))


def _address(name: str) -> ColumnElement[str]:
    return func.concat(func.current_schema(), " ", name)


async def _listen(
    connection: AsyncConnection, name: str, on_lost: Callable[[], None], on_call: Callable[[], None]
) -> None:
    """Be told of calls, and of the end of the connection."""
    address = await connection.scalar(select(_address(name)))
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None or driver.is_closed():
        raise ConnectionError("the connection ended while the lock was taken")

    def ended(_: object) -> None:
        on_lost()

    def called(_: object, __: object, ___: object, payload: str) -> None:
        if payload == address:
            on_call()

    driver.add_termination_listener(ended)
    await driver.add_listener(_CALLS, called)
