"""One running system for all that its documents promise."""

import signal
from collections.abc import Iterator

import pytest

from support.up import Up, free_port_base
from support.whole_system import System


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    run = Up(tmp_path_factory.mktemp("documents") / "data", free_port_base())
    run.wait_until_up(180)
    system = System(run)
    system.add_staff()
    yield system
    run.signal(signal.SIGTERM)
    run.ended()
