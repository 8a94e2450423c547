"""`aftercare up` as a process of its own."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil


def free_port_base() -> int:
    """N such that N+1 to N+4 and N+25 are free at this moment.

    Drawn by lot, for others look for theirs at the same time; below the ports that the kernel
    gives to clients.
    """
    for base in random.sample(range(10_000, 32_000, 50), 400):
        if all(_is_free(base + offset) for offset in (1, 2, 3, 4, 25)):
            return base
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Up:
    """One run of `aftercare up`; `said` is all that it printed so far."""

    def __init__(self, data: Path, base: int, *options: str, env: Mapping[str, str] = {}) -> None:
        self.output = data.parent / f"up-{time.monotonic_ns()}.txt"
        self.data = data
        self.base = base
        command = [sys.executable, "-m", "aftercare_cli.main", "up"]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "--data", data, "--port-base", str(base), *options],
                env={**os.environ, **env},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_until_up(self, seconds: float = 60) -> None:
        self.wait_for(lambda: "Aftercare is up" in self.said, seconds)

    def wait_for(self, true: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def children(self) -> dict[str, psutil.Process]:
        """Every process below it by what it runs: nats, postgres, the services."""
        found: dict[str, psutil.Process] = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = " ".join(child.cmdline())
                if match := re.search(r"nats-server|/postgres |-m (\w+)$", words):
                    found[match[1] or match[0].strip("/ ")] = child
        return found

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self, seconds: float = 30) -> int:
        return self.process.wait(seconds)
