"""Keeps a replica's memory of the archive honest: the projection may run in another one."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import asyncpg
import structlog

from .archive import Archive
from .projection import ARCHIVE_CHANGED

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.archive")
RETRY_SECONDS = 1.0


async def forget_on_change(database_url: str, archive: Archive) -> None:
    """Make `archive` forget whenever the tables changed, for ever.

    It remembers nothing while the connection that would tell is lost.
    """
    while True:
        try:
            await _listen(database_url, archive)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            logger.warning("archive listener has no connection", error=type(error).__name__)
        finally:
            archive.distrust()
        await asyncio.sleep(RETRY_SECONDS)


async def _listen(database_url: str, archive: Archive) -> None:
    connection = cast("Any", await asyncpg.connect(database_url))
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(_ignoring(lost.set))
        await connection.add_listener(ARCHIVE_CHANGED, _ignoring(archive.forget))
        archive.trust()
        await lost.wait()
    finally:
        await connection.close(timeout=1)


def _ignoring(call: Callable[[], None]) -> Callable[..., None]:
    """`call` for a caller that has more to say than we want to know."""

    def called(*_: object) -> None:
        call()

    return called
