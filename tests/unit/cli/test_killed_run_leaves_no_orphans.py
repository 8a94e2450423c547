import subprocess
import sys
from pathlib import Path

import psutil

from aftercare_cli import processes
from aftercare_cli.processes import Entry
from aftercare_cli.supervisor import Supervisor

from .toys import SLEEPS, eventually, is_up, toy

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"


def _started(tmp_path: Path, program: str = SLEEPS) -> tuple[Path, psutil.Process]:
    record = tmp_path / "processes.json"
    child = toy(tmp_path, "sleeper", program)
    Supervisor(record, print).start(child)
    assert eventually(lambda: is_up(child))
    return record, psutil.Process(child.process.pid)


def _gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_the_next_run_ends_what_a_killed_one_left(tmp_path: Path) -> None:
    record, orphan = _started(tmp_path)
    assert processes.end_all(record) == ["sleeper"]
    assert _gone(orphan)
    assert not record.exists()


def test_the_keeper_ends_all_once_its_parent_is_gone(tmp_path: Path) -> None:
    record, orphan = _started(tmp_path)
    keeper = processes.start_keeper(record)
    keeper.stdin.close()
    assert keeper.wait(20) == 0
    assert _gone(orphan)


def test_whoever_ignores_the_request_is_killed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(processes, "_GRACE_SECONDS", 0.3)
    record, orphan = _started(tmp_path, STUBBORN + "while True: time.sleep(60)\n")
    processes.end_all(record)
    assert eventually(lambda: _gone(orphan))


def test_a_stranger_under_a_recorded_id_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        record = tmp_path / "processes.json"
        processes.write(record, [Entry("old", stranger.pid, 1.0, stop_signal=15, wave=0)])
        assert processes.end_all(record) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_no_record_means_nothing_to_do(tmp_path: Path) -> None:
    assert processes.end_all(tmp_path / "processes.json") == []
