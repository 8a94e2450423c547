"""Real servers for tests, from wheels, from images, or given by address.

All kinds have the same face, so that a test never knows which one it talks to.
"""

import os
import shutil
import signal
import socket
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psutil

from aftercare_cli.embedded import EmbeddedNats, EmbeddedPostgres, free_port
from aftercare_cli.settings_files import NATS_CONF

__all__ = ["GivenServer", "Server", "free_port", "start_nats", "start_postgres", "wait_for_port"]

NATS_IMAGE = "nats:2-alpine"
POSTGRES_IMAGE = "postgres:18-alpine"
START_SECONDS = 30.0
NOT_OURS = "a server that was given is not killed, stopped or restarted"


class Server(Protocol):
    """A server with an address that survives its restart."""

    url: str

    def kill(self) -> None:
        """End it as `kill -9` does."""
        ...

    def restart(self) -> None:
        """Start it again on the same data and address; return when it answers."""
        ...

    def pause(self) -> None:
        """Let it hold its connections and answer nothing (SIGSTOP), until `resume`."""
        ...

    def resume(self) -> None: ...

    def running(self) -> bool: ...

    def stop(self) -> None:
        """Shut it down in order and remove its data."""
        ...


def wait_for_port(port: int, answers: Callable[[socket.socket], bool] = lambda _: True) -> None:
    """Until somebody listens on loopback, and `answers` is content with the connection."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                if answers(connection):
                    return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing answers on port {port}")
        time.sleep(0.02)


def is_nats(connection: socket.socket) -> bool:
    return connection.recv(4) == b"INFO"


def is_postgres(connection: socket.socket) -> bool:
    """It asks for a password (`R`); while it is starting up it answers with an error."""
    hello = struct.pack("!i", 196608) + b"user\0postgres\0\0"
    connection.sendall(struct.pack("!i", 4 + len(hello)) + hello)
    return connection.recv(1) == b"R"


class GivenServer:
    """A server somebody else runs: tests that kill it are skipped."""

    def __init__(self, url: str) -> None:
        self.url = url

    def kill(self) -> None:
        raise PermissionError(NOT_OURS)

    def restart(self) -> None:
        raise PermissionError(NOT_OURS)

    def pause(self) -> None:
        raise PermissionError(NOT_OURS)

    def resume(self) -> None:
        raise PermissionError(NOT_OURS)

    def running(self) -> bool:
        return True

    def stop(self) -> None:
        pass


class EmbeddedServer:
    """The product's own embedded server, in a temporary directory that goes when it stops."""

    def __init__(self, make: Callable[[Path], EmbeddedNats | EmbeddedPostgres]) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="aftercare-test-"))
        # PostgreSQL started by root runs as somebody else, who must get through.
        self._directory.chmod(0o711)
        self._server = make(self._directory / "server")
        self._server.start()
        self.url = self._server.url

    def kill(self) -> None:
        self._server.kill()

    def restart(self) -> None:
        self._server.restart()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, how: signal.Signals) -> None:
        if self._server.process is None:
            raise RuntimeError("not running")
        main = psutil.Process(self._server.process.pid)
        for process in (main, *main.children(recursive=True)):
            process.send_signal(how)

    def running(self) -> bool:
        return self._server.running()

    def stop(self) -> None:
        self._server.stop()
        shutil.rmtree(self._directory, ignore_errors=True)


class ContainerServer:
    """A real image; the published port is fixed, so that the address survives a restart."""

    def __init__(
        self, container: Any, port: int, url: str, answers: Callable[[socket.socket], bool]
    ) -> None:
        self._port, self._answers = free_port(), answers
        self._container = container.with_bind_ports(port, self._port)
        self.url = url.format(port=self._port)
        self._container.start()
        wait_for_port(self._port, answers)

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def restart(self) -> None:
        self._container.get_wrapped_container().start()
        wait_for_port(self._port, self._answers)

    def pause(self) -> None:
        self._container.get_wrapped_container().pause()

    def resume(self) -> None:
        self._container.get_wrapped_container().unpause()

    def running(self) -> bool:
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        return wrapped.status == "running"

    def stop(self) -> None:
        self._container.stop()


def wants_containers() -> bool:
    return os.environ.get("AFTERCARE_TEST_ENGINE") == "containers"


def _nats_container() -> Server:
    from testcontainers.core.container import DockerContainer

    inside = "/etc/aftercare/nats.conf"
    container = DockerContainer(NATS_IMAGE).with_volume_mapping(str(NATS_CONF), inside)
    command = f"-c {inside} -p 4222 -sd /data"
    container = container.with_command(command)
    return ContainerServer(container, 4222, "nats://127.0.0.1:{port}", is_nats)


def _postgres_container() -> Server:
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(POSTGRES_IMAGE).with_env("POSTGRES_PASSWORD", "aftercare")
    url = "postgresql://postgres:aftercare@127.0.0.1:{port}/postgres"
    return ContainerServer(container, 5432, url, is_postgres)


def start_nats() -> Server:
    if given := os.environ.get("AFTERCARE_NATS_URL"):
        return GivenServer(given)
    return _nats_container() if wants_containers() else EmbeddedServer(EmbeddedNats)


def start_postgres() -> Server:
    if given := os.environ.get("AFTERCARE_DATABASE_URL"):
        return GivenServer(given)
    return _postgres_container() if wants_containers() else EmbeddedServer(EmbeddedPostgres)
