import os
import signal
from collections.abc import Iterator

import pytest

from aftercare_cli.stop_request import Stopped, StopRequest


@pytest.fixture
def stop() -> Iterator[StopRequest]:
    kept = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    request = StopRequest()
    request.listen()
    yield request
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait(stop: StopRequest, number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    assert stop.wait(5)
    with pytest.raises(Stopped):
        stop.check()


def test_asking_twice_changes_nothing(stop: StopRequest) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    assert stop.wait(5)
    assert stop.wait(5)


def test_without_a_request_the_wait_runs_out(stop: StopRequest) -> None:
    assert not stop.wait(0.05)
    stop.check()
