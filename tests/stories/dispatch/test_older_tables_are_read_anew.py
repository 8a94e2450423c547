"""Needs PostgreSQL: an upgrade that wants to know more of the log reads it anew (RP-04, DP-18)."""

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateSchema

from aftercare_events.sql import create_engine, migrations_config, upgrade
from aftercare_events.testing import assert_migrations_match
from dispatch import tables

BEFORE = "0016"
CONTRACT = """
INSERT INTO contracts (contract_id, customer_id, starts_on, covers, resident_engineer_id)
VALUES ('CT-1', 'C-1', '2026-01-01', '[[], []]', 'E-1')
"""
LISTED = """
INSERT INTO todo (kind, key, due_at, not_before, position)
VALUES ('cover', 'resident-CT-1', now(), now(), 7)
"""


def _before(connection: Connection) -> None:
    connection.execute(CreateSchema("dispatch"))
    config = migrations_config("dispatch")
    config.attributes["connection"] = connection
    command.upgrade(config, BEFORE)
    for said in (CONTRACT, LISTED, "INSERT INTO checkpoint VALUES ('dispatch', 7)"):
        connection.execute(text(said))


async def test_tables_that_do_not_know_the_hours_of_a_contract_are_read_anew(
    database_url: str,
) -> None:
    engine = create_engine(database_url, schema="dispatch")
    async with engine.begin() as connection:
        await connection.run_sync(_before)
    await upgrade(engine, "dispatch", "dispatch")
    async with engine.connect() as connection:
        for table in (*tables.PROJECTED, tables.infra.todo):
            rows = await connection.scalar(text(f"SELECT count(*) FROM {table.name}"))
            assert rows == 0, table.name
        assert await connection.scalar(text("SELECT position FROM checkpoint")) == 0
    await engine.dispose()


async def test_migrations_make_the_tables(database_url: str) -> None:
    await assert_migrations_match("dispatch", tables.metadata, database_url)
