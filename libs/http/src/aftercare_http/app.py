"""Putting the HTTP side of a service together."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from aftercare_events.clock import Clock, SystemClock
from aftercare_events.watchdog import Watchdog

from . import docs_page, health, sign_in
from .admission import Admission
from .auth import assert_every_route_guarded
from .boundary import Boundary
from .credentials import Authenticator
from .examples import Examples, at_the_time
from .failures import Specs
from .fast_lane import FastLane, Lanes, lanes_of
from .health import CatchingUp, Connected, standard_checks
from .openapi import describe
from .pages import Pages
from .position import Ended, Reader, Visibility
from .router import Router
from .routing import Route
from .settings import Settings
from .state import HttpState, Ready, state_of

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
STATIC = Path(__file__).parent / "static"


class AttachedLog(Connected, Ended, Protocol):
    """The log, as far as readiness and `min_position` care."""


class AttachedProjector(CatchingUp, Reader, Protocol):
    """The projector, as far as readiness and `min_position` care."""


class _Service(FastAPI):
    """FastAPI inside our layers: they see every request first and every failure last."""

    def __init__(
        self, around: Callable[[ASGIApp], ASGIApp], examples: Examples, **options: Any
    ) -> None:
        super().__init__(**options)
        self._around = around
        self._examples = examples
        self.router.route_class = Route
        for kind in (HTTPException, RequestValidationError, Exception):
            self.add_exception_handler(kind, _leave_to_the_boundary)

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """As it is, where it can be: the framework would work out every route a second time."""
        if isinstance(router, Router) and not options:
            self.router.routes.extend(router.routes)
        else:
            super().include_router(router, **options)

    def build_middleware_stack(self) -> ASGIApp:
        return self._around(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = describe(self, self._examples)
        return at_the_time(self.openapi_schema, state_of(self).clock.now())


def create_app(
    service: str,
    settings: Settings,
    *,
    lifespan: Lifespan,
    problems: Specs | None = None,
    ready: Ready | None = None,
    pages: Pages | None = None,
    body_limits: Mapping[str, int] | None = None,
    clock: Clock | None = None,
    examples: Examples | None = None,
) -> FastAPI:
    """The application of one service, with everything but its own routes.

    `problems` answers the service's own exceptions, `ready` adds checks to `/readyz`,
    `body_limits` maps path prefixes to bytes, `examples` go into the document. It does not start
    while a route is unguarded.
    """
    lanes: Lanes = {}
    authenticator = Authenticator(settings)

    def around(app: ASGIApp) -> ASGIApp:
        admission = Admission(FastLane(app, lanes), settings, body_limits or {})
        return Boundary(admission, service, authenticator, problems or {})

    app = _Service(
        around,
        examples or {},
        title=f"Aftercare {service}",
        version="1",
        lifespan=_checked(lifespan, lanes),
        docs_url=None,
        redoc_url=None,
        # Prometheus counts and structlog logs; nothing collects what the framework would tell.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.aftercare_http = HttpState(
        service=service,
        settings=settings,
        clock=clock or SystemClock(),
        authenticator=authenticator,
        ready=[ready] if ready else [],
    )
    _include_shared(app, service, pages)
    return app


def _include_shared(app: FastAPI, service: str, pages: Pages | None) -> None:
    """What every service answers: probes, sign-in, its document, and the files of pages."""
    for shared in (health, sign_in, docs_page):
        app.include_router(shared.router)
    if pages is not None and pages.static is not None:
        app.mount(f"/static/{service}", StaticFiles(directory=pages.static))
    app.router.routes.append(docs_page.viewer)
    app.mount("/static", StaticFiles(directory=STATIC))


def attach(
    app: FastAPI,
    *,
    log: AttachedLog | None = None,
    engine: AsyncEngine | None = None,
    projector: AttachedProjector | None = None,
    watchdog: Watchdog | None = None,
) -> None:
    """Within the lifespan: what readiness depends on, and what `min_position` waits for."""
    here = state_of(app)
    here.ready.append(standard_checks(log, engine, projector, watchdog))
    if log is not None and projector is not None:
        here.visibility = Visibility(log, projector)


def _checked(lifespan: Lifespan, lanes: Lanes) -> Lifespan:
    @asynccontextmanager
    async def checked(app: FastAPI) -> AsyncGenerator[None]:
        assert_every_route_guarded(app)
        lanes.update(lanes_of(app))
        async with lifespan(app):
            state_of(app).started = True
            yield

    return checked


async def _leave_to_the_boundary(_: Request, error: Exception) -> Response:
    raise error
