"""Writes `docs/reference/http-*.md`, a curl for every call of every service: `make client`."""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from support.curl_beginnings import AT, beginning
from support.documents import ROOT, SERVICES, Operation, document_of, examples_of, operations
from support.example_calls import (
    BEFORE,
    STAND_INS,
    WITHOUT_EXAMPLE,
    body_example,
    parameters,
    with_ids,
)

# The callback is there since the case was resolved; its id follows from that of the case.
VARIABLES = {stand_in: f"${found.variable}" for stand_in, found in STAND_INS.items()} | {
    "CB-4F7K-Q2M9-1": "$callback"
}
_TIMES = {
    "{now}": "$now",
    "{next_week}": "${next_week}",
    "{seconds}": "$(date +%s)",
}
# What could be sent to the calls that cannot be tried.
UNTRIED: Mapping[str, Any] = {
    "record_mapped": "@calls.csv",
    "release_arrival": {
        "kind": "fault",
        "summary": "the server is down",
        "contact": {"name": "李静"},
    },
    "dismiss_arrival": {"reason": "advertising"},
    "accept_guarantee": {"remedy": "exchange", "reason": "it failed on the third day"},
    "refuse_guarantee": {"reason": "it fell from the rack"},
    "confirm_incident": {"title": "fibre cut in the north", "reserve": ["E-JIANG-BO"]},
    "dismiss_incident": {"reason": "each has a cause of its own"},
    "join_incident": {"case_id": "4F7K-Q2M9"},
    "announce_incident": {"zh": "北区光缆中断，正在抢修", "en": "A fibre in the north is cut"},
    "end_incident": {"reason": "the fibre is mended"},
}


def page_of(service: str) -> Path:
    return ROOT / f"docs/reference/http-{service}.md"


def written(service: str) -> str:
    known = {one.name: one for one in operations(document_of(service))}
    at = f"${AT[service][0]}"
    sections = [_section(known[name], known, at) for name in examples_of(service)]
    untried = WITHOUT_EXAMPLE[service]
    rest = [_untried(known[name], why, at) for name, why in untried.items()]
    return "\n".join([beginning(service), *sections, *rest])


def _section(operation: Operation, known: Mapping[str, Operation], at: str) -> str:
    return (
        f"{_before(operation, known, at)}## `{operation.method} {operation.path}`\n\n"
        f"{_said(operation)}\n\n{_block(operation, body_example(operation), operation.name, at)}"
    )


def _untried(operation: Operation, why: str, at: str) -> str:
    """With names in capitals for what only the reader can know."""
    text = f"{_said(operation)}\n\nIt {why}:"
    names = [one["name"] for one in operation.parameters if one["in"] == "path"]
    places = {name: name.removesuffix("_id").upper() for name in names}
    command = f'{_started(operation)} "{at}{operation.path.format_map(places)}"'
    if operation.method != "GET":
        command += f" \\\n  {_sent_untried(UNTRIED[operation.name])}"
    return f"## `{operation.method} {operation.path}`\n\n{text}\n\n```text\n{command}\n```\n"


def _sent_untried(body: Any) -> str:
    if isinstance(body, str):
        return f"-H 'Content-Type: text/csv' --data-binary {body}"
    key = '-H "Idempotency-Key: $(key)" -H "$json"'
    return f"{key} \\\n  -d '{json.dumps(body, ensure_ascii=False)}'"


def _before(operation: Operation, known: Mapping[str, Operation], at: str) -> str:
    if (before := BEFORE.get(operation.name)) is None:
        return ""
    first = known[before.operation]
    body = {**body_example(first), **before.changed}
    return f"{before.said}\n\n{_block(first, body, f'before {operation.name}', at)}\n"


def _block(operation: Operation, body: Any, step: str, at: str) -> str:
    return f"```sh\n{_command(operation, body, step, at)}\n```\n"


def _said(operation: Operation) -> str:
    text = " ".join(operation.said.get("description", "").split())
    scope = f"Scope `{operation.scopes}`." if operation.scopes else "Open to everybody."
    return textwrap.fill(f"{text} {scope}".strip(), 100)


def _command(operation: Operation, body: Any, step: str, at: str) -> str:
    words = [_started(operation), f'"{at}{_address(operation)}"']
    if operation.takes("Idempotency-Key"):
        words.append('-H "Idempotency-Key: $(key)"')
    kept = [found for found in STAND_INS.values() if found.operation == step]
    pipe = f" | take {kept[0].place}" if kept else "; echo"
    command = " ".join([*words, *_sent(operation, body)])
    if operation.answers.keys() & {"image/png", "application/pdf", "application/octet-stream"}:
        return f"{command} | wc -c"
    if "\n" not in command:
        command += pipe
        return f"{kept[0].variable}=$({command})" if kept else command
    command = command.replace("\n", f"{pipe}\n", 1)
    return f"{kept[0].variable}=$({command}\n)" if kept else command


def _started(operation: Operation) -> str:
    command = f'curl "${{{"read" if operation.method == "GET" else "write"}[@]}}"'
    unusual = operation.method in {"PUT", "PATCH", "DELETE"}
    return f"{command} -X {operation.method}" if unusual else command


def _address(operation: Operation) -> str:
    path = operation.path
    for name, value in with_ids(parameters(operation, "path"), VARIABLES).items():
        text = str(value)
        path = path.replace(f"{{{name}}}", text if text.startswith("$") else quote(text))
    query = with_ids(parameters(operation, "query"), VARIABLES)
    asked = [f"{name}={_plain(value)}" for name, value in query.items()]
    if operation.takes("min_position"):
        asked.append("min_position=$(position)")
    return path + (f"?{'&'.join(asked)}" if asked else "")


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sent(operation: Operation, example: Any) -> list[str]:
    body = _at_any_time(example)
    match operation.body:
        case ("application/json", _):
            return [f'-H "$json" -d @- <<JSON\n{_pretty(body)}\nJSON']
        case ("multipart/form-data", _):
            return [f'-F "{name}={value}"' for name, value in body.items()]
        case (media, _):
            text = body.replace("\r\n", "\n").rstrip("\n")
            return [f"-H 'Content-Type: {media}' --data-binary @- <<TEXT\n{text}\nTEXT"]
        case None:
            return []


def _pretty(body: Any) -> str:
    short = json.dumps(body, ensure_ascii=False)
    return short if len(short) < 96 else json.dumps(body, ensure_ascii=False, indent=2)


def _at_any_time(body: Any) -> Any:
    """With the shell's variables for ids and for the time."""
    text = json.dumps(with_ids(body, VARIABLES), ensure_ascii=False)
    for name, words in _TIMES.items():
        text = text.replace(name, words)
    return json.loads(text)


if __name__ == "__main__":
    for each in SERVICES:
        page_of(each).write_text(written(each), "utf-8")
