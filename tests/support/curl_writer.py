"""Writes `docs/reference/http-intake.md`, a curl for every call of intake: `make client`."""

import json
import textwrap
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from support.documents import ROOT, Operation, document_of, examples_of, operations
from support.example_calls import (
    BEFORE,
    STAND_INS,
    WITHOUT_EXAMPLE,
    body_example,
    parameters,
    with_ids,
)

PAGE = ROOT / "docs/reference/http-intake.md"
VARIABLES = {stand_in: f"${found.variable}" for stand_in, found in STAND_INS.items()}
HEAD = """# Every call of intake, as curl

Written by `make client` from intake's OpenAPI document; the tests run it from the first line to
the last. Paste this first, in bash and in the folder of the checkout, with `make run` in another
terminal:

```sh
intake=${INTAKE:-http://127.0.0.1:8081}
auth='Authorization: Bearer local-dev-key'
written=$(mktemp)                       # the headers of the last answer to a write
write=(-fsS -D "$written" -H "$auth")
read=(-fsS -H "$auth")
json='Content-Type: application/json'
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
key() { python3 -c 'import uuid; print(uuid.uuid4())'; }
position() { sed -n 's/^x-log-position: \\([0-9]*\\).*/\\1/p' "$written" | grep . || echo 0; }
take() { python3 -c 'import functools, json, sys
print(functools.reduce(lambda found, part: found[int(part) if part.isdigit() else part],
                       sys.argv[1].split("."), json.load(sys.stdin)))' "$1"; }
```

Reads hand back the position of the last write as `min_position` and so see it. What is created or
happens takes an `Idempotency-Key`: repeat with the same key whatever was not answered. Errors are
[problem documents](../how-to/call-centre.md#when-something-is-wrong).
"""
UNTRIED = {
    "record_mapped": """curl "${write[@]}" "$intake/v1/calls/mapped/MAPPING" \\
  -H 'Content-Type: text/csv' --data-binary @calls.csv""",
    "release_arrival": """curl "${write[@]}" "$intake/v1/arrivals/ARRIVAL/release" \\
  -H "Idempotency-Key: $(key)" -H "$json" \\
  -d '{"kind": "fault", "summary": "the server is down", "contact": {"name": "李静"}}'""",
    "dismiss_arrival": """curl "${write[@]}" "$intake/v1/arrivals/ARRIVAL/dismiss" \\
  -H "Idempotency-Key: $(key)" -H "$json" -d '{"reason": "advertising"}'""",
}


def written() -> str:
    known = {one.name: one for one in operations(document_of("intake"))}
    sections = [_section(known[name], known) for name in examples_of("intake")]
    rest = [_untried(known[name], name) for name in WITHOUT_EXAMPLE["intake"]]
    return "\n".join([HEAD, *sections, *rest])


def _section(operation: Operation, known: Mapping[str, Operation]) -> str:
    return (
        f"{_before(operation, known)}## `{operation.method} {operation.path}`\n\n"
        f"{_said(operation)}\n\n{_block(operation, body_example(operation), operation.name)}"
    )


def _untried(operation: Operation, name: str) -> str:
    text = f"{_said(operation)}\n\nIt {WITHOUT_EXAMPLE['intake'][name]}:"
    return f"## `{operation.method} {operation.path}`\n\n{text}\n\n```text\n{UNTRIED[name]}\n```\n"


def _before(operation: Operation, known: Mapping[str, Operation]) -> str:
    if (before := BEFORE.get(operation.name)) is None:
        return ""
    first = known[before.operation]
    body = {**body_example(first), **before.changed}
    return f"{before.said}\n\n{_block(first, body, f'before {operation.name}')}\n"


def _block(operation: Operation, body: Any, step: str) -> str:
    return f"```sh\n{_command(operation, body, step)}\n```\n"


def _said(operation: Operation) -> str:
    text = " ".join(operation.said.get("description", "").split())
    scope = f"Scope `{operation.scopes}`." if operation.scopes else "Open to everybody."
    return textwrap.fill(f"{text} {scope}".strip(), 100)


def _command(operation: Operation, body: Any, step: str) -> str:
    words = [f'curl "${{{"read" if operation.method == "GET" else "write"}[@]}}"']
    if operation.method in {"PUT", "PATCH", "DELETE"}:
        words.append(f"-X {operation.method}")
    words.append(f'"{_address(operation)}"')
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


def _address(operation: Operation) -> str:
    path = operation.path
    for name, value in with_ids(parameters(operation, "path"), VARIABLES).items():
        text = str(value)
        path = path.replace(f"{{{name}}}", text if text.startswith("$") else quote(text))
    asked = [f"{name}={value}" for name, value in parameters(operation, "query").items()]
    if operation.takes("min_position"):
        asked.append("min_position=$(position)")
    return f"$intake{path}" + (f"?{'&'.join(asked)}" if asked else "")


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
    return json.loads(text.replace("{now}", "$now"))


if __name__ == "__main__":
    PAGE.write_text(written())
