"""Servers for every test that names them: one of each per session, empty for each test.

They come from AFTERCARE_NATS_URL and AFTERCARE_DATABASE_URL; else from real images with
AFTERCARE_TEST_ENGINE=containers; else from the embedded wheels.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings
from xdist.remote import Producer

from aftercare_events.jetstream import JetStreamLog

# Before anything of it is imported: a failure there tells both sides too.
pytest.register_assert_rewrite("support")

from support import emptying, servers, sharing  # noqa: E402

# Machines are shared and noisy: how long an example took says nothing about the code.
settings.register_profile("aftercare", deadline=None)
settings.load_profile("aftercare")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> sharing.ByWhatTheyShare | None:
    """`--dist loadgroup`: see `support.sharing`."""
    together = config.getoption("dist") == "loadgroup"
    return sharing.ByWhatTheyShare(config, log) if together else None


@pytest.fixture(scope="session")
def _nats() -> Iterator[servers.Server]:
    server = servers.start_nats()
    emptying.refuse_used_server(server.url)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _postgres() -> Iterator[servers.Server]:
    server = servers.start_postgres()
    yield server
    server.stop()


@pytest.fixture
def nats_url(_nats: servers.Server) -> Iterator[str]:
    """The address of a NATS server that holds nothing."""
    yield _nats.url
    if not _nats.running():
        _nats.restart()
    emptying.empty_nats(_nats.url)


@pytest.fixture
def nats_server(_nats: servers.Server, nats_url: str) -> servers.Server:
    """The server behind `nats_url`, for tests that kill and restart it."""
    return _killable(_nats)


@pytest.fixture
def database_url(_postgres: servers.Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    url = emptying.create_database(_postgres.url)
    yield url
    if not _postgres.running():
        _postgres.restart()
    emptying.drop_database(_postgres.url, url)


@pytest.fixture(scope="session")
def _shared_database(_postgres: servers.Server) -> Iterator[str]:
    url = emptying.create_database(_postgres.url)
    yield url
    emptying.drop_database(_postgres.url, url)


@pytest.fixture
def tables_url(_postgres: servers.Server, _shared_database: str) -> Iterator[str]:
    """A database whose tables, where there are any, are up to date and hold nothing.

    For tests of a service that is not upgraded on the way: it need not make its tables anew.
    """
    yield _shared_database
    if not _postgres.running():
        _postgres.restart()
    emptying.empty_tables(_shared_database)


@pytest.fixture
def postgres_server(_postgres: servers.Server, database_url: str) -> servers.Server:
    """The server behind `database_url`, for tests that kill and restart it."""
    return _killable(_postgres)


@pytest.fixture
async def log(nats_url: str) -> AsyncIterator[JetStreamLog]:
    """A connection to an empty log on a real server."""
    connected = await JetStreamLog.connect(nats_url, name="test")
    yield connected
    await connected.close()


def _killable(server: servers.Server) -> servers.Server:
    if isinstance(server, servers.GivenServer):
        pytest.skip("this test kills its server, and this server was given")
    return server
