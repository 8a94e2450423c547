"""Where a running system listens: written by `aftercare up`, read by every other command."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .data_directory import DataDirectory, write_private

SERVICES = ("intake", "dispatch", "sla-monitor", "feedback")
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports on loopback: one per service, and the mail door of intake."""

    services: dict[str, int]
    lmtp: int

    @classmethod
    def from_base(cls, base: int | None) -> "Ports":
        """8081 to 8084 and 8025; with a base N: N+1 to N+4 and N+25."""
        first, lmtp = (8081, 8025) if base is None else (base + 1, base + 25)
        return cls({name: first + index for index, name in enumerate(SERVICES)}, lmtp)


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """The servers' URLs (the password of PostgreSQL included) and the services' base URLs."""

    nats_url: str
    database_url: str
    services: dict[str, str]
    lmtp_port: int


def of(ports: Ports, *, nats_url: str, database_url: str) -> Addresses:
    return Addresses(
        nats_url=nats_url,
        database_url=database_url,
        services={name: f"http://{_HOST}:{port}" for name, port in ports.services.items()},
        lmtp_port=ports.lmtp,
    )


def publish(data: DataDirectory, addresses: Addresses) -> None:
    write_private(data.addresses, msgspec.json.encode(addresses).decode())


def find(data: Path) -> Addresses:
    """Addresses of the system whose data lie in `data`; the standard ones when there is none.

    AFTERCARE_NATS_URL, AFTERCARE_DATABASE_URL and AFTERCARE_<SERVICE>_URL win over both.
    """
    try:
        known = msgspec.json.decode(DataDirectory(data).addresses.read_bytes(), type=Addresses)
    except FileNotFoundError:
        known = of(
            Ports.from_base(None),
            nats_url="nats://127.0.0.1:4222",
            database_url="postgresql://127.0.0.1:5432/aftercare",
        )
    return Addresses(
        nats_url=os.environ.get("AFTERCARE_NATS_URL", known.nats_url),
        database_url=os.environ.get("AFTERCARE_DATABASE_URL", known.database_url),
        services={name: _service_url(name, url) for name, url in known.services.items()},
        lmtp_port=known.lmtp_port,
    )


def _service_url(name: str, known: str) -> str:
    variable = f"AFTERCARE_{name.upper().replace('-', '_')}_URL"
    return os.environ.get(variable, known).rstrip("/")
