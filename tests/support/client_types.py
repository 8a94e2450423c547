"""JSON schemas as Python types: a TypedDict for each object, spelt for a person to read."""

import inspect
import keyword
import re
import textwrap
from typing import Any

PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}


class Types:
    """The types of one document; `classes` are those that were asked for, in order of use."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas
        self.classes: dict[str, str] = {}

    def of(self, schema: dict[str, Any]) -> str:
        match schema:
            case {"$ref": str(reference)}:
                name = reference.rpartition("/")[2]
                return self._of_named(self.schema(reference), _class_name(name))
            case {"anyOf": list(options)} | {"oneOf": list(options)}:
                return " | ".join(dict.fromkeys(self.of(option) for option in options))
            case {"allOf": [only]}:
                return self.of(only)
            case {"enum": list(values)}:
                return f"Literal[{', '.join(sorted(map(repr, values)))}]"
            case {"const": value}:
                return f"Literal[{value!r}]"
            case {"type": "array"}:
                return f"list[{self.of(schema.get('items', {}))}]"
            case {"type": "object"}:
                return self._of_named(schema, _class_name(schema.get("title", "")))
            case {"contentMediaType": _} | {"format": "binary"}:
                return "bytes"
            case _:
                return PLAIN.get(schema.get("type", ""), "Any")

    def schema(self, reference: str) -> dict[str, Any]:
        return self._schemas[reference.rpartition("/")[2]]

    def _of_named(self, schema: dict[str, Any], name: str) -> str:
        if "properties" not in schema:
            if schema.get("type") != "object":
                return self.of(schema)
            values = schema.get("additionalProperties")
            return f"dict[str, {self.of(values) if isinstance(values, dict) else 'Any'}]"
        written = self._class(schema, name)
        if self.classes.setdefault(name, written) != written:
            raise ValueError(f"two different things are called {name}")
        return name

    def _class(self, schema: dict[str, Any], name: str) -> str:
        required = schema.get("required", ())
        fields = {field: self.of(kind) for field, kind in schema["properties"].items()}
        kinds = {
            field: kind if field in required else f"NotRequired[{kind}]"
            for field, kind in fields.items()
        }
        said = schema.get("description", "")
        if any(map(keyword.iskeyword, kinds)):
            values = ", ".join(f'"{field}": {kind}' for field, kind in kinds.items())
            return f'{name} = TypedDict("{name}", {{{values}}})\n{docstring(said, 0)}'
        lines = [f"{field}: {kind}" for field, kind in kinds.items()] or ["pass"]
        return "\n    ".join([f"class {name}(TypedDict):", docstring(said, 4).lstrip(), *lines])


def docstring(text: str, indent: int) -> str:
    """Wrapped paragraph by paragraph; nothing for an empty text."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    if not text:
        return ""
    wrapped = ["\n".join(textwrap.wrap(paragraph, 94 - indent)) for paragraph in paragraphs]
    whole = '"""' + "\n\n".join(wrapped)
    whole += '\n"""' if "\n" in whole else '"""'
    return textwrap.indent(whole, " " * indent)


def _class_name(name: str) -> str:
    """`intake__api__case_bodies__Changed`, one of several of that name, is `CaseChanged`."""
    *_, module, last = ["", "", *name.split("__")]
    of = re.sub(r"_(bodies|views)$", "", module)
    return "".join(word.capitalize() for word in of.split("_")) + last.replace("_", "")
