from collections.abc import Iterator
from pathlib import Path

import asyncpg
import nats
import pytest

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres
from aftercare_cli.server_failed import ServerFailed


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "postgres")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[EmbeddedNats]:
    server = EmbeddedNats(tmp_path / "nats")
    server.start()
    yield server
    server.stop()


async def _query(server: EmbeddedPostgres, statement: str) -> object:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_postgres_keeps_commits_over_a_kill(postgres: EmbeddedPostgres) -> None:
    await _query(postgres, "CREATE TABLE kept AS SELECT 42 AS number")
    postgres.kill()
    assert not postgres.running()
    postgres.restart()
    assert await _query(postgres, "SELECT number FROM kept") == 42


async def test_postgres_has_the_shared_settings(postgres: EmbeddedPostgres) -> None:
    assert await _query(postgres, "SHOW max_connections") == "200"
    assert await _query(postgres, "SHOW TimeZone") == "UTC"


async def test_postgres_asks_for_its_password(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url, password="guessed")


async def test_nats_keeps_appends_over_a_kill(nats_server: EmbeddedNats) -> None:
    async with await nats.connect(nats_server.url) as connection:
        await connection.jetstream().add_stream(name="KEPT", subjects=["kept"])
        await connection.jetstream().publish("kept", b"42")
        nats_server.kill()
    assert not nats_server.running()
    nats_server.restart()
    async with await nats.connect(nats_server.url) as connection:
        message = await connection.jetstream().get_last_msg("KEPT", "kept")
    assert message.data == b"42"


def test_a_server_that_cannot_start_says_where_to_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aftercare_cli.embedded.START_SECONDS", 0.5)
    (tmp_path / "jetstream").write_text("a file where the store's folder should be")
    with pytest.raises(ServerFailed, match=r"nats\.log"):
        EmbeddedNats(tmp_path).start()
