"""A small service on the shared HTTP side, with one route for everything worth trying."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import Depends, FastAPI, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aftercare_events.clock import ManualClock
from aftercare_events.log import Conflict, LogUnavailable
from aftercare_http import (
    Body,
    Cursor,
    Id,
    Idempotency,
    LeanCall,
    Limit,
    Line,
    MinPosition,
    OccurredAt,
    Page,
    Principal,
    ProblemSpec,
    Router,
    ServerEvent,
    Settings,
    Text,
    attach,
    create_app,
    decode_cursor,
    encode_cursor,
    last_event_id,
    public,
    requires,
    set_position,
    sse,
    when_it_happened,
)

NOW = datetime(2026, 10, 9, 9, 30, tzinfo=UTC)
KEYS = "desk=desk-key-1:toy:write,toy:read;reader=reader-key-1:toy:read;boss=boss-key-1:*"
router = Router(prefix="/v1", tags=["toy"])
Writer = Annotated[Principal, Depends(requires("toy:write"))]
Reader = Annotated[Principal, Depends(requires("toy:read"))]


class Contact(Body):
    name: Line
    phone: str | None = None


class Thing(Body):
    id: Id
    note: Text | None = None
    amount: float | None = None
    count: int | None = None
    contact: Contact | None = None
    occurred_at: OccurredAt = None


class Anything(Body):
    extra: dict[str, Any]


class Answer(Body):
    id: str
    at: datetime
    identity: str
    by: str


class Lean(msgspec.Struct):
    summary: str
    contact: dict[str, str] = {}


class LeanAnswer(msgspec.Struct):
    summary: str
    by: str
    identity: str


class NoSuchToy(Exception):
    """The toy's own exception."""


FAILURES: dict[str, Exception] = {
    "conflict": Conflict("ac.x"),
    "log": LogUnavailable("gone"),
    "refused-connection": ConnectionRefusedError(111, "refused"),
    "timeout": TimeoutError(),
    "defect": RuntimeError("secret trace 13912345678"),
    "own": NoSuchToy("no toy 7"),
}


@router.post("/things", status_code=201)
async def post_thing(body: Thing, who: Writer, idem: Idempotency, response: Response) -> Answer:
    set_position(response, 7)
    at = when_it_happened(body.occurred_at, now=NOW, who=who)
    return Answer(id=body.id, at=at, identity=idem.identity, by=who.name)


@router.post("/anything")
async def post_anything(body: Anything, who: Writer) -> dict[str, Any]:
    return body.extra


@router.get("/things/{thing_id}", dependencies=[MinPosition])
async def get_thing(thing_id: Id, who: Reader) -> dict[str, str]:
    return {"id": thing_id, "by": who.name}


@router.get("/things")
async def list_things(who: Reader, limit: Limit = 50, cursor: Cursor = None) -> Page[int]:
    start = (decode_cursor(cursor, tuple[int]) or (0,))[0]
    items = list(range(start, min(start + limit, 100)))
    following = encode_cursor((start + limit,)) if start + limit < 100 else None
    return Page(items=items, next=following)


@router.post("/fail/{how}")
async def fail(how: str, who: Reader) -> None:
    raise FAILURES[how]


@router.get("/slow")
async def slow(who: Reader) -> None:
    await asyncio.sleep(60)


@router.get("/stream")
async def stream(request: Request, who: Reader) -> Response:
    after = last_event_id(request) or 0

    async def events() -> AsyncIterator[ServerEvent]:
        for number in range(after + 1, after + 4):
            yield ServerEvent(number, "alert", b'{"n":%d}' % number)
        await asyncio.sleep(60)

    return sse(request, events(), heartbeat_s=0.2)


@router.post("/form", dependencies=[Depends(public())])
async def form(name: Annotated[Line, Form()]) -> dict[str, str]:
    return {"name": name}


@router.get("/page", include_in_schema=False)
async def page(who: Annotated[Principal, Depends(requires("toy:read", page=True))]) -> Response:
    return HTMLResponse(f"hello {who.name}")


async def lean(call: LeanCall[Lean]) -> Response:
    """Accept a lean thing."""
    answer = LeanAnswer(call.body.summary, call.principal.name, call.idempotency.identity)
    return Response(msgspec.json.encode(answer), 202, media_type="application/json")


router.lean("POST", "/lean", lean, body=Lean, answer=LeanAnswer, scopes=["toy:write"], status=202)


class ToyLog:
    connected = True

    async def end(self) -> int:
        return 10


class ToyProjector:
    position = 5
    caught_up = True

    async def wait_for(self, position: int, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        return position <= 7

    def lag(self) -> int:
        return 0


def toy(**settings: Any) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        attach(app, log=ToyLog(), projector=ToyProjector())
        yield

    app = create_app(
        "toy",
        Settings.model_validate({"api_keys": KEYS} | settings),
        lifespan=lifespan,
        problems={NoSuchToy: ProblemSpec(404, "no-such-toy", "No such toy")},
        body_limits={"/v1/form": 4096},
        clock=ManualClock(NOW),
    )
    app.include_router(router)
    return app
