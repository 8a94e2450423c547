"""Serving one service: bind, serve, end in time."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from aftercare_events.logging import configure

from .settings import Settings
from .state import HttpState, state_of

S = TypeVar("S", bound=Settings)


class _Server(uvicorn.Server):
    """uvicorn that tells open streams first when it is asked to end."""

    def __init__(self, config: uvicorn.Config, here: HttpState) -> None:
        super().__init__(config)
        self._here = here
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        _settle_garbage()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Ending when told is a success: uvicorn would raise the signal once more at the end."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._here.closing.set)


def _settle_garbage() -> None:
    """What lives from here on is mostly short-lived: scan the rest no more (p99 40 -> 9 ms)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def config_of(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the server under the application listens, and whom it believes."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=4096,
        timeout_graceful_shutdown=max(1, int(settings.shutdown_grace_s)),
    )


def run(build: Callable[[S], FastAPI], settings: S) -> None:
    """Serve until SIGINT or SIGTERM, then end within `shutdown_grace_s`.

    Ends the process with code 1 and one line on stderr when it cannot bind or start.
    """
    app = build(settings)
    configure(state_of(app).service, settings.log_format, settings.log_level)
    try:
        _Server(config_of(app, settings), state_of(app)).run()
    except SystemExit as ended:
        if ended.code:
            sys.exit(f"{app.title} did not start on {settings.host}:{settings.port}")
    except KeyboardInterrupt:
        pass
