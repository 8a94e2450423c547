"""The engineer's page: what is next, and how do I say it is done?

The page is drawn on the phone from what the phone knows, so that it works in a cellar. What is done
there is kept on the phone and sent, once and in order, with the time at which it was done.
"""

from collections.abc import AsyncIterator
from pathlib import Path as File
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Query, Request, Response

from aftercare_http import (
    Id,
    MinPosition,
    Pages,
    Principal,
    Problem,
    Router,
    ServerEvent,
    last_event_id,
    public,
    requires,
    sse,
)

from .api.call import Desk, Dispatch
from .me_data import Known, colleagues, known
from .reading import Unknown
from .tables import engineers

pages = Pages("dispatch")
router = Router(include_in_schema=False)
Viewer = Annotated[Principal, Depends(requires("dispatch:read", page=True))]
Reader = Annotated[Principal, Depends(requires("dispatch:read"))]
Asked = Annotated[Id | None, Query(description="Whose page, for those who are no engineer.")]

WORDS = ("live.", "me.", "mode.", "status.", "kind.", "milestone.", "clock.")
WORKER = File(__file__).with_name("static") / "me_worker.js"


@router.get("/me", dependencies=[MinPosition])
@router.get("/me/cases/{case_id}", dependencies=[MinPosition])
async def my_cases(request: Request, desk: Desk, who: Viewer, engineer: Asked = None) -> Response:
    """One page: which case it shows, it reads from its address."""
    return await _page(request, desk, who, engineer)


@router.get("/me/cases", dependencies=[MinPosition])
async def my_cases_now(desk: Desk, who: Reader, engineer: Asked = None) -> Response:
    """What the page shows, for a page that is open already."""
    engineer_id = await _whose(desk, who, engineer)
    if engineer_id is None:
        raise Problem(404, "not-found", "Not found", f"{who.name} is no engineer")
    answer = msgspec.json.encode(await known(desk, engineer_id))
    return Response(answer, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/me/stream")
async def stream(request: Request, desk: Desk, _: Reader) -> Response:
    """Says that something moved; the page then asks for what it shows now."""

    async def moves() -> AsyncIterator[ServerEvent]:
        async for position in desk.updates.follow(last_event_id(request)):
            yield ServerEvent(id=position, event="moved", data=b"{}")

    return sse(request, moves())


@router.get("/me/worker.js", dependencies=[Depends(public())])
async def worker() -> Response:
    """The service worker; from here it may answer for the pages below `/me`."""
    headers = {"Service-Worker-Allowed": "/me", "Cache-Control": "no-cache"}
    return Response(WORKER.read_bytes(), media_type="text/javascript", headers=headers)


async def _page(request: Request, desk: Dispatch, who: Principal, asked: str | None) -> Response:
    engineer_id = await _whose(desk, who, asked)
    if engineer_id is None:
        people = await colleagues(desk)
        return pages.render(request, "me_whose.html", title="me.title", people=people)
    here = _here(who, await known(desk, engineer_id))
    return pages.render(request, "me.html", title="me.title", words=WORDS, here=here)


def _here(who: Principal, found: Known) -> dict[str, Any]:
    """`account` is whose key sends what was done; `query` stands behind every address."""
    himself = found.engineer_id == who.name
    return {
        "account": who.account,
        "may_write": who.may("dispatch:write"),
        "query": "" if himself else f"?engineer={found.engineer_id}",
        "known": msgspec.to_builtins(found),
    }


async def _whose(desk: Dispatch, who: Principal, asked: str | None) -> str | None:
    """An engineer's key or token bears his id; he sees his own cases, others say whose."""
    try:
        await desk.reading.entry(engineers, who.name)
    except Unknown:
        return asked
    return who.name
