"""Lists page by an opaque cursor: the sort key of the last row, not a number of rows."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Annotated, Any, Generic, TypeVar, cast

import msgspec
from fastapi import Query
from pydantic import BaseModel

from .problems import unprocessable

T = TypeVar("T")
Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=500, description="Rows on one page.")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; opaque.")
]


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` is the cursor of the following one, null on the last."""

    items: list[Item]
    next: str | None = None


def encode_cursor(key: tuple[Any, ...]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str | None, key: type[T]) -> T | None:
    """The sort key that a cursor carries, checked against its type. Raises Problem 422."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = msgspec.json.decode(urlsafe_b64decode(padded), type=key)
    except (ValueError, RecursionError):
        found = None
    if found is None or not all(map(_is_storable, cast("Iterable[Any]", found))):
        raise unprocessable("cursor", "malformed", "is not a cursor of this list")
    return found


def _is_storable(value: Any) -> bool:
    """Cursors come from outside: a database would fail on these instead of finding nothing."""
    match value:
        case str():
            return "\x00" not in value
        case int():
            return -(2**63) <= value < 2**63
        case datetime():
            return value.tzinfo is not None and MINYEAR < value.year < MAXYEAR
        case _:
            return True
