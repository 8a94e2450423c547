"""What `create_app` puts together once and every helper of a request looks up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from aftercare_events.clock import Clock

from .credentials import Authenticator
from .settings import Settings

if TYPE_CHECKING:
    from .health import Check
    from .position import Visibility

Ready = Callable[[], Awaitable["Mapping[str, Check]"]]


@dataclass(slots=True, kw_only=True)
class HttpState:
    """The HTTP side of one running service; `closing` is set when it begins to shut down."""

    service: str
    settings: Settings
    clock: Clock
    authenticator: Authenticator
    ready: list[Ready]
    visibility: "Visibility | None" = None
    started: bool = False
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    streams: int = 0


def state_of(app: FastAPI) -> HttpState:
    return cast("HttpState", app.state.aftercare_http)


def state(connection: HTTPConnection) -> HttpState:
    return cast("HttpState", connection.app.state.aftercare_http)
