"""Examples that work: a service keeps one call of each operation in its `examples.json`.

`{now}`, `{today}`, `{next_week}` and `{seconds}` (since 1970) stand for the time at which the
document is asked for: what happened would be refused as too old a week after it was written down,
and a name as one that is taken.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Example(TypedDict, total=False):
    """`parameters` by name, in path and query; `body` as it is sent, text where it is no JSON."""

    parameters: dict[str, Any]
    body: Any


Examples = Mapping[str, Example]


def load_examples(file: Path) -> Examples:
    """By the id of the operation, in an order in which they can be tried one after the other."""
    return cast("Examples", json.loads(file.read_text("utf-8")))


def give_examples(document: dict[str, Any], examples: Examples) -> None:
    """Put them where viewers and generators look. Raises KeyError for what the document lacks."""
    operations = {
        operation["operationId"]: operation
        for methods in cast("dict[str, dict[str, Any]]", document["paths"]).values()
        for operation in methods.values()
    }
    for name, example in examples.items():
        operation = operations[name]
        parameters = {one["name"]: one for one in operation.get("parameters", ())}
        for parameter, value in example.get("parameters", {}).items():
            parameters[parameter]["example"] = value
        if "body" in example:
            for content in operation["requestBody"]["content"].values():
                content["example"] = example["body"]


def at_the_time(document: Any, now: datetime) -> Any:
    """A copy in which the examples happen now."""
    text, today = json.dumps(document, ensure_ascii=False), now.astimezone(SHANGHAI).date()
    for name, value in {
        "{now}": now.isoformat(timespec="seconds"),
        "{seconds}": str(int(now.timestamp())),
        "{today}": today.isoformat(),
        "{next_week}": (today + timedelta(days=7)).isoformat(),
    }.items():
        text = text.replace(name, value)
    return json.loads(text)
