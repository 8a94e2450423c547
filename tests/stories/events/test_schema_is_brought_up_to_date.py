"""Migrations make the tables that the code uses, also when replicas start together."""

import asyncio
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, inspect, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.outage import is_outage
from aftercare_events.revise import revise
from aftercare_events.sql import create_engine, infra_tables, upgrade, upsert
from aftercare_events.testing import assert_migrations_match
from aftercare_events.vault.tables import metadata as vault_tables
from support.servers import Server
from support.toy_tables import notes

FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0001", None, None, None
def upgrade():
    op.create_table("doors", sa.Column("door", sa.Text(), primary_key=True))
"""
TABLES = """
import sqlalchemy as sa
metadata = sa.MetaData()
doors = sa.Table("doors", metadata, sa.Column("door", sa.Text, primary_key=True))
doors.append_column(sa.Column("height", sa.Integer))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    op.add_column("doors", sa.Column("height", sa.Integer()))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package whose migrations make a door."""
    name = f"toy_{uuid4().hex[:8]}"
    add_version(tmp_path / name, FIRST)
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def add_version(package: Path, source: str) -> None:
    versions = package / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (versions / f"{len(list(versions.iterdir()))}.py").write_text(source)


async def columns(engine: AsyncEngine, schema: str) -> set[str]:
    async with engine.connect() as connection:
        return {
            column["name"]
            for column in await connection.run_sync(
                lambda sync: inspect(sync).get_columns("doors", schema=schema)
            )
        }


async def test_schema_follows_the_versions(package: str, database_url: str, tmp_path: Path) -> None:
    engine = create_engine(database_url, schema="doors")
    await upgrade(engine, package, "doors")
    assert await columns(engine, "doors") == {"door"}
    add_version(tmp_path / package, SECOND)
    await upgrade(engine, package, "doors")
    assert await columns(engine, "doors") == {"door", "height"}
    await engine.dispose()


async def test_replicas_that_start_together_wait_for_one_another(
    package: str, database_url: str
) -> None:
    engines = [create_engine(database_url, schema="doors") for _ in range(6)]
    # Each has looked for the schema before, in vain, with the connection that it will use.
    for engine in engines:
        await upgrade(engine, package, "gates")
    await asyncio.gather(*(upgrade(engine, package, "doors") for engine in engines))
    assert await columns(engines[0], "doors") == {"door"}
    await asyncio.gather(*(engine.dispose() for engine in engines))


async def test_each_schema_has_a_version_of_its_own(package: str, database_url: str) -> None:
    engine = create_engine(database_url, schema="doors")
    await upgrade(engine, package, "doors")
    await upgrade(engine, package, "gates")
    assert await columns(engine, "gates") == {"door"}
    await engine.dispose()


async def test_forgotten_migration_is_noticed(package: str, database_url: str) -> None:
    metadata = MetaData()
    Table("doors", metadata, Column("door", Text, primary_key=True))
    await assert_migrations_match(package, metadata, database_url)
    metadata.tables["doors"].append_column(Column("height", Integer))
    with pytest.raises(AssertionError):
        await assert_migrations_match(package, metadata, database_url)


async def test_missing_migration_is_written(
    package: str, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / package / "tables.py").write_text(TABLES)
    await revise(package, package, database_url, "add the height")
    tables = import_module(f"{package}.tables")
    await assert_migrations_match(package, tables.metadata, database_url)
    (written,) = (tmp_path / package / "migrations" / "versions").glob("0002_*.py")
    assert "add_column" in written.read_text()


async def test_vault_has_its_tables(database_url: str) -> None:
    await assert_migrations_match(
        "aftercare_events.vault", vault_tables, database_url, schema="vault"
    )


async def test_upsert_inserts_overwrites_and_leaves_the_rest(engine: AsyncEngine) -> None:
    rows = [
        {"case_id": f"C{n}", "note": str(n), "position": n, "extra": {"n": n}} for n in range(3)
    ]
    async with engine.begin() as connection:
        await upsert(connection, notes, rows)
        await upsert(connection, notes, [{"case_id": "C1", "note": None, "position": 9}])
        again = [{"case_id": "C2", "note": note, "position": 5} for note in ("first", "last")]
        await upsert(connection, notes, again)
        await upsert(connection, notes, [])
        found = (await connection.execute(select(notes).order_by(notes.c.case_id))).all()
    assert found == [
        ("C0", "0", 0, {"n": 0}),
        ("C1", None, 9, {"n": 1}),
        ("C2", "last", 5, {"n": 2}),
    ]


async def test_more_rows_than_one_statement_holds(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await upsert(
            connection, notes, ({"case_id": f"C{n}", "position": n} for n in range(12_000))
        )
        assert await connection.scalar(text("SELECT count(*) FROM notes")) == 12_000


def test_arrays_are_refused_before_they_are_flattened() -> None:
    from sqlalchemy.dialects.postgresql import ARRAY

    from aftercare_events.sql import insert_columns

    table = Table("t", MetaData(), Column("tags", ARRAY(Text)), Column("more", JSONB))
    with pytest.raises(TypeError):
        insert_columns(table, ("tags",))


def test_infra_tables_do_not_collide_with_a_services_own() -> None:
    metadata = MetaData()
    infra_tables(metadata)
    assert set(metadata.tables) == {"checkpoint", "poison", "todo"}


async def test_engine_survives_a_killed_server(
    engine: AsyncEngine, postgres_server: Server
) -> None:
    """While it is away there is an outage, not a defect; afterwards nobody has to reconnect."""
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        await asyncio.to_thread(postgres_server.kill)
        with pytest.raises(Exception) as lost:
            await connection.execute(text("SELECT 1"))
    assert is_outage(lost.value)
    with pytest.raises(Exception) as away:
        async with engine.connect():
            """Nobody answers."""
    assert is_outage(away.value)
    await asyncio.to_thread(postgres_server.restart)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
