"""The two sides of a comparison: servers on a core of their own, everything else on the others.

A side may have a worker beside its server. It has the same core, and what the server leaves of it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from .load import Measured

BENCH = Path(__file__).parents[1]
START_SECONDS = 60.0
# Longer than a projector takes to notice that the log has grown.
SETTLE_SECONDS = 1.2
WORKER_NICENESS = 19
_CORE, *_OTHERS = sorted(os.sched_getaffinity(0))
_TICKS = os.sysconf("SC_CLK_TCK")


def leave_a_core() -> None:
    """Keep this process, and what it starts from now on, off the core of the two sides."""
    os.sched_setaffinity(0, _OTHERS or [_CORE])


@dataclass(frozen=True, slots=True)
class Side:
    """A server with its worker: `ready` is the path that answers once it is level with its work."""

    name: str
    port: int
    pids: tuple[int, ...]
    ready: str

    def cpu_seconds(self) -> float:
        """The processor time it has taken so far."""
        return sum(map(_cpu_seconds, self.pids))

    def settle(self) -> None:
        """Wait until it has nothing left to do, so that the other side has the core to itself."""
        time.sleep(SETTLE_SECONDS)
        _await_answer(f"http://127.0.0.1:{self.port}{self.ready}")


@dataclass(frozen=True, slots=True)
class Run:
    """What one load saw, and the processor time of the server for each request of it."""

    seen: Measured
    cpu_us: float


@contextmanager
def serving(
    name: str,
    port: int,
    *command: str,
    ready: str,
    worker: Mapping[str, str] | None = None,
    **environment: str,
) -> Generator[Side]:
    """A server on its core until the end of the block; `worker` is what its worker's environment
    has of its own."""
    with ExitStack() as processes:
        pids = [processes.enter_context(_process(command, environment))]
        if worker is not None:
            theirs = {**environment, **worker}
            pids.append(processes.enter_context(_process(command, theirs, WORKER_NICENESS)))
        _await_answer(f"http://127.0.0.1:{port}{ready}")
        yield Side(name, port, tuple(pids), ready)


@contextmanager
def _process(
    command: tuple[str, ...], environment: Mapping[str, str], niceness: int = 0
) -> Generator[int]:
    path = os.pathsep.join([str(BENCH), os.environ.get("PYTHONPATH", "")])
    place = ("nice", "-n", str(niceness), "taskset", "-c", str(_CORE))
    running = subprocess.Popen(
        [*place, sys.executable, "-m", *command],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def _cpu_seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / _TICKS


def run(
    side: Side, path: str, bodies: bytes, clients: int, seconds: float, *, rate: float = 0.0
) -> Run:
    """One load on a side, until it has also done what the load left it to do."""
    began = side.cpu_seconds()
    arguments = (str(side.port), path, str(clients), str(seconds), str(rate))
    done = subprocess.run(
        [sys.executable, "-m", "support.load", *arguments],
        cwd=BENCH,
        input=bodies,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-800:])
    seen = msgspec.json.decode(done.stdout, type=Measured)
    side.settle()
    return Run(seen, (side.cpu_seconds() - began) / seen.answered * 1_000_000)


def _await_answer(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")
