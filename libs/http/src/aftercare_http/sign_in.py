"""Signing in to the pages: paste a key once, carry a signed cookie afterwards."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .auth import is_same_origin, public
from .credentials import COOKIE
from .pages import Pages
from .principal import Principal
from .problems import Problem
from .settings import LOCAL_KEY, is_loopback
from .state import state

pages = Pages("aftercare_http")
router = APIRouter(include_in_schema=False, dependencies=[Depends(public())])

Target = Annotated[str, Query(max_length=2000)]


@router.get("/sign-in")
async def form(
    request: Request,
    next: Target = "/",  # noqa: A002
    *,
    signed_out: bool = False,
) -> Response:
    """The form; on the local system, whose key everybody knows, straight to the page."""
    target = _own(next)
    if not signed_out and (principal := _local_principal(request)) is not None:
        return _signed_in(request, principal, target)
    return pages.render(request, "sign_in.html", target=target, failed=False)


@router.post("/sign-in")
async def enter(
    request: Request,
    key: Annotated[str, Form(max_length=4000)],
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    if not is_same_origin(request):
        raise Problem(403, "foreign-origin", "Not allowed", "the request comes from another site")
    principal = state(request).authenticator.bearer(key.strip().encode())
    # A portal's token is no way into the pages of staff.
    if principal is None or principal.customer_id is not None:
        return pages.render(request, "sign_in.html", status=401, target=_own(next), failed=True)
    return _signed_in(request, principal, _own(next))


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    if not is_same_origin(request):
        raise Problem(403, "foreign-origin", "Not allowed", "the request comes from another site")
    response = RedirectResponse("/sign-in?signed_out=true", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _local_principal(request: Request) -> Principal | None:
    """Whoever sits at this machine, when the service runs on the well-known local key.

    The Host header must be a loopback name, or a foreign page could rebind its own name to us.
    """
    here = state(request)
    client = request.client.host if request.client else ""
    if not (
        here.settings.local and is_loopback(client) and is_loopback(request.url.hostname or "")
    ):
        return None
    return here.authenticator.bearer(LOCAL_KEY.encode())


def _own(target: str) -> str:
    """Where to go afterwards: a path of this service, never another site."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    printable = target.isascii() and target.isprintable()
    return target if is_path and printable else "/"


def _signed_in(request: Request, principal: Principal, target: str) -> Response:
    here = state(request)
    response = RedirectResponse(target, 303, {"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        here.authenticator.new_session(principal),
        max_age=here.settings.session_s,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
    return response
