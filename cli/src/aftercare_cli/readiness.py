"""Waiting until every service says that it is ready."""

import time
from collections.abc import Callable, Sequence

import httpx

from .service_process import ServiceProcess
from .stop_request import StopRequest

READY_SECONDS = 90.0


class NotReady(Exception):
    """A service ended or stayed unready; the message says which, and why."""


def wait_until_ready(
    services: Sequence[ServiceProcess],
    url_of: Callable[[str], str],
    stop: StopRequest,
    say: Callable[[str], None],
) -> None:
    """Return when each `/readyz` answered 200. Raises NotReady, Stopped."""
    began = time.monotonic()
    waiting = list(services)
    with httpx.Client(timeout=2.0, trust_env=False) as client:
        while waiting:
            stop.check()
            for service in list(waiting):
                answer = _ask(client, service, url_of(service.name))
                if answer is None:
                    waiting.remove(service)
                    say(f"{service.name:12} ready after {time.monotonic() - began:.1f} s")
                elif time.monotonic() - began > READY_SECONDS:
                    raise NotReady(f"{service.name} is not ready: {answer}, see {service.log}")
            stop.wait(0.05)


def _ask(client: httpx.Client, service: ServiceProcess, url: str) -> str | None:
    """None when ready, else what is missing."""
    if not service.running():
        raise NotReady(f"{service.name} did not start: {last_line(service)}")
    try:
        answer = client.get(f"{url}/readyz")
    except httpx.HTTPError as error:
        return str(error) or type(error).__name__
    return None if answer.is_success else answer.text


def last_line(service: ServiceProcess) -> str:
    """What a service said last, which is mostly why it ended."""
    lines = service.log.read_text(errors="replace").strip().splitlines()
    return f"{lines[-1]} (see {service.log})" if lines else f"see {service.log}"
