"""The same request is the same request for ever: its ids follow from its key."""

import hashlib
import os
import re
from collections.abc import Sequence
from enum import Enum
from typing import Annotated

import msgspec
from fastapi import Depends, Header
from starlette.requests import Request

from aftercare_events.command_key import CommandKey, command_key
from aftercare_events.ids import case_id, eight_letters

from .failures import key_reused, malformed_json
from .headers import header
from .principal import Principal
from .problems import unprocessable

_KEY = re.compile(r"[!-~]{1,255}")
_MEANING = "Same key and body: same answer, for ever."
KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": _MEANING,
    "schema": {"type": "string", "pattern": f"^{_KEY.pattern}$"},
}


class Repeat(Enum):
    """What stands where this request wanted to open an aggregate."""

    SAME = "same"
    """The very same request, answered before: answer alike."""
    OTHER = "other"
    """Another request whose short id happens to be equal: try the next id."""


class Identity(msgspec.Struct, frozen=True, gc=False):
    """What makes a request unique, and what it said; both SHA-256 in hex."""

    identity: str
    body_digest: str

    @classmethod
    def of(cls, *parts: str, body: bytes) -> "Identity":
        """The identity of something that names itself: a Message-ID, a fax job, a call id."""
        return cls._said(digest([part.encode() for part in parts]), body)

    @classmethod
    def unique(cls, body: bytes) -> "Identity":
        """The identity of a request that nobody can repeat."""
        return cls._said(os.urandom(32).hex(), body)

    @classmethod
    def _said(cls, identity: str, body: bytes) -> "Identity":
        # Salted with the identity, so that equal bodies cannot be told by their digest.
        return cls(identity, digest([identity.encode(), body]))

    def code(self, attempt: int = 0) -> str:
        """A short id to read out on the phone, `4F7K-Q2M9` (40 bits)."""
        return case_id(self.identity, attempt)

    def derive(self, prefix: str) -> str:
        """An id `L-4F7KQ2M9…` of 80 bits, which need no collision check."""
        number = int(self.identity, 16)
        return f"{prefix}-{eight_letters(number)}{eight_letters(number >> 40)}"

    def compare(self, identity: str | None, body_digest: str | None) -> Repeat:
        """This request against the one that opened the aggregate.

        Raises Problem 422 `idempotency-key-reused`.
        """
        if identity != self.identity:
            return Repeat.OTHER
        if body_digest != self.body_digest:
            raise key_reused()
        return Repeat.SAME


def digest(parts: Sequence[bytes]) -> str:
    """SHA-256 over parts of any content: lengths keep their borders apart."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(len(part).to_bytes(8, "big"))
        seen.update(part)
    return seen.hexdigest()


def canonical(body: bytes) -> bytes:
    """A JSON body without what means nothing: spaces, order of fields. Raises Problem 400."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted") if body else b""
    except (ValueError, RecursionError) as error:
        raise malformed_json() from error


def identify(key: str, *, principal: str, route: str, body: bytes) -> Identity:
    """One principal's key on one route."""
    if not _KEY.fullmatch(key):
        raise unprocessable("Idempotency-Key", "malformed", "1 to 255 visible ASCII characters")
    return Identity.of("key", principal, route, key, body=body)


def identity_of(request: Request, body: bytes) -> Identity:
    """The identity that a request's `Idempotency-Key` gives it, and none but its own without one;
    `body` as it came."""
    key = header(request.scope, b"idempotency-key")
    if key is None:
        return Identity.unique(body)
    principal: Principal | None = request.scope["principal"]
    # Only JSON can be written in more than one way.
    in_json = "json" in request.headers.get("content-type", "")
    return identify(
        key.decode("latin-1"),
        principal=principal.account if principal else "",
        route=f"{request.method} {request.scope['path']}",
        body=canonical(body) if in_json else body,
    )


async def idempotency(
    request: Request,
    idempotency_key: Annotated[  # noqa: ARG001 - declared for the document and the check
        str | None,
        Header(description=_MEANING, pattern=f"^{_KEY.pattern}$", alias="Idempotency-Key"),
    ] = None,
) -> Identity:
    return identity_of(request, await request.body())


Idempotency = Annotated[Identity, Depends(idempotency)]


def key_of_command(request: Request, identity: Idempotency) -> CommandKey | None:
    """The key to write into the log; None for what can be repeated without one."""
    # A PUT is the same however often it is sent; only what creates or happens needs a key.
    if request.method != "POST" or "idempotency-key" not in request.headers:
        return None
    return command_key(identity.identity, identity.body_digest)


KeyOfCommand = Annotated[CommandKey | None, Depends(key_of_command)]
