"""Headers as they came: what is asked of every request is looked for without an object."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first value under a name in small letters."""
    for key, value in scope["headers"]:
        if key == name:
            return value
    return None
