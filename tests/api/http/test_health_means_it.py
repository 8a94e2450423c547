from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import create_async_engine

from aftercare_events.watchdog import STILL_SECONDS, Watchdog
from aftercare_http import Check, Settings, attach, create_app
from aftercare_http.state import state_of


class Log:
    connected = True

    async def end(self) -> int:
        return 0


class Projector:
    position = 0
    caught_up = True

    def lag(self) -> int:
        return 0 if self.caught_up else 42

    async def wait_for(self, position: int, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        return True


log, projector = Log(), Projector()
clock_works = Check(ok=True)


async def own_checks() -> Mapping[str, Check]:
    return {"calendar": clock_works}


@pytest.fixture
def app() -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        attach(app, log=log, projector=projector)
        yield

    return create_app("toy", Settings(), lifespan=lifespan, ready=own_checks)


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


async def test_ready_is_connected_and_caught_up(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.router.lifespan_context(app), client(app) as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 200
        assert set(answer.json()["checks"]) == {"nats", "projector", "calendar"}

        monkeypatch.setattr(projector, "caught_up", False)
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["projector"] == {"ok": False, "detail": "42 events behind"}
        monkeypatch.setattr(projector, "caught_up", True)

        monkeypatch.setattr(log, "connected", False)
        answer = await http.get("/readyz")
        assert answer.json()["checks"]["nats"]["ok"] is False
        assert (await http.get("/healthz")).status_code == 200


async def test_a_database_that_is_away_is_not_ready() -> None:
    engine = create_async_engine("postgresql+asyncpg://127.0.0.1:1/nothing")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        attach(app, engine=engine)
        yield

    app = create_app("toy", Settings(), lifespan=lifespan)
    async with app.router.lifespan_context(app), client(app) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["postgres"] == {"ok": False, "detail": "does not answer"}


async def test_service_whose_work_stands_still_is_not_ready() -> None:
    lag = [STILL_SECONDS + 1]

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        attach(app, watchdog=Watchdog({"callbacks": lambda: lag[0]}))
        yield

    app = create_app("toy", Settings(), lifespan=lifespan)
    async with app.router.lifespan_context(app), client(app) as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["watchdog"] == {
            "ok": False,
            "detail": "callbacks 31 s behind",
        }
        lag[0] = 1.0
        assert (await http.get("/readyz")).status_code == 200


async def test_before_its_start_and_in_its_end_a_service_is_not_ready(app: FastAPI) -> None:
    async with client(app) as http:
        assert (await http.get("/readyz")).status_code == 503
        async with app.router.lifespan_context(app):
            state_of(app).closing.set()
            answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["shutdown"]["ok"] is False


async def test_metrics_count_requests_by_route_not_by_id(desk: httpx.AsyncClient) -> None:
    for number in range(3):
        await desk.get(f"/v1/things/metric-{number}")
    text = (await desk.get("/metrics")).text
    assert 'route="/v1/things/{thing_id}"' in text
    assert "metric-1" not in text
