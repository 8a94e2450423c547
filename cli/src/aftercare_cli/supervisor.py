"""Keeps child processes running: one that dies is started again, and said so."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from . import processes
from .server_failed import ServerFailed

_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 5.0
_STEADY_SECONDS = 30.0


class Child(Protocol):
    """A program that can be started again and again. `wave` 0 stops before `wave` 1."""

    name: str
    log: Path
    process: subprocess.Popen[bytes] | None
    stop_signal: signal.Signals
    wave: int

    def start(self, spawned: Callable[[], None]) -> None:
        """Start it, calling `spawned` as soon as there is a process."""
        ...

    def stop(self) -> None: ...

    def running(self) -> bool: ...


class Supervisor:
    """Starts children, watches them once told to, and stops them in order.

    `record` always names the living ones, for whoever has to end them if we cannot.
    """

    def __init__(self, record: Path, say: Callable[[str], None]) -> None:
        self._record = record
        self._say = say
        self._children: list[Child] = []
        self._watchers: list[threading.Thread] = []
        self._stopping = threading.Event()
        # Nobody starts a child while everything is being stopped.
        self._changing = threading.Lock()

    def start(self, child: Child) -> None:
        """Start a child. Raises ServerFailed."""
        self._children.append(child)
        self._start(child)

    def watch(self) -> None:
        """From now on a child that ends is started again."""
        for child in self._children:
            thread = threading.Thread(target=self._keep_running, args=[child], daemon=True)
            thread.start()
            self._watchers.append(thread)

    def stop(self) -> None:
        """Stop every child, services first; returns when all are gone."""
        self._stopping.set()
        with self._changing:
            for wave in (0, 1):
                _stop_together([child for child in self._children if child.wave == wave])
        for thread in self._watchers:
            thread.join()
        self._record.unlink(missing_ok=True)

    def _start(self, child: Child) -> None:
        child.start(lambda: processes.write(self._record, _entries(self._children)))

    def _keep_running(self, child: Child) -> None:
        wait = _FIRST_WAIT_SECONDS
        while child.process is not None:
            started = time.monotonic()
            code = child.process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - started > _STEADY_SECONDS:
                wait = _FIRST_WAIT_SECONDS
            self._say(f"{child.name:12} ended ({describe_end(code)}), starting it again")
            self._stopping.wait(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
            self._start_again(child)

    def _start_again(self, child: Child) -> None:
        with self._changing:
            if self._stopping.is_set():
                return
            try:
                self._start(child)
                self._say(f"{child.name:12} runs again")
            except (ServerFailed, OSError) as error:
                self._say(f"{child.name:12} {error}")


def _stop_together(children: Sequence[Child]) -> None:
    threads = [threading.Thread(target=child.stop) for child in children]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def describe_end(code: int) -> str:
    """How a process ended, from its return code as `subprocess` gives it."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _entries(children: Sequence[Child]) -> list[processes.Entry]:
    entries = (
        processes.entry_of(
            child.name, child.process.pid, stop_signal=child.stop_signal, wave=child.wave
        )
        for child in children
        if child.process is not None
    )
    return [entry for entry in entries if entry is not None]
