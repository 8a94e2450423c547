"""A route without the framework's validation: msgspec decodes the body (P1 of the figures)."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar, cast

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive

from .auth import Requires
from .failures import malformed_json
from .idempotency import KEY_PARAMETER, Identity, identity_of
from .principal import Principal
from .problems import unprocessable
from .routing import Handler, Route, refuse_other_media, refuse_suspicious

T = TypeVar("T")


class LeanCall(msgspec.Struct, Generic[T], frozen=True):
    """One decoded request; `raw` is the body as it came, which `request` has no more."""

    body: T
    principal: Principal
    request: Request
    raw: bytes

    @property
    def idempotency(self) -> Identity:
        """The identity under the `Idempotency-Key` header; random without one."""
        return identity_of(self.request, self.raw)


LeanHandler = Callable[[LeanCall[T]], Awaitable[Response]]


class LeanRoute(Route):
    """Runs its endpoint as it is; path and scopes stay with the framework."""

    def get_route_handler(self) -> Handler:
        return self.endpoint


def lean_endpoint(handle: LeanHandler[T], body: type[T], demand: Requires) -> Handler:
    decoder = msgspec.json.Decoder(body)

    async def endpoint(request: Request) -> Response:
        principal = demand.admit(request)
        refuse_other_media(request.scope)
        raw = await _whole(request.receive)
        return await handle(LeanCall(decode(decoder, raw), principal, request, raw))

    endpoint.__name__ = handle.__name__
    endpoint.__doc__ = handle.__doc__
    return endpoint


async def _whole(receive: Receive) -> bytes:
    """A body, which mostly comes as one message. Raises ClientDisconnect."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def decode(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    """Raises Problem: 400 for what is not JSON, 422 naming the field that does not fit."""
    try:
        value = decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _does_not_fit(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise malformed_json() from error
    refuse_suspicious(raw)
    return value


# Where msgspec quotes what was sent; what may be the name of a field is told.
_QUOTED = re.compile(
    r"(?<=^Invalid enum value) .*|(?<=unknown field) (?!`[A-Za-z_]\w{0,63}`$).*",
    re.ASCII | re.DOTALL,
)


def _does_not_fit(message: str) -> Exception:
    """msgspec ends its message with the place: "Expected `str` - at `$.contact.phone`"."""
    detail, _, place = message.partition(" - at `")
    field = place.rstrip("`").removeprefix("$").removeprefix(".") or "body"
    return unprocessable(field[:200], "invalid", _QUOTED.sub("", detail))


def lean_openapi(body: type[Any], answer: type[Any], status: int) -> dict[str, Any]:
    """What the document says of a lean route; the framework cannot see its types."""
    return {
        "parameters": [KEY_PARAMETER],
        "requestBody": {"required": True, "content": _json_of(body)},
        "responses": {str(status): {"description": "Accepted", "content": _json_of(answer)}},
    }


def _json_of(kind: type[Any]) -> dict[str, Any]:
    schema = msgspec.json.schema(kind)
    return {"application/json": {"schema": _inline(schema, schema.get("$defs", {}))}}


def _inline(node: Any, definitions: dict[str, Any]) -> Any:
    """The schema without references, which would lead out of the place where it is put."""
    match node:
        case {"$ref": str() as reference}:
            return _inline(definitions[reference.rsplit("/", 1)[-1]], definitions)
        case dict():
            items = cast("dict[str, Any]", node).items()
            return {key: _inline(value, definitions) for key, value in items if key != "$defs"}
        case list():
            return [_inline(item, definitions) for item in cast("list[Any]", node)]
        case _:
            return node
