"""`aftercare watch`: the escalation stream in a terminal, live."""

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import httpx_sse
import msgspec
from rich.console import Console
from rich.text import Text

from . import http_client
from .history_reading import PATIENCE, ensure_answered, told_in_one_line, url_of

PATH = "/v1/alerts/stream"
RETRY_SECONDS = 1.0
ZONE = ZoneInfo("Asia/Shanghai")
STYLES = {
    "engineer": "cyan",
    "pm": "yellow",
    "leadership": "bold dark_orange",
    "executive": "bold white on red",
}


@told_in_one_line
def watch(options: argparse.Namespace) -> int:
    """Print what is raised, acknowledged, rings again and is resolved, until interrupted."""
    console = Console()
    filters = {"audience": options.audience, "min_step": options.min_step}
    for happened in alerts(url_of(options), filters):
        if options.json:
            print(happened.data, flush=True)
        else:
            console.print(as_line(happened.event, msgspec.json.decode(happened.data)))
    return 0


def alerts(url: str, filters: dict[str, str | None]) -> Iterator[httpx_sse.ServerSentEvent]:
    """For ever: after a lost connection it resumes behind the last event, without a gap.

    Raises Refused, and httpx.ConnectError when nothing answers to begin with.
    """
    given = {name: value for name, value in filters.items() if value is not None}
    last_id, connected = "", False
    while True:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        try:
            with (
                http_client.connect(url) as client,
                httpx_sse.connect_sse(
                    client, "GET", PATH, params=given, headers=headers, timeout=PATIENCE
                ) as source,
            ):
                ensure_answered(source.response)
                connected = True
                for happened in source.iter_sse():
                    yield happened
                    last_id = happened.id
        except httpx.TransportError:
            if not connected:
                raise
        print("aftercare: connection lost, trying again", file=sys.stderr)
        time.sleep(RETRY_SECONDS)


def as_line(what: str, alert: dict[str, Any]) -> Text:
    step, told = alert["step"], alert["recipient"]
    if what == "alert_reminded":
        told = f"{alert['reminded']} (reminder {alert['reminders']})"
    return Text.assemble(
        f"{_local(alert['fire_at'])}  ",
        (f"{step:<10}", STYLES.get(step, "")),
        f"  {what:<12}  {alert['case_id']:<9}  {alert['clock']:<12}  due {_local(alert['due_at'])}",
        f"  → {told}",
    )


def _local(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(ZONE):%m-%d %H:%M:%S}"
