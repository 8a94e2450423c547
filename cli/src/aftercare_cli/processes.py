"""The processes that belong to one local system, and their end when their parent was killed.

`aftercare up` writes them down as it starts them. Should it die without stopping them, two
others will: a keeper that notices at once (it waits on a pipe that the kernel closes), and
the next `aftercare up` on the same data, in case that the keeper was killed as well.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil

from .data_directory import write_private

_GRACE_SECONDS = 10.0


class Entry(msgspec.Struct, frozen=True):
    """A process, known by its id *and* its start, since ids come round again.

    `wave` orders the end: wave 0 (services) is over before wave 1 (servers) begins.
    """

    name: str
    pid: int
    started: float
    stop_signal: int
    wave: int


def entry_of(name: str, pid: int, *, stop_signal: int, wave: int) -> Entry | None:
    """None when the process is already gone."""
    try:
        return Entry(name, pid, psutil.Process(pid).create_time(), stop_signal, wave)
    except psutil.NoSuchProcess:
        return None


def write(record: Path, entries: Sequence[Entry]) -> None:
    write_private(record, msgspec.json.encode(entries).decode())


def end_all(record: Path) -> list[str]:
    """End every process of the record that still lives, wave by wave; their names."""
    try:
        entries = msgspec.json.decode(record.read_bytes(), type=list[Entry])
    except FileNotFoundError:
        return []
    ended = [name for wave in (0, 1) for name in _end([e for e in entries if e.wave == wave])]
    record.unlink(missing_ok=True)
    return ended


def start_keeper(record: Path) -> subprocess.Popen[bytes]:
    """A process that ends all of the record once we are gone (or close its stdin)."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__, record],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(entries: Sequence[Entry]) -> list[str]:
    living = [(entry, process) for entry in entries if (process := _same(entry))]
    for entry, process in living:
        _signal(process, entry.stop_signal)
    stubborn = _wait([process for _, process in living])
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    _wait(stubborn)
    return [entry.name for entry, _ in living]


def _wait(ending: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Those that still live when the time of grace is over."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while (living := [one for one in ending if _lives(one)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return living


def _lives(process: psutil.Process) -> bool:
    # Not psutil's own wait: it waits for zombies that a container without an init never buries.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _same(entry: Entry) -> psutil.Process | None:
    try:
        process = psutil.Process(entry.pid)
        return process if process.create_time() == entry.started else None
    except psutil.NoSuchProcess:
        return None


def _signal(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end_all(Path(sys.argv[1]))
