"""Toy programs that stand for services: real processes, a few lines each."""

import time
from collections.abc import Callable
from pathlib import Path

from aftercare_cli.service_process import ServiceProcess

OBEDIENT = "import signal, time; signal.signal(15, lambda *_: exit(0)); print('up', flush=True)\n"
SLEEPS = OBEDIENT + "while True: time.sleep(60)\n"
FAILS = "print('no such file'); raise SystemExit(3)\n"


def toy(directory: Path, name: str, program: str) -> ServiceProcess:
    """A service whose module is `program`."""
    (directory / f"{name}.py").write_text(program)
    environment = {"PYTHONPATH": str(directory)}
    return ServiceProcess(name, name, environment, directory / f"{name}.log")


def eventually(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it becomes true in time; processes come and go when the kernel likes."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_up(service: ServiceProcess) -> bool:
    return service.log.exists() and "up" in service.log.read_text()
