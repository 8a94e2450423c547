from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI

from aftercare_http import (
    Principal,
    Router,
    Settings,
    assert_every_route_guarded,
    create_app,
    public,
    requires,
)
from support.toy_service import toy


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncGenerator[None]:
    yield


def app_with(router: Router) -> FastAPI:
    app = create_app("toy", Settings(), lifespan=nothing)
    app.include_router(router)
    return app


def test_the_toy_and_all_shared_routes_are_guarded() -> None:
    assert_every_route_guarded(toy())


async def test_a_service_with_a_forgotten_guard_does_not_start() -> None:
    router = Router(prefix="/v1")

    @router.get("/forgotten/{id}")
    async def forgotten() -> None: ...

    app = app_with(router)
    with pytest.raises(RuntimeError, match=r"GET /v1/forgotten/\{id\}"):
        async with app.router.lifespan_context(app):
            pass


def test_a_guard_may_stand_on_the_router_or_deep_in_a_dependency() -> None:
    router = Router(dependencies=[Depends(requires("a"))])

    @router.get("/one")
    async def one() -> None: ...

    open_to_all = Router(dependencies=[Depends(public())])

    @open_to_all.get("/two")
    async def two() -> None: ...

    def caller(who: Annotated[Principal, Depends(requires("b"))]) -> str:
        return who.name

    deep = Router()

    @deep.get("/three")
    async def three(name: Annotated[str, Depends(caller)]) -> str:
        return name

    router.include_router(deep)
    app = app_with(router)
    app.include_router(open_to_all, prefix="/open")
    assert_every_route_guarded(app)
