"""What the fixtures promise every other test."""

import asyncpg
import nats
import pytest

from support.servers import Server


@pytest.mark.parametrize("round_", [1, 2])
async def test_each_test_finds_an_empty_nats(nats_url: str, round_: int) -> None:
    connection = await nats.connect(nats_url)
    manager = connection.jetstream()
    assert await manager.streams_info() == []
    await manager.add_stream(name="LEFTOVER", subjects=["leftover.>"])
    await connection.close()


@pytest.mark.parametrize("round_", [1, 2])
async def test_each_test_finds_an_empty_database(database_url: str, round_: int) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TABLE leftover (id int)")
    await connection.close()


async def test_a_killed_nats_keeps_what_it_stored(nats_url: str, nats_server: Server) -> None:
    connection = await nats.connect(nats_url)
    await connection.jetstream().add_stream(name="KEPT", subjects=["kept.>"])
    await connection.close()
    nats_server.kill()
    nats_server.restart()
    connection = await nats.connect(nats_url)
    assert [info.config.name for info in await connection.jetstream().streams_info()] == ["KEPT"]
    await connection.close()


async def test_a_killed_postgres_keeps_what_it_stored(
    database_url: str, postgres_server: Server
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TABLE kept (id int)")
    postgres_server.kill()
    postgres_server.restart()
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT count(*) FROM kept") == 0
    await connection.close()


def test_plain_tests_get_them_too(nats_url: str, database_url: str) -> None:
    assert nats_url.startswith("nats://")
    assert database_url.startswith("postgresql://")
