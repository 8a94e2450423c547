import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from aftercare_cli.processes import Entry
from aftercare_cli.supervisor import Supervisor, describe_end

from .toys import FAILS, SLEEPS, eventually, is_up, toy


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "processes.json", said.append)
    yield supervisor
    supervisor.stop()


def test_a_killed_child_is_started_again_and_said_so(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    child = toy(tmp_path, "sleeper", SLEEPS)
    supervisor.start(child)
    supervisor.watch()
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: child.running() and child.process.pid != first)
    assert eventually(lambda: len(said) == 2)
    assert said == [
        "sleeper      ended (killed by SIGKILL), starting it again",
        "sleeper      runs again",
    ]


def test_a_child_that_keeps_failing_is_not_started_in_a_hurry(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    supervisor.start(toy(tmp_path, "failing", FAILS))
    supervisor.watch()
    assert eventually(lambda: len(said) >= 2)
    assert not eventually(lambda: len(said) >= 16, seconds=2)
    assert said[0] == "failing      ended (exit code 3), starting it again"


def test_stop_ends_every_child_and_starts_none_again(
    supervisor: Supervisor, tmp_path: Path, said: list[str]
) -> None:
    children = [toy(tmp_path, name, SLEEPS) for name in ("one", "two")]
    for child in children:
        supervisor.start(child)
    supervisor.watch()
    assert all(eventually(lambda child=child: is_up(child)) for child in children)
    supervisor.stop()
    assert [child.process.returncode for child in children] == [0, 0]
    assert said == []


def test_the_record_names_the_living_until_they_are_stopped(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    record = tmp_path / "processes.json"
    child = toy(tmp_path, "sleeper", SLEEPS)
    supervisor.start(child)
    [entry] = msgspec.json.decode(record.read_bytes(), type=list[Entry])
    assert psutil.Process(entry.pid).create_time() == entry.started
    assert entry.pid == child.process.pid
    supervisor.stop()
    assert not record.exists()


def test_children_are_out_of_reach_of_ctrl_c(supervisor: Supervisor, tmp_path: Path) -> None:
    child = toy(tmp_path, "sleeper", SLEEPS)
    supervisor.start(child)
    assert os.getpgid(child.process.pid) != os.getpgid(0)


def test_an_end_is_described_by_signal_or_exit_code() -> None:
    assert describe_end(-9) == "killed by SIGKILL"
    assert describe_end(1) == "exit code 1"
