"""A service with one live page, to try the shared frame in a real browser."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from aftercare_events.clock import SystemClock
from aftercare_http import (
    Body,
    Line,
    Pages,
    Principal,
    Problem,
    Router,
    ServerEvent,
    Settings,
    create_app,
    last_event_id,
    requires,
    sse,
)

pages = Pages("support.live_page")
router = Router()
Reader = Annotated[Principal, Depends(requires("live:read", page=True))]


class Said(Body):
    text: Line


@router.get("/", include_in_schema=False)
async def page(request: Request, who: Reader) -> Response:
    now = SystemClock().now()
    return pages.render(
        request,
        "live.html",
        title="live_page.title",
        due=now + timedelta(seconds=90),
        missed=now - timedelta(hours=2, minutes=5),
    )


@router.get("/v1/stream")
async def stream(request: Request, who: Reader) -> Response:
    after = last_event_id(request) or 0

    async def events() -> AsyncIterator[ServerEvent]:
        for number in range(after + 1, after + 3):
            yield ServerEvent(number, "alert", b'{"n":%d}' % number)
        await asyncio.sleep(3600)

    return sse(request, events())


@router.post("/v1/say")
async def say(body: Said, who: Reader) -> dict[str, str]:
    if body.text == "no":
        raise Problem(409, "refused", "Refused", "it said no")
    return {"said": body.text}


def build(settings: Settings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield

    app = create_app("live_page", settings, lifespan=lifespan, pages=pages)
    app.include_router(router)
    return app
