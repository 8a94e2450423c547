"""What makes up the system on one machine: two servers, four services, and a keeper."""

import os
import socket
from collections.abc import Callable

from . import addresses, processes
from .addresses import SERVICES, Addresses, Ports
from .data_directory import DataDirectory
from .embedded import EmbeddedNats, EmbeddedPostgres
from .service_process import ServiceProcess
from .stop_request import StopRequest
from .supervisor import Supervisor


class PortInUse(Exception):
    """Somebody else listens on a port that a service needs."""


def refuse_used(ports: Ports) -> None:
    """Raises PortInUse, naming the port and who needs it."""
    for name, port in [*ports.services.items(), ("intake's mail door", ports.lmtp)]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortInUse(
                    f"port {port}, which {name} needs, is in use ({error.strerror}); "
                    "end its owner, or choose other ports with --port-base"
                ) from error


class LocalSystem:
    """The servers given by AFTERCARE_NATS_URL and AFTERCARE_DATABASE_URL are used as they are
    and never stopped; those that are not given run as children."""

    def __init__(self, data: DataDirectory, ports: Ports, say: Callable[[str], None]) -> None:
        self._data = data
        self._ports = ports
        self._say = say
        self._supervisor = Supervisor(data.processes, say)
        self._keeper = processes.start_keeper(data.processes)
        self.services: list[ServiceProcess] = []

    def start(self, stop: StopRequest) -> Addresses:
        """Start everything; the services may not be ready yet. Raises ServerFailed, Stopped."""
        known = addresses.of(self._ports, nats_url=self._nats(), database_url=self._postgres())
        stop.check()
        for name in SERVICES:
            service = self._service(name, known)
            self.services.append(service)
            self._supervisor.start(service)
        return known

    def watch(self) -> None:
        """From now on whatever ends is started again."""
        self._supervisor.watch()

    def stop(self) -> None:
        """Stop everything that `start` started."""
        self._supervisor.stop()
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        self._keeper.wait()

    def _nats(self) -> str:
        if given := os.environ.get("AFTERCARE_NATS_URL"):
            self._say(f"{'nats':12} given: AFTERCARE_NATS_URL")
            return given
        server = EmbeddedNats(self._data.nats, log=self._data.logs / "nats.log")
        self._supervisor.start(server)
        self._say(f"{'nats':12} started, port {server.port}")
        return server.url

    def _postgres(self) -> str:
        if given := os.environ.get("AFTERCARE_DATABASE_URL"):
            self._say(f"{'postgres':12} given: AFTERCARE_DATABASE_URL")
            return given
        server = EmbeddedPostgres(self._data.postgres, log=self._data.logs / "postgres.log")
        self._supervisor.start(server)
        self._say(f"{'postgres':12} started, port {server.port}")
        return server.url

    def _service(self, name: str, known: Addresses) -> ServiceProcess:
        environment = {
            "AFTERCARE_NATS_URL": known.nats_url,
            "AFTERCARE_DATABASE_URL": known.database_url,
            "AFTERCARE_HOST": "127.0.0.1",
            "AFTERCARE_PORT": str(self._ports.services[name]),
            "AFTERCARE_LMTP_PORT": str(self._ports.lmtp),
            "AFTERCARE_PUBLIC_URL": f"http://127.0.0.1:{self._ports.services['intake']}",
            "AFTERCARE_LOG_FORMAT": "json",
            "AFTERCARE_MASTER_KEY": os.environ.get("AFTERCARE_MASTER_KEY")
            or self._data.master_key(),
            # Whoever tries webhooks on one machine receives them there.
            "AFTERCARE_PRIVATE_RECEIVERS": "true",
        }
        module = name.replace("-", "_")
        return ServiceProcess(name, module, environment, self._data.logs / f"{name}.log")
