from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
import structlog

from support.toy_service import toy

WRITER = {"Authorization": "Bearer desk-key-1"}
READER = {"Authorization": "Bearer reader-key-1"}
BOSS = {"Authorization": "Bearer boss-key-1"}

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@asynccontextmanager
async def serving(
    client: tuple[str, int] = ("127.0.0.1", 5000), **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the toy service; an exception that escapes the service fails the test."""
    app = toy(**settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=client)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http,
    ):
        yield http


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[list[structlog.typing.EventDict]]:
    """What was logged during a test, instead of on the terminal."""
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        yield lines


@pytest.fixture
def serve() -> Serve:
    return serving


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with serving() as client:
        yield client


@pytest.fixture
async def desk(http: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client that may read and write."""
    http.headers.update(WRITER)
    return http
