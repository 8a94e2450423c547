"""The real server in a process of its own: binding, streams at its end, one line on failure."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

PROGRAM = """
import sys
from aftercare_http import Settings, load_settings, run
from support.toy_service import KEYS, toy
settings = load_settings(Settings)
run(lambda s: toy(host=s.host, port=s.port, shutdown_grace_s=s.shutdown_grace_s), settings)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the service on a port; whatever becomes of the test, none is left behind."""
    with ExitStack() as stack:

        def start(port: int, **environment: str) -> subprocess.Popen[str]:
            ours = {"AFTERCARE_PORT": str(port), "PYTHONPATH": os.pathsep.join(sys.path)}
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", PROGRAM],
                    env=os.environ | ours | environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
            stack.callback(process.kill)
            return process

        yield start


def wait_until_alive(port: int) -> None:
    for _ in range(100):
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the service did not come up")


def test_it_ends_its_streams_and_itself_when_told(start: Start) -> None:
    port = free_port()
    process = start(port)
    wait_until_alive(port)
    url, headers = f"http://127.0.0.1:{port}/v1/stream", {"Authorization": "Bearer reader-key-1"}
    with httpx.stream("GET", url, headers=headers, timeout=10) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": still here"
        process.send_signal(signal.SIGTERM)
        assert not [line for line in lines if line.startswith("error")]
    assert process.wait(timeout=5) == 0


def test_a_port_in_use_is_one_line_and_a_failure(start: Start) -> None:
    port = free_port()
    start(port)
    wait_until_alive(port)
    second = start(port)
    output, _ = second.communicate(timeout=20)
    assert second.returncode == 1
    assert output.strip().splitlines()[-1] == f"Aftercare toy did not start on 127.0.0.1:{port}"


def test_the_local_key_in_public_is_one_line_and_a_failure(start: Start) -> None:
    process = start(free_port(), AFTERCARE_HOST="0.0.0.0")
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert output.startswith("refusing to listen on 0.0.0.0")
    assert output.count("\n") == 1
