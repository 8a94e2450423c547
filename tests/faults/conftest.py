"""One local system with real processes, shared by the tests of a file."""

import signal
from collections.abc import AsyncGenerator, Iterator, Mapping
from pathlib import Path

import pytest

from aftercare_cli import addresses
from aftercare_cli.addresses import Addresses
from aftercare_events.jetstream import JetStreamLog
from support.busy_day import BusyDay
from support.disturbed import Disturbed
from support.servers import Server, start_nats, start_postgres, wants_containers
from support.up import Up, free_port_base

CASES = 30


@pytest.fixture(scope="module")
def containers() -> Iterator[Mapping[str, Server]]:
    """NATS and PostgreSQL where images were asked for; else the system brings its own."""
    started: dict[str, Server] = {}
    try:
        if wants_containers():
            started["nats-server"] = start_nats()
            started["postgres"] = start_postgres()
        yield started
    finally:
        for server in started.values():
            server.stop()


@pytest.fixture(scope="module")
def system(
    tmp_path_factory: pytest.TempPathFactory, containers: Mapping[str, Server]
) -> Iterator[Up]:
    """`aftercare up` on servers that nobody else uses, for they are to be killed."""
    data = tmp_path_factory.mktemp("faults") / "data"
    urls = {name: server.url for name, server in containers.items()}
    own = {
        "AFTERCARE_NATS_URL": urls.get("nats-server", ""),
        "AFTERCARE_DATABASE_URL": urls.get("postgres", ""),
        # Seconds of a processor for each page, which the day needs for itself.
        "AFTERCARE_READ_FAXES": "false",
    }
    run = Up(data, free_port_base(), env=own)
    try:
        run.wait_until_up(240)
        yield run
    finally:
        run.signal(signal.SIGTERM)
        run.ended(60)


@pytest.fixture(scope="module")
def known(system: Up) -> Addresses:
    return addresses.find(system.data)


@pytest.fixture
async def history(known: Addresses) -> AsyncGenerator[JetStreamLog]:
    """The log of the system, read past all services."""
    log = await JetStreamLog.connect(known.nats_url, name="faults")
    yield log
    await log.close()


@pytest.fixture
def day(system: Up, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BusyDay]:
    """A day of its own for each test, the same in every run; `cases(n)` says how many it has."""
    seed = sum(request.node.name.encode())
    wanted = request.node.get_closest_marker("cases")
    cases = wanted.args[0] if wanted else CASES
    busy = BusyDay(system.data, tmp_path / "ledger.ndjson", cases=cases, seed=seed)
    yield busy
    busy.end()


@pytest.fixture
def disturbed(
    system: Up,
    containers: Mapping[str, Server],
    known: Addresses,
    day: BusyDay,
    history: JetStreamLog,
) -> Disturbed:
    return Disturbed(system, containers, known, day, history)
