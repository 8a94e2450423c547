"""Lists of entries by their id, a page at a time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, Table, select

from aftercare_http import decode_cursor, encode_cursor

from ..reading import Reading

Rows = Sequence[RowMapping]


async def page_of(
    reading: Reading,
    table: Table,
    limit: int,
    cursor: str | None,
    query: Select[Any] | None = None,
) -> tuple[Rows, str | None]:
    """The rows after the cursor, and the cursor after them where more follow."""
    key = next(iter(table.primary_key.columns))
    wanted = (select(table) if query is None else query).order_by(key).limit(limit + 1)
    if after := decode_cursor(cursor, tuple[str]):
        wanted = wanted.where(key > after[0])
    rows = await reading.rows(wanted)
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor((rows[limit - 1][key.name],))
