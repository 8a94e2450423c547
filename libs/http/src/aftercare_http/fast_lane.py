"""Lean routes skip the framework's matching, which tries every route of every router in turn."""

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from .lean import LeanRoute
from .routing import Handler

Lanes = dict[tuple[str, str], LeanRoute]


class FastLane:
    """Finds a lean route by method and literal path; everything else goes on as always."""

    def __init__(self, app: ASGIApp, lanes: Lanes) -> None:
        self._app = app
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._lanes.get((scope.get("method", ""), scope.get("path", "")))
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        handle: Handler = route.get_route_handler()
        response = await handle(Request(scope, receive))
        await response(scope, receive, send)


def lanes_of(app: FastAPI) -> Lanes:
    """The lean routes of an application whose paths have no parameters."""
    return {
        (method, route.path): route.original_route
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, LeanRoute) and "{" not in (route.path or "{")
        for method in route.methods or ()
        if route.path is not None
    }
