"""One local system with real processes, shared by the tests of a file."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from aftercare_cli import addresses
from aftercare_cli.addresses import Addresses
from aftercare_events.jetstream import JetStreamLog
from support.up import Up, free_port_base


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """`aftercare up` with servers of its own, for they are to be killed."""
    data = tmp_path_factory.mktemp("faults") / "data"
    own = {"AFTERCARE_NATS_URL": "", "AFTERCARE_DATABASE_URL": ""}
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
async def history(known: Addresses) -> AsyncIterator[JetStreamLog]:
    """The log of the system, read past all services."""
    log = await JetStreamLog.connect(known.nats_url, name="faults")
    yield log
    await log.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.ndjson"
