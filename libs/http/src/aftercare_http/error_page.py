"""A problem as a page, for somebody who sits before a browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from .pages import Pages
from .problems import Problem

pages = Pages("aftercare_http")
# Those whose words say what the reader can do; of the others only that it did not work.
_EXPLAINED = frozenset({403, 404, 413, 429, 503})


def wants_page(scope: Scope) -> bool:
    """Browsers name HTML where they go to an address; programs, and scripts of pages, do not."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def problem_page(problem: Problem, scope: Scope, correlation_id: str) -> Response:
    status = problem.status_code
    headers = problem.headers or {}
    page = pages.render(
        Request(scope),
        "problem.html",
        status=status,
        title=f"problem.{status}.title" if status in _EXPLAINED else "problem.title",
        help=f"problem.{status}.help" if status in _EXPLAINED else "problem.help",
        retry_after=headers.get("Retry-After"),
        correlation_id=correlation_id,
    )
    page.headers.update(headers)
    return page
