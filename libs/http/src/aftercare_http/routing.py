"""Routes that know their caller before they read a body, and read nothing but strict JSON."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

import msgspec
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from .auth import Requires, guards_of
from .failures import malformed_json
from .problems import Problem, unprocessable

_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_MAYBE_BEYOND_BIGINT = b"0" * 19
_BIGINT = 2**63

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose JSON is UTF-8, finite, and storable: no NUL, no integer beyond bigint."""

    async def json(self) -> Any:
        return strict_json(await self.body())


def strict_json(body: bytes) -> Any:
    """Raises Problem: 400 for what is not JSON, 422 for values that no table can hold."""
    try:
        value = msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:
        raise malformed_json() from error
    if _is_suspicious(body):
        _refuse_unstorable(value)
    return value


def refuse_suspicious(body: bytes) -> None:
    """The same refusals for a body that was decoded into a type already."""
    if _is_suspicious(body):
        strict_json(body)


def _is_suspicious(body: bytes) -> bool:
    """Cheap, and wrong on the safe side: looking at every value costs more than decoding."""
    return rb"\u0000" in body or _MAYBE_BEYOND_BIGINT in body.translate(_DIGITS_ALIKE)


def _refuse_unstorable(value: Any, path: str = "body") -> None:
    match value:
        case str() if "\x00" in value:
            raise unprocessable(path, "nul-character", "must not contain the character NUL")
        case int() if not -_BIGINT <= value < _BIGINT:
            raise unprocessable(path, "integer-range", "must fit into 64 bits")
        case dict():
            for key, item in cast("dict[str, Any]", value).items():
                _refuse_unstorable(key, path)
                _refuse_unstorable(item, key if path == "body" else f"{path}.{key}")
        case list():
            for index, item in enumerate(cast("list[Any]", value)):
                _refuse_unstorable(item, f"{path}.{index}")
        case _:
            pass


class Route(APIRoute):
    """FastAPI reads the body first and asks who is calling later; here it is the other way."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        demands = [guard for guard in guards_of(self.dependant) if isinstance(guard, Requires)]
        wants_json = self.body_field is not None and not isinstance(
            self.body_field.field_info, Form
        )

        async def guarded(request: Request) -> Response:
            for demand in demands:
                demand.admit(request)
            strict = StrictRequest(request.scope, request.receive)
            if wants_json:
                refuse_other_media(request.scope)
            return await handle(strict)

        return guarded


def refuse_other_media(scope: Scope) -> None:
    """Raises Problem 415 when there is a body that does not call itself JSON."""
    kind, has_body = b"", False
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind = value.partition(b";")[0].strip().lower()
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            has_body = True
    if has_body and kind != b"application/json" and not kind.endswith(b"+json"):
        title = "Unsupported media type"
        raise Problem(415, "unsupported-media-type", title, "send application/json")
