"""NATS and PostgreSQL from their wheels, each as a child process with data of its own.

Both listen on loopback only, on a port that stays the same across restarts. Both run in a
session of their own: Ctrl-C in a terminal reaches whoever started them, not them.
"""

import os
import secrets
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from . import embedded_postgres_files as files
from .server_failed import ServerFailed
from .settings_files import NATS_CONF

START_SECONDS = 30.0
STOP_SECONDS = 15.0


def _nothing() -> None:
    """Nobody wants to know."""


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class EmbeddedNats:
    """A JetStream server whose store lies in `directory`."""

    name = "nats"
    stop_signal = signal.SIGTERM
    wave = 1

    def __init__(self, directory: Path, *, port: int | None = None, log: Path | None = None):
        self.directory = directory
        self.port = port or free_port()
        self.log = log or directory / "nats.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self, spawned: Callable[[], None] = _nothing) -> None:
        """Start and return once it answers; `spawned` is called whenever there is a process.

        Raises ServerFailed.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        _start_until_ready(self, spawned)

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""
        _end(self.process, signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        _end(self.process, self.stop_signal)

    def restart(self) -> None:
        """Start again on the same data and port, after a `kill` or a `stop`."""
        self.start()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """One attempt to run it."""
        binary = Path(sysconfig.get_path("scripts")) / "nats-server"
        where = ["-a", "127.0.0.1", "-p", str(self.port), "-sd", str(self.directory)]
        return subprocess.Popen(
            [binary, "-c", NATS_CONF, *where],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(4) == b"INFO"
        except OSError:
            return False


class EmbeddedPostgres:
    """A PostgreSQL server with its cluster and its password in `directory`."""

    name = "postgres"
    stop_signal = signal.SIGINT
    wave = 1

    def __init__(self, directory: Path, *, port: int | None = None, log: Path | None = None):
        self.directory = directory
        self.cluster = directory / "cluster"
        self.port = port or free_port()
        self.log = log or directory / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database `aftercare`, password included."""
        password = self._password_file.read_text()
        return f"postgresql://aftercare:{password}@127.0.0.1:{self.port}/aftercare"

    def start(self, spawned: Callable[[], None] = _nothing) -> None:
        """Create the cluster if there is none, start, and return once it accepts connections.

        `spawned` is called whenever there is a process. Raises ServerFailed.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self._password_file.exists():
            _write_private(self._password_file, secrets.token_urlsafe(24))
        files.prepare(self.cluster, self._password_file.read_text())
        _start_until_ready(self, spawned)

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""
        _end(self.process, signal.SIGKILL)

    def stop(self) -> None:
        """End it in order; whoever is still connected is disconnected."""
        _end(self.process, self.stop_signal)

    def restart(self) -> None:
        """Start again on the same data and port, after a `kill` or a `stop`."""
        self.start()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def _password_file(self) -> Path:
        return self.directory / "password"

    def spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """One attempt to run it."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        return subprocess.Popen(
            [files.binary("postgres"), "-D", self.cluster, *where],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            **files.identity(),
        )

    def answers(self) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and [line.strip() for line in lines[7:]] == ["ready"]


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _start_until_ready(
    server: "EmbeddedNats | EmbeddedPostgres", spawned: Callable[[], None]
) -> None:
    """Start, and start again if it ends at once.

    After a crash the old backends of PostgreSQL hold its memory for a moment, and a port may
    still be closing.
    """
    deadline = time.monotonic() + START_SECONDS
    with server.log.open("ab") as output:
        while time.monotonic() < deadline:
            server.process = server.spawn(output)
            spawned()
            while server.running() and time.monotonic() < deadline:
                if server.answers():
                    return
                time.sleep(0.01)
            time.sleep(0.2)
    server.kill()
    raise ServerFailed(f"did not start within {START_SECONDS:.0f} s, see {server.log}")


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is None:
        return
    process.send_signal(how)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
