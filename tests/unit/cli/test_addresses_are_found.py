from pathlib import Path

import pytest

from aftercare_cli import addresses
from aftercare_cli.addresses import Ports
from aftercare_cli.data_directory import DataDirectory


def test_standard_ports() -> None:
    ports = Ports.from_base(None)
    assert list(ports.services.values()) == [8081, 8082, 8083, 8084]
    assert ports.lmtp == 8025


def test_ports_from_a_base() -> None:
    ports = Ports.from_base(9000)
    assert list(ports.services.values()) == [9001, 9002, 9003, 9004]
    assert ports.lmtp == 9025


def test_a_running_system_is_found_by_its_data(tmp_path: Path) -> None:
    known = addresses.of(Ports.from_base(9000), nats_url="nats://n", database_url="postgresql://p")
    addresses.publish(DataDirectory(tmp_path), known)
    assert addresses.find(tmp_path) == known
    assert (tmp_path / "addresses.json").stat().st_mode & 0o777 == 0o600


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_NATS_URL", "nats://elsewhere:4222")
    monkeypatch.setenv("AFTERCARE_SLA_MONITOR_URL", "https://sla.example/")
    known = addresses.find(tmp_path)
    assert known.nats_url == "nats://elsewhere:4222"
    assert known.services["sla-monitor"] == "https://sla.example"
    assert known.services["intake"] == "http://127.0.0.1:8081"
