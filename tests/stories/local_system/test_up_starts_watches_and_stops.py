"""The whole local system with real servers, and toys in place of the services."""

import os
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from aftercare_cli import addresses

from .running import Up, write_toy

ALL = {"nats-server", "postgres", "intake", "dispatch", "sla_monitor", "feedback"}
# As whoever watches them calls them.
NAMED = {"nats", "postgres", "intake", "dispatch", "sla-monitor", "feedback"}
Start = Callable[..., Up]


def _gone(processes: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


def test_it_says_where_it_is_and_what_to_try(up: Up, tmp_path: Path) -> None:
    assert up.children().keys() >= ALL
    assert f"http://127.0.0.1:{up.base + 1}/report" in up.said
    assert f"send --data {tmp_path / 'data'} samples/*" in up.said
    known = addresses.find(tmp_path / "data")
    assert known.services["feedback"] == f"http://127.0.0.1:{up.base + 4}"
    assert httpx.get(known.services["intake"], trust_env=False).text == known.nats_url


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(up: Up, number: signal.Signals) -> None:
    children = list(up.children().values())
    up.signal(number)
    up.signal(number)
    assert up.ended() == 0
    assert _gone(children)
    assert "Traceback" not in up.said


def test_ctrl_c_while_it_starts_stops_cleanly_too(start_up: Start) -> None:
    run = start_up()
    run.wait_for(lambda: "nats" in run.said)
    children = list(run.children().values())
    run.signal(signal.SIGINT)
    assert run.ended() == 0
    assert _gone(children)


def test_whatever_is_killed_comes_back_and_is_named(up: Up, tmp_path: Path) -> None:
    known = addresses.find(tmp_path / "data")
    killed = up.children()
    for process in killed.values():
        process.send_signal(signal.SIGKILL)
    up.wait_for(lambda: _new(up, killed) >= ALL)
    # A new process may be there before the line about it was read.
    up.wait_for(lambda: _named(up) >= NAMED)
    assert _named(up) == NAMED
    up.wait_for(lambda: _answers(known.nats_url) and _answers(known.database_url))


def _named(up: Up) -> set[str]:
    return {line.split()[1] for line in up.said.splitlines() if "starting it again" in line}


def _new(up: Up, old: dict[str, psutil.Process]) -> set[str]:
    return {name for name, process in up.children().items() if process != old[name]}


def _answers(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port)) == 0


def test_a_second_run_on_the_same_data_is_refused_in_one_line(up: Up, start_up: Start) -> None:
    second = start_up("--port-base", str(up.base + 100))
    assert second.ended() == 1
    assert second.said.splitlines()[0].startswith("aftercare: a system already runs on")
    assert len(second.said.splitlines()) == 1


def test_a_port_in_use_is_named_in_one_line(start_up: Start, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        run = start_up("--port-base", str(port - 3))
        assert run.ended() == 1
    assert run.said.startswith(f"aftercare: port {port}, which sla-monitor needs, is in use")
    assert len(run.said.splitlines()) == 1
    assert not (tmp_path / "data" / "nats").exists()


def test_a_killed_run_leaves_nothing_and_the_next_one_goes_on(up: Up, start_up: Start) -> None:
    children = list(up.children().values())
    up.signal(signal.SIGKILL)
    up.ended()
    again = start_up()
    again.wait_until_up()
    assert _gone(children)


def test_a_service_that_does_not_start_ends_it_with_its_last_words(
    start_up: Start, tmp_path: Path
) -> None:
    write_toy(tmp_path / "toys", "feedback", "raise SystemExit('no such database')")
    run = start_up()
    assert run.ended() == 1
    assert "aftercare: feedback did not start: no such database" in run.said


def test_given_servers_are_used_and_left_running(
    start_up: Start, nats_url: str, database_url: str, tmp_path: Path
) -> None:
    run = start_up(AFTERCARE_NATS_URL=nats_url, AFTERCARE_DATABASE_URL=database_url)
    run.wait_until_up()
    assert run.children().keys() & ALL == ALL - {"nats-server", "postgres"}
    known = addresses.find(tmp_path / "data")
    assert (known.nats_url, known.database_url) == (nats_url, database_url)


def test_secrets_are_private(up: Up, tmp_path: Path) -> None:
    for name in ("master.key", "addresses.json", "postgres/password"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to let PostgreSQL's user through")
def test_root_may_keep_data_in_a_private_folder(start_up: Start, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    run = start_up("--data", str(private / "data"))
    run.wait_until_up()
    assert stat.S_IMODE(private.stat().st_mode) == 0o701
    assert f"{private} can now be passed through by everybody" in run.said
