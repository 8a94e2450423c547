import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .running import Up, free_port_base, write_toys


@pytest.fixture
def start_up(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Starts `aftercare up` with toy services on the test's own data; ends all of them."""
    toys = tmp_path / "toys"
    toys.mkdir()
    write_toys(toys)
    base = free_port_base()
    runs: list[Up] = []

    def start(*options: str, **env: str) -> Up:
        data = tmp_path / "data"
        runs.append(Up(data, base, "--empty", *options, env={"PYTHONPATH": str(toys), **env}))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.signal(signal.SIGTERM)
            run.ended()


@pytest.fixture
def up(start_up: Callable[..., Up]) -> Up:
    run = start_up()
    run.wait_until_up()
    return run
