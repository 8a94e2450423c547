"""An empty log and an empty database for each test, on servers that live for the session."""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import nats

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a thread of its own: fixtures work in plain and in async tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def _streams(url: str, *, delete: bool) -> list[str]:
    connection = await nats.connect(url)
    try:
        manager = connection.jetstream()
        names = [info.config.name or "" for info in await manager.streams_info()]
        for name in names if delete else ():
            await manager.delete_stream(name)
        return names
    finally:
        await connection.close()


def refuse_used_server(url: str) -> None:
    """Tests delete every stream; a server that holds any was not meant for them."""
    if names := run(_streams(url, delete=False)):
        raise RuntimeError(f"tests need an empty NATS server, this one holds {names}")


def empty_nats(url: str) -> None:
    run(_streams(url, delete=True))


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def _execute(url: str, statement: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            connection = await asyncpg.connect(url)
            break
        except (OSError, asyncpg.CannotConnectNowError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def create_database(server_url: str) -> str:
    """The address of a new, empty database."""
    name = f"t_{uuid4().hex[:12]}"
    run(_execute(server_url, f"CREATE DATABASE {name}"))
    return with_database(server_url, name)


_EMPTY_TABLES = """
DO $$ DECLARE kept record; BEGIN
  FOR kept IN SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
      AND tablename <> 'alembic_version'
  LOOP EXECUTE format('DELETE FROM %I.%I', kept.schemaname, kept.tablename); END LOOP;
END $$
"""


def empty_tables(database_url: str) -> None:
    run(_execute(database_url, _EMPTY_TABLES))


def drop_database(server_url: str, database_url: str) -> None:
    name = urlsplit(database_url).path.lstrip("/")
    run(_execute(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
