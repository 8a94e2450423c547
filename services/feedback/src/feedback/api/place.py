"""A place in a list that is ordered by an instant, then by id."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from aftercare_events.ids import ID_PATTERN
from aftercare_http import decode_cursor, encode_cursor

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND

_Instant = Annotated[int, Meta(ge=0, le=_LATEST)]
_Id = Annotated[str, Meta(pattern=rf"\A{ID_PATTERN}\Z")]


def cursor_at(instant: datetime, identifier: str) -> str:
    return encode_cursor(((instant - _EPOCH) // _MICROSECOND, identifier))


def place_of(cursor: str | None) -> tuple[datetime, str] | None:
    """The instant (UTC) and id of the last row of the page before. Raises Problem 422."""
    key = decode_cursor(cursor, tuple[_Instant, _Id])
    return None if key is None else (_EPOCH + key[0] * _MICROSECOND, key[1])
