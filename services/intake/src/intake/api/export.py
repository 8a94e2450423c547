"""The archive as a spreadsheet: what `PUT` of a collection takes, line by line (IN-09)."""

import csv
import io
from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
from typing import Any, cast

from starlette.responses import StreamingResponse

# What a spreadsheet would take for a formula; a mark before it makes it text, and is taken off
# again when the line comes back.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
MARK = "'"


def as_csv(
    name: str, fields: Sequence[str], entries: AsyncIterable[Mapping[str, Any]]
) -> StreamingResponse:
    """A file called `name`: a line that names the fields, and one for each entry."""

    async def lines() -> AsyncGenerator[str]:
        yield _line(fields)
        async for entry in entries:
            yield _line([cell_of(entry.get(field)) for field in fields])

    return StreamingResponse(
        lines(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def cell_of(value: Any) -> str:
    """A value as the import reads it; nothing that a spreadsheet would compute."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict():
            options = cast("Mapping[str, Any]", value)
            return _marked(";".join(f"{name}={one}" for name, one in options.items()))
        case list() | tuple():
            return _marked(";".join(map(str, cast("Sequence[Any]", value))))
        case str():
            return _marked(value)
        case _:
            return str(value)


def _marked(text: str) -> str:
    return MARK + text if text.startswith(FORMULA) else text


def unmarked(cell: str) -> str:
    """The inverse of the mark."""
    return cell[1:] if cell.startswith(MARK) and cell[1:].startswith(FORMULA) else cell
