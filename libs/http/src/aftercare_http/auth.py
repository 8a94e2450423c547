"""What a route demands of its caller, said on the route itself; silence is refused at start."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.base import SecurityBase
from starlette.requests import Request

from .principal import Principal
from .problems import Problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """What every guarded route carries."""


class Requires(SecurityBase, Guard):
    """A dependency that admits callers who hold every one of `scopes`, or any of them."""

    def __init__(
        self, scopes: tuple[str, ...], *, page: bool, one: bool = False, customers: bool = False
    ) -> None:
        self.scopes = scopes
        self.page = page
        self.one = one
        self.customers = customers
        self.scheme_name = "bearer"
        self.model = HTTPBearer(description="An API key, or a JWT with the scopes of the route.")

    async def __call__(self, request: Request) -> Principal:
        return self.admit(request)

    def admit(self, request: Request) -> Principal:
        """Raises Problem: 401 for whom we do not know, 403 for who may not do this."""
        principal: Principal | None = request.scope["principal"]
        if principal is None:
            raise self._sign_in(request) if self.page else unauthorized(request)
        if request.scope["by_cookie"]:
            refuse_foreign_origin(request)
        missing = principal.missing(self.scopes, customers=self.customers)
        if missing and not (self.one and len(missing) < len(self.scopes)):
            raise forbidden(missing)
        return principal

    @staticmethod
    def _sign_in(request: Request) -> Problem:
        query = f"?{request.url.query}" if request.url.query else ""
        target = "/sign-in?next=" + quote(request.url.path + query, safe="")
        return Problem(303, "sign-in", "Sign in first", headers={"Location": target})


class Public(Guard):
    """A dependency that says: open to everybody, on purpose."""

    async def __call__(self) -> None:
        return None


def requires(*scopes: str, page: bool = False, customers: bool = False) -> Requires:
    """Admit callers with all of `scopes`; a `page` sends strangers to sign in instead of 401.

    With `customers` also those who act for one customer: the route holds them to what is theirs.
    """
    return Requires(scopes, page=page, customers=customers)


def requires_any(*scopes: str, page: bool = False, customers: bool = False) -> Requires:
    """Admit callers with one of `scopes` at least; what they see may depend on which.

    With `customers` as in `requires`.
    """
    return Requires(scopes, page=page, one=True, customers=customers)


def public() -> Public:
    return Public()


def unauthorized(request: Request) -> Problem:
    challenge = 'Bearer realm="aftercare"'
    if "authorization" in request.headers:
        challenge += ', error="invalid_token"'
    return Problem(
        401,
        "unauthorized",
        "Not signed in",
        "send an API key or a JWT: Authorization: Bearer …",
        headers={"WWW-Authenticate": challenge},
    )


def forbidden(missing: tuple[str, ...]) -> Problem:
    scopes = " ".join(missing)
    challenge = f'Bearer realm="aftercare", error="insufficient_scope", scope="{scopes}"'
    return Problem(
        403,
        "forbidden",
        "Not allowed",
        f"missing scope: {scopes}",
        headers={"WWW-Authenticate": challenge},
    )


def refuse_foreign_origin(request: Request) -> None:
    """Unsafe requests that a cookie speaks for must come from our own pages (CSRF).

    Browsers leave out `Sec-Fetch-Site` where the origin is not trustworthy (plain HTTP on a
    local network); there the `Origin` header must name this host.
    """
    if request.method in SAFE_METHODS or is_same_origin(request):
        return
    raise Problem(403, "foreign-origin", "Not allowed", "the request comes from another site")


def is_same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin == f"{request.url.scheme}://{request.headers.get('host', '')}"


def guards_of(dependant: Dependant) -> Iterator[Guard]:
    """Every guard among a route's dependencies, however deep."""
    call: Callable[..., Any] | None = dependant.call
    if isinstance(call, Guard):
        yield call
    for sub in dependant.dependencies:
        yield from guards_of(sub)


def assert_every_route_guarded(app: FastAPI) -> None:
    """Raises RuntimeError naming the routes that declare neither scopes nor `public()`."""
    open_routes = [
        f"{','.join(sorted(route.methods or ()))} {route.path}"
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        and not any(True for _ in guards_of(route.dependant))
    ]
    if open_routes:
        raise RuntimeError(f"routes that declare neither scopes nor public(): {open_routes}")
