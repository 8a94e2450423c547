"""One of the services as a child process that writes its log into a file."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

_STOP_SECONDS = 15.0
_LOG_BYTES = 20 << 20


class ServiceProcess:
    """`python -m <module>` with `environment` on top of ours, in a session of its own."""

    stop_signal = signal.SIGTERM
    wave = 0

    def __init__(self, name: str, module: str, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.module = module
        self.log = log
        self._environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, spawned: Callable[[], None]) -> None:
        """Start and return at once; whether it is ready is asked over HTTP."""
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        spawned()

    def stop(self) -> None:
        """Ask it to finish what it is doing; end it if that takes too long."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None
