"""`aftercare replay`: the history, oldest first (RP-01)."""

import argparse
import sys
import time
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aftercare_events.envelope import Recorded

from . import history_reading
from .history_reading import parse, reading, told_in_one_line, url_of

RETRY_SECONDS = 1.0
ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = (("position", 9), ("time", 23), ("what", 26), ("of", 26))


@told_in_one_line
def replay(options: argparse.Namespace) -> int:
    """Print what was asked for; with `--follow` what comes too, until interrupted."""
    write = _table if options.format == "table" else _ndjson
    parameters = {
        "from": options.start,
        "until": options.until,
        "case": options.case,
        "type": options.type,
        "limit": options.limit,
    }
    write(url_of(options), parameters, follow=options.follow)
    return 0


def _ndjson(url: str, parameters: dict[str, Any], *, follow: bool) -> None:
    """The bytes as they come; a history of millions is not looked into."""
    if follow:
        for line in _followed(url, parameters):
            print(line, flush=True)
        return
    with reading(url, parameters) as answer:
        for chunk in answer.iter_bytes():
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


def _table(url: str, parameters: dict[str, Any], *, follow: bool) -> None:
    console = Console()
    console.print(_row(*(Text(name, style="bold") for name, _ in COLUMNS), Text("data")))
    if follow:
        for line in _followed(url, parameters):
            console.print(as_row(parse(line)))
        return
    for recorded in history_reading.events(url, **parameters):
        console.print(as_row(recorded))


def _followed(url: str, parameters: dict[str, Any]) -> Any:
    """Lines for ever; after a lost connection it goes on behind the last one."""
    while True:
        try:
            with reading(url, parameters | {"follow": True}) as answer:
                for line in answer.iter_lines():
                    yield line
                    parameters = parameters | {"from": parse(line).position + 1}
        except httpx.TransportError:
            print("aftercare: connection lost, trying again", file=sys.stderr)
        time.sleep(RETRY_SECONDS)


def as_row(recorded: Recorded) -> Table:
    event = recorded.event
    _, aggregate, name, _ = event.type.split(".")
    return _row(
        Text(str(recorded.position), justify="right"),
        Text(f"{event.time.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"),
        Text(f"{aggregate}.{name}", style="bold"),
        Text(event.aggregate_id),
        Text(_summary(msgspec.json.decode(event.data)), style="dim", overflow="ellipsis"),
    )


def _summary(data: dict[str, Any]) -> str:
    """What a person wants to see: neither what stands in other columns nor what is sealed."""
    return "  ".join(
        f"{name}={value}"
        for name, value in data.items()
        if not name.endswith(("_id", "digest", "identity"))
        and not (isinstance(value, dict) and "box" in cast("dict[str, Any]", value))
    )


def _row(*cells: Text) -> Table:
    """Rows are tables of their own, so that each can be printed before the next is known."""
    table = Table.grid(padding=(0, 1), expand=True)
    for _, width in COLUMNS:
        table.add_column(width=width, no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_row(*cells)
    return table
