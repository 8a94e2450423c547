"""Lists page by an opaque cursor: the sort key of the last row, not a number of rows."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Generic, TypeVar

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
        return msgspec.json.decode(urlsafe_b64decode(padded), type=key)
    except (ValueError, RecursionError):
        raise unprocessable("cursor", "malformed", "is not a cursor of this list") from None
