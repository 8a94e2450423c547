"""Writes the modules of the typed client from the OpenAPI documents: `make client`."""

import builtins
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from support.client_types import Types, docstring
from support.documents import ROOT, SERVICES, Operation, document_of, operations

CLIENT = ROOT / "libs/client/src/aftercare_client"
NAMED_FILES = "list[tuple[str, bytes]]"
# What the client fills in itself, and a form of the answer that is none of its.
OURS = {"min_position", "cursor", "format"}
HEAD = '''"""{title} from Python, written by `make client` from its OpenAPI document."""

from collections.abc import Iterator
from typing import Any, Literal, NotRequired, TypedDict

from .transport import Service, new_key, segment

'''


def written() -> dict[Path, str]:
    """Every module by its file."""
    return {
        CLIENT / f"{service.replace('-', '_')}.py": _formatted(_module(document_of(service)))
        for service in SERVICES
    }


def _module(document: dict[str, Any]) -> str:
    types = Types(document["components"]["schemas"])
    methods = [_Method(operation, types).written() for operation in operations(document)]
    title = document["info"]["title"]
    name = "".join(word.capitalize() for word in re.split(r"[ -]", title)[1:])
    service = f'class {name}(Service):\n    """Every call of {title}."""\n\n' + "\n\n".join(methods)
    return HEAD.format(title=title) + "\n\n\n".join([*types.classes.values(), service]) + "\n"


class _Method:
    """One operation as a method."""

    def __init__(self, operation: Operation, types: Types) -> None:
        self._operation = operation
        self._types = types

    def written(self) -> str:
        takes = ["self", *self._path_arguments(), *self._body_arguments()]
        if named := [*self._form_arguments(), *self._query_arguments()]:
            takes += ["*", *named]
        kind, call = self._call()
        head = f"    def {self._operation.name}({', '.join(takes)}) -> {kind}:"
        text = docstring(self._operation.said.get("description", ""), 8)
        return "\n".join(part for part in (head, text, f"        {call}") if part)

    def _path_arguments(self) -> list[str]:
        return [
            f"{p['name']}: {self._types.of(p['schema'])}"
            for p in self._operation.parameters
            if p["in"] == "path"
        ]

    def _body_arguments(self) -> list[str]:
        match self._operation.body:
            case None | ("multipart/form-data", _):
                return []
            case ("application/json", content):
                optional = (
                    "" if self._operation.said["requestBody"].get("required") else " | None = None"
                )
                return [f"body: {self._types.of(content['schema'])}{optional}"]
            case _:
                return ["content: bytes"]

    def _form(self) -> dict[str, Any]:
        match self._operation.body:
            case ("multipart/form-data", {"schema": {"$ref": reference}}):
                return self._types.schema(reference)
            case _:
                return {}

    def _kind(self, schema: dict[str, Any]) -> str:
        """Several files are told by their names; one is what it is."""
        kind = self._types.of(schema)
        return NAMED_FILES if kind == "list[bytes]" else kind

    def _form_arguments(self) -> list[str]:
        form = self._form()
        return [
            _argument(name, self._kind(kind), name in form["required"])
            for name, kind in form.get("properties", {}).items()
        ]

    def _query(self) -> list[dict[str, Any]]:
        return [
            p for p in self._operation.parameters if p["in"] == "query" and p["name"] not in OURS
        ]

    def _query_arguments(self) -> list[str]:
        asked = [
            _argument(p["name"], self._types.of(p["schema"]), p.get("required", False))
            for p in self._query()
        ]
        if self._operation.takes("Idempotency-Key"):
            asked.append("idempotency_key: str | None = None")
        return asked

    def _call(self) -> tuple[str, str]:
        """What it answers, and the line that asks."""
        path = re.sub(r"\{(\w+)\}", r"{segment(\1)}", self._operation.path)
        where = f'f"{path}"' if path != self._operation.path else f'"{path}"'
        query = _mapping(p["name"] for p in self._query())
        answers = self._operation.answers
        if self._operation.method != "GET":
            kind = self._types.of(answers["application/json"]["schema"]) if answers else "None"
            return (
                kind,
                f"return self._send({', '.join([self._method(), where, *self._parts(query)])})",
            )
        asked = f"{where}, {query}" if self._query() else where
        if "application/json" not in answers:
            kind, way = ("bytes", "_fetch") if answers else ("Iterator[str]", "_lines")
            return kind, f"return self.{way}({asked})"
        schema = answers["application/json"]["schema"]
        if self._operation.takes("cursor"):
            item = self._types.of(
                self._types.schema(schema["$ref"])["properties"]["items"]["items"]
            )
            return f"Iterator[{item}]", f"return self._pages({where}, {query})"
        return self._types.of(schema), f"return self._read({asked})"

    def _method(self) -> str:
        return f'"{self._operation.method}"'

    def _parts(self, query: str) -> list[str]:
        parts = [f"query={query}"] if self._query() else []
        match self._operation.body:
            case ("application/json", _):
                parts.append("body=body")
            case ("multipart/form-data", _):
                kinds = {
                    name: self._kind(kind) for name, kind in self._form()["properties"].items()
                }
                fields = [
                    name for name, kind in kinds.items() if kind not in {"bytes", NAMED_FILES}
                ]
                files = [name for name in kinds if name not in fields]
                several = [name for name in files if kinds[name] == NAMED_FILES]
                parts.append(f"data={_mapping(fields)}")
                parts += [f'files=[("{name}", one) for one in {name}]' for name in several]
                parts += [f"files={_mapping(files)}"] if not several else []
            case (media, _):
                parts.append(f'content=content, headers={{"Content-Type": "{media}"}}')
            case None:
                pass
        if self._operation.takes("Idempotency-Key"):
            parts.append("key=idempotency_key or new_key()")
        return parts


def _argument(name: str, kind: str, required: bool) -> str:
    if required:
        return f"{_variable(name)}: {kind}"
    return f"{_variable(name)}: {' | '.join(dict.fromkeys([*kind.split(' | '), 'None']))} = None"


def _mapping(names: Iterable[str]) -> str:
    return "{" + ", ".join(f'"{name}": {_variable(name)}' for name in names) + "}"


def _variable(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) else name


def _formatted(source: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["check", "--fix-only", "--quiet", "--select", "F401,I"], ["format"]):
        run = [ruff, *command, "--stdin-filename", CLIENT / "any.py", "-"]
        source = subprocess.run(
            run, input=source, text=True, capture_output=True, check=True
        ).stdout
    return source


if __name__ == "__main__":
    for file, source in written().items():
        file.write_text(source)
