"""`aftercare what-if`: the history against another contract, as a difference (RP-03)."""

import argparse
from pathlib import Path
from typing import Any

import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from . import http_client
from .history_reading import ensure_answered, told_in_one_line, url_of

PATH = "/v1/what-if"
# The server ends what takes too long.
PATIENCE = httpx.Timeout(30.0, read=None)


@told_in_one_line
def what_if(options: argparse.Namespace) -> int:
    """Print what would have changed; nothing is written."""
    question = {
        "text": _text(options.policy),
        "file": options.policy.name,
        "calendar": _text(options.calendar) if options.calendar else None,
        "as": options.replaced,
        "from": options.start,
        "until": options.until,
        "after_case": options.after_case,
        "limit": options.limit,
    }
    given = {name: value for name, value in question.items() if value is not None}
    with http_client.connect(url_of(options)) as client:
        answer = client.post(PATH, json=given, timeout=PATIENCE)
        ensure_answered(answer)
    difference = answer.json()
    if options.json:
        print(msgspec.json.encode(difference).decode())
    else:
        show(difference, Console())
    return 0


def _text(file: Path) -> str:
    """Bytes that are no UTF-8 become signs the reader refuses."""
    return file.read_bytes().decode("utf-8", errors="replace")


def show(difference: dict[str, Any], console: Console) -> None:
    """Sums by clock, then the cases whose result changes."""
    instead = f"{difference['policy']} v{difference['policy_version']}"
    before, after = difference["penalties_before"], difference["penalties_after"]
    console.print(
        f"{difference['replaced']} -> {instead}: {difference['cases_compared']} cases compared, "
        f"{difference['cases_changed']} change"
    )
    console.print(f"penalties: {_penalty(before)} -> {_penalty(after)} % of the contract price")
    console.print(_clocks(difference["clocks"]))
    if difference["cases"]:
        console.print(_cases(difference["cases"]))


def _penalty(penalties: dict[str, float]) -> str:
    return f"{penalties['percent_applied']:g} ({penalties['percent_due']:g} uncapped)"


def _clocks(clocks: list[dict[str, Any]]) -> Table:
    table = Table("clock", "clocks", "breaches", "engineer", "pm", "leadership", "executive")
    for clock in clocks:
        before, after = clock["before"], clock["after"]
        table.add_row(
            clock["clock"],
            _moved(before["clocks"], after["clocks"]),
            _moved(before["breaches"], after["breaches"]),
            *(_moved(before["alerts"][step], after["alerts"][step]) for step in before["alerts"]),
        )
    return table


def _moved(before: int, after: int) -> str:
    return str(before) if before == after else f"{before} -> {after}"


def _cases(cases: list[dict[str, Any]]) -> Table:
    table = Table("case", "clock", "before", "after")
    for case in cases:
        for clock in case["clocks"]:
            name = clock["clock"] if clock["cycle"] == 1 else f"{clock['clock']} {clock['cycle']}"
            table.add_row(case["case_id"], name, _result(clock["before"]), _result(clock["after"]))
    return table


def _result(result: dict[str, Any] | None) -> str:
    if result is None:
        return "-"
    met = f", met {result['met_at']}" if result["met_at"] else ""
    alerts = f", {len(result['alerts'])} alerts" if result["alerts"] else ""
    return f"{result['state']}, due {result['due_at']}{met}{alerts}"
