"""One local system with real processes, shared by the tests of a file."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from aftercare_cli import addresses
from aftercare_cli.addresses import Addresses
from aftercare_events.jetstream import JetStreamLog
from support.busy_day import BusyDay
from support.disturbed import Disturbed
from support.up import Up, free_port_base

CASES = 40


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
def day(system: Up, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BusyDay]:
    """A day of its own for each test, the same in every run."""
    seed = sum(request.node.name.encode())
    busy = BusyDay(system.data, tmp_path / "ledger.ndjson", cases=CASES, seed=seed)
    yield busy
    busy.end()


@pytest.fixture
def disturbed(system: Up, known: Addresses, day: BusyDay, history: JetStreamLog) -> Disturbed:
    return Disturbed(system, known, day, history)
