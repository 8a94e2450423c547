"""What tests of event-sourced services say often: specs, folds, and tables that must agree."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from .clock import SystemClock
from .decider import Decider, Refused
from .log import Log
from .projector import Projection, Projector
from .sql import InfraTables, create_engine, upgrade

C = TypeVar("C")
S = TypeVar("S")
D = TypeVar("D")

# Columns that tell how the work goes, not what the log says.
WORKING = frozenset(("not_before", "attempts", "last_error", "set_aside_at"))


@dataclass(frozen=True, slots=True)
class spec(Generic[C, S, D]):  # noqa: N801 - it reads as a sentence
    """`spec(decider).given(fact, …).when(command).then(fact, …)`, or `.refused("code")`."""

    decider: Decider[C, S, D]
    facts: tuple[D, ...] = ()

    def given(self, *facts: D) -> "spec[C, S, D]":
        return spec(self.decider, (*self.facts, *facts))

    def when(self, command: C) -> "Outcome[D]":
        state = reduce(self.decider.evolve, self.facts, self.decider.initial)
        try:
            return Outcome(tuple(self.decider.decide(command, state)), None)
        except Refused as refusal:
            return Outcome((), refusal)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[D]):
    facts: tuple[D, ...]
    refusal: Refused | None

    def then(self, *facts: D) -> None:
        assert self.refusal is None, f"refused: {self.refusal.code}: {self.refusal}"
        assert self.facts == facts

    def refused(self, code: str, field: str | None = None) -> None:
        assert self.refusal is not None, f"not refused, but {self.facts}"
        assert (self.refusal.code, self.refusal.field) == (code, field)


async def fold_into(
    engine: AsyncEngine, projection: Projection, infra: InfraTables, log: Log
) -> int:
    """Project a whole log into tables of their own, as the truth that others are held to."""
    return await Projector(projection, log, engine, infra, SystemClock()).catch_up()


async def diff_tables(
    left: AsyncEngine,
    right: AsyncEngine,
    tables: Iterable[Table],
    *,
    ignore: Collection[str] = WORKING,
) -> list[str]:
    """One line for each row that is not the same in both; columns named in `ignore` may differ."""
    return [
        f"{table.name} {key}: {ours.get(key)} is not {theirs.get(key)}"
        for table in tables
        for ours, theirs in [(await _rows(left, table, ignore), await _rows(right, table, ignore))]
        for key in sorted(ours.keys() | theirs.keys(), key=str)
        if ours.get(key) != theirs.get(key)
    ]


async def _rows(
    engine: AsyncEngine, table: Table, ignore: Collection[str]
) -> Mapping[tuple[Any, ...], Mapping[str, Any]]:
    key = [column.name for column in table.primary_key.columns]
    columns = [column for column in table.columns if column.name not in ignore]
    async with engine.connect() as connection:
        rows: Sequence[Any] = (await connection.execute(select(*columns))).mappings().all()
    return {tuple(row[name] for name in key): dict(row) for row in rows}


async def assert_migrations_match(
    package: str, metadata: MetaData, url: str, *, schema: str | None = None
) -> None:
    """The migrations of a package make exactly the tables that its code uses."""
    schema = schema or package
    engine = create_engine(url, schema=schema)
    try:
        await upgrade(engine, package, schema)
        async with engine.connect() as connection:
            differences = await connection.run_sync(_differences, metadata)
    finally:
        await engine.dispose()
    assert not differences, differences


def _differences(connection: Connection, metadata: MetaData) -> list[Any]:
    def named(name: str | None, kind: str, _: Any) -> bool:
        return name != "alembic_version" and (kind != "schema" or name == metadata.schema)

    options = {"compare_type": True, "compare_server_default": True}
    if metadata.schema is not None:
        options |= {"include_schemas": True, "include_name": named}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))
