"""PostgreSQL as every service uses it: one schema each, tables that follow from the log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from operator import itemgetter
from typing import Any

import msgspec
from alembic import command
from alembic.config import Config
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, Insert, insert
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import CreateSchema

from .lost_links import NOTICE_LOST_CLIENTS, notice_lost_server

ROWS_PER_STATEMENT = 5_000
_COMMAND_SECONDS = 30.0
_CONNECT_SECONDS = 5.0
# Connections stay: one beyond the pool would be made anew each time, which costs more than its use.
_POOL = 16

Row = Mapping[str, Any]


def create_engine(url: str, *, schema: str) -> AsyncEngine:
    """An engine whose connections see `schema` first; `url` is `postgresql://…`.

    Statements end after 30 s. A connection that a restart of the server cut is replaced
    before it is used again.
    """
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=_POOL,
        max_overflow=0,
        pool_timeout=_CONNECT_SECONDS,
        pool_pre_ping=True,
        # Parameters hold personal data, and error texts are logged.
        hide_parameters=True,
        json_serializer=_to_json,
        json_deserializer=msgspec.json.decode,
        connect_args={
            "timeout": _CONNECT_SECONDS,
            "command_timeout": _COMMAND_SECONDS,
            "server_settings": {
                "search_path": schema,
                "application_name": f"aftercare-{schema}",
                "jit": "off",
                **NOTICE_LOST_CLIENTS,
            },
        },
    )
    event.listen(engine.sync_engine, "connect", notice_lost_server)
    return engine


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def upgrade(engine: AsyncEngine, package: str, schema: str) -> None:
    """Bring `schema` to the newest of the `migrations/` of `package`; it is created if need be.

    Replicas that start together wait for one another.
    """
    async with engine.begin() as connection:
        await connection.execute(_LOCK_MIGRATIONS, {"name": f"migrations of {schema}"})
        if not await connection.scalar(_IS_THERE, {"schema": schema}):
            await connection.execute(CreateSchema(schema))
        await connection.execute(_WORK_IN_SCHEMA, {"schema": schema})
        await connection.run_sync(_upgrade, package)


_LOCK_MIGRATIONS = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
# `IF NOT EXISTS` may remember from before the lock that there was none.
_IS_THERE = text("SELECT count(*) FROM pg_namespace WHERE nspname = :schema")
_WORK_IN_SCHEMA = text("SELECT set_config('search_path', quote_ident(:schema), true)")


def _upgrade(connection: Connection, package: str) -> None:
    config = migrations_config(package)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def migrations_config(package: str) -> Config:
    """Alembic on the versions of one package, with the environment that all packages share."""
    config = Config()
    config.set_main_option("path_separator", "newline")
    for option, place in (
        ("script_location", files("aftercare_events") / "migrations"),
        ("version_locations", files(package) / "migrations" / "versions"),
    ):
        config.set_main_option(option, str(place).replace("%", "%%"))
    return config


@dataclass(frozen=True, slots=True)
class InfraTables:
    """What the projector and the to-do runner keep beside a service's own tables."""

    checkpoint: Table
    poison: Table
    todo: Table


def infra_tables(metadata: MetaData) -> InfraTables:
    """Add them to a service's metadata; its migrations create them."""
    return InfraTables(_checkpoint(metadata), _poison(metadata), _todo(metadata))


def _checkpoint(metadata: MetaData) -> Table:
    return Table(
        "checkpoint",
        metadata,
        Column("name", Text, primary_key=True),
        Column("position", BigInteger, nullable=False),
    )


def _poison(metadata: MetaData) -> Table:
    return Table(
        "poison",
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("event_id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("set_aside_at", DateTime(timezone=True), nullable=False),
    )


def _todo(metadata: MetaData) -> Table:
    return Table(
        "todo",
        metadata,
        Column("kind", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("not_before", DateTime(timezone=True), nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text),
        Column("payload", JSONB, nullable=False, server_default="{}"),
        Index("todo_next", "kind", "not_before"),
    )


async def upsert(connection: AsyncConnection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows or overwrite those with the same primary key; the last of equal keys wins.

    All rows name the same columns. Columns left out keep their value, or get their default.
    """
    key_of = itemgetter(*(column.name for column in table.primary_key.columns))
    latest = {key_of(row): row for row in rows}
    for some in _chunks(latest.values(), ROWS_PER_STATEMENT):
        names = tuple(some[0])
        columns = {name: [row[name] for row in some] for name in names}
        await connection.execute(_upsert(table, names), columns)


@lru_cache(maxsize=256)
def _upsert(table: Table, names: tuple[str, ...]) -> Insert:
    statement = insert_columns(table, names)
    key = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in names if name not in key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def insert_columns(table: Table, names: Sequence[str]) -> Insert:
    """An INSERT of any number of rows: each parameter is one whole column, as a list."""
    source = [func.unnest(_array(table.c[name])).label(name) for name in names]
    return insert(table).from_select(names, select(*source))


def _array(column: Column[Any]) -> BindParameter[Any]:
    if isinstance(column.type, ARRAY):
        raise TypeError(f"{column} is an array, which unnest would flatten; use JSONB")
    return bindparam(column.name, type_=ARRAY(column.type))


def _chunks(rows: Iterable[Row], size: int) -> Iterator[Sequence[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk
