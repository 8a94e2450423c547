"""The folder that holds everything of one local system: data, keys, logs, addresses."""

import base64
import contextlib
import fcntl
import os
import secrets
from collections.abc import Generator
from pathlib import Path

DEFAULT = Path(".aftercare")


class AlreadyRunning(Exception):
    """Another local system holds this folder."""


class DataDirectory:
    """Paths below one folder, which is created when first used."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.nats = self.root / "nats"
        self.postgres = self.root / "postgres"
        self.logs = self.root / "log"
        self.processes = self.root / "processes.json"
        self.addresses = self.root / "addresses.json"

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Keep everybody else out while the block runs. Raises AlreadyRunning.

        The kernel lets go of the lock when its holder dies, however it dies.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise AlreadyRunning(
                    f"a system already runs on {self.root} (process {lock.read().strip()})"
                ) from error
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            yield

    def master_key(self) -> str:
        """The key that wraps the keys of persons, made once: 32 bytes in base64.

        Whoever loses it loses every name and number in the history.
        """
        path = self.root / "master.key"
        if not path.exists():
            write_private(path, base64.b64encode(secrets.token_bytes(32)).decode())
        return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read: wholly, or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
