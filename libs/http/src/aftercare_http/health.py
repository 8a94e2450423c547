"""Is the process alive, and can it do its work: three routes that probes and scrapers ask."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aftercare_events.outage import is_outage
from aftercare_events.watchdog import Watchdog, stands_still

from .auth import public
from .state import state

_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing readiness depends on; `detail` says what is wrong, or how far it is."""

    ok: bool
    detail: str = ""


class Connected(Protocol):
    @property
    def connected(self) -> bool: ...


class CatchingUp(Protocol):
    @property
    def caught_up(self) -> bool: ...
    def lag(self) -> int: ...


def check_log(log: Connected) -> Check:
    return Check(log.connected, "" if log.connected else "not connected")


def check_projector(projector: CatchingUp) -> Check:
    return Check(projector.caught_up, f"{projector.lag()} events behind")


def check_watchdog(watchdog: Watchdog) -> Check:
    """Whatever goes on by itself: `detail` says how far behind each part is."""
    lags = watchdog.lags()
    detail = ", ".join(f"{part} {lag:.0f} s behind" for part, lag in lags.items())
    return Check(not any(map(stands_still, lags.values())), detail)


async def check_database(engine: AsyncEngine) -> Check:
    try:
        async with asyncio.timeout(_PATIENCE_S), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:
        if not is_outage(error):
            raise
        return Check(False, "does not answer")
    return Check(True)


router = APIRouter(include_in_schema=False, dependencies=[Depends(public())])


@router.get("/healthz")
async def healthz() -> Mapping[str, str]:
    """The process serves requests; nothing is said about the servers behind it."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Connected and caught up: 200; otherwise 503 with what is missing."""
    here = state(request)
    checks: dict[str, Check] = {}
    for ready in here.ready:
        checks.update(await ready())
    if here.closing.is_set():
        checks["shutdown"] = Check(False, "shutting down")
    if not here.started:
        checks["start"] = Check(False, "still starting")
    ready_now = all(check.ok for check in checks.values())
    body: dict[str, Any] = {
        "status": "ready" if ready_now else "not ready",
        "checks": {name: {"ok": c.ok, "detail": c.detail} for name, c in checks.items()},
    }
    return JSONResponse(body, 200 if ready_now else 503, {"Cache-Control": "no-store"})


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def standard_checks(
    log: Connected | None,
    engine: AsyncEngine | None,
    projector: CatchingUp | None,
    watchdog: Watchdog | None,
) -> Callable[[], Awaitable[Mapping[str, Check]]]:
    """The checks of the servers and the projector that a service has."""

    async def checks() -> Mapping[str, Check]:
        found: dict[str, Check] = {}
        if log is not None:
            found["nats"] = check_log(log)
        if engine is not None:
            found["postgres"] = await check_database(engine)
        if projector is not None:
            found["projector"] = check_projector(projector)
        if watchdog is not None:
            found["watchdog"] = check_watchdog(watchdog)
        return found

    return checks
