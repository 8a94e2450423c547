"""The outermost layer of ours: who calls, under which id, how it ended, and how long it took."""

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import structlog
from prometheus_client import Histogram
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from aftercare_events.logging import PERSONAL

from . import correlation
from .admission import EXEMPT
from .allowed import allowed_methods
from .credentials import Authenticator
from .error_page import problem_page, wants_page
from .failures import Specs, to_problem
from .problems import Problem, problem_response

log: FilteringBoundLogger = structlog.get_logger("http")

_DURATION = Histogram(
    "aftercare_http_request_seconds",
    "Time until a request was answered",
    ["service", "method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_HARDENING = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
_SLOW_S = 1.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Boundary:
    """Every exception ends here as a problem document, or as a page for a browser; nothing of it
    reaches the server above."""

    def __init__(
        self, app: ASGIApp, service: str, authenticator: Authenticator, specs: Specs
    ) -> None:
        self._app = app
        self._service = service
        self._authenticator = authenticator
        self._specs = specs
        self._histograms: dict[tuple[str, str, int], Any] = {}
        self._tells_all = log.is_enabled_for(logging.DEBUG)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        identifier = correlation.begin(scope["headers"])
        structlog.contextvars.bind_contextvars(correlation_id=identifier)
        self._identify(scope)
        answer = _Answer(send, identifier)
        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the one place where everything must end
            await self._answer_failure(error, scope, receive, answer)
        # How long a stream was open says nothing about how fast we are.
        seconds = 0.0 if scope.get("unhurried") else time.perf_counter() - began
        self._observe(scope, answer.status, seconds)

    def _identify(self, scope: Scope) -> None:
        scope["principal"], scope["by_cookie"] = None, False
        for name, value in scope["headers"]:
            if name == b"authorization":
                scheme, _, token = value.partition(b" ")
                known = scheme.lower() == b"bearer"
                scope["principal"] = self._authenticator.bearer(token.strip()) if known else None
                scope["by_cookie"] = False
                return
            if name == b"cookie" and scope["principal"] is None:
                scope["principal"] = self._authenticator.session(value)
                scope["by_cookie"] = scope["principal"] is not None

    async def _answer_failure(
        self, error: Exception, scope: Scope, receive: Receive, answer: "_Answer"
    ) -> None:
        problem = to_problem(error, self._specs)
        if problem.status_code == 500:
            log.error("request failed by a defect", route=_route(scope), exc_info=error)
        elif problem.status_code > 500:
            log.warning("request not served", route=_route(scope), reason=problem.type_slug)
        elif problem.status_code == 405:
            problem.headers = {"Allow": allowed_methods(scope["app"], scope["path"])}
        if not answer.started:
            response = _answer_to(problem, scope, answer.correlation_id)
            await response(scope, receive, answer)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        key = (method, route, status)
        histogram = self._histograms.get(key)
        if histogram is None:
            histogram = _DURATION.labels(self._service, method, route, str(status))
            self._histograms[key] = histogram
        histogram.observe(seconds)
        if status >= 400 or seconds > _SLOW_S:
            _log_access(log.info, scope, route, status, seconds)
        elif self._tells_all and scope["path"] not in EXEMPT:
            _log_access(log.debug, scope, route, status, seconds)


def _answer_to(problem: Problem, scope: Scope, correlation_id: str) -> Response:
    if problem.status_code >= 400 and wants_page(scope):
        return problem_page(problem, scope, correlation_id)
    instance = quote(_unpersonal(scope), safe="/{}", errors="replace")
    return problem_response(problem, instance, correlation_id)


def _log_access(
    say: Callable[..., Any], scope: Scope, route: str, status: int, seconds: float
) -> None:
    """One line a request; what went well is told at debug, for it costs as much as the request."""
    principal = scope["principal"]
    say(
        "request",
        method=scope["method"],
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        principal=principal.name if principal else None,
    )


def _route(scope: Scope) -> str:
    """The template, never the path: ids would make a label for each case."""
    return getattr(scope.get("route"), "path_format", "unmatched")


def _unpersonal(scope: Scope) -> str:
    """The path; the template where a part of it is personal by its name, such as `phone`.

    Of a path that no route has, nobody knows what its parts are.
    """
    known = "route" in scope and PERSONAL.isdisjoint(scope.get("path_params", ()))
    return scope["path"] if known else _route(scope)


class _Answer:
    """Sends an answer on with our headers, and remembers its status."""

    __slots__ = ("_send", "correlation_id", "started", "status")

    def __init__(self, send: Send, correlation_id: str) -> None:
        self._send = send
        self.correlation_id = correlation_id
        self.started = False
        self.status = 499

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", ()),
                *_HARDENING,
                (b"x-correlation-id", self.correlation_id.encode()),
            ]
        await self._send(message)
