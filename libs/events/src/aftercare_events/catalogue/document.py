"""The reference page of the catalogue, written from the catalogue itself.

python -m aftercare_events.catalogue.document > docs/reference/event-catalogue.md
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from msgspec import NODEFAULT, inspect

from . import EventType, entries

_TITLES: dict[type[inspect.Type], str] = {
    inspect.AnyType: "anything",
    inspect.BoolType: "true or false",
    inspect.DateTimeType: "instant",
    inspect.DateType: "date",
    inspect.FloatType: "number",
    inspect.IntType: "integer",
    inspect.NoneType: "null",
    inspect.StrType: "text",
    inspect.TimeType: "time of day",
}
_INTRODUCTION = """\
# The event catalogue

Generated from `aftercare_events.catalogue`; regenerate with
`python -m aftercare_events.catalogue.document`.

Every event is CloudEvents 1.0 in structured JSON. It rests on the log subject
`ac.<service>.<aggregate>.<id>`. Fields marked `?` may be left out. *Sealed* fields hold
`{person, box}`: AES-256-GCM under the key of that person. Instants are RFC 3339 in UTC.
"""


def document() -> str:
    """The whole page, types sorted by name."""
    ordered = sorted(entries().values(), key=lambda entry: entry.name)
    return "\n".join([_INTRODUCTION, *_sections(ordered)])


def _sections(ordered: Iterable[EventType]) -> Iterator[str]:
    for aggregate, group in groupby(ordered, key=lambda entry: entry.aggregate):
        yield f"## {aggregate.replace('_', ' ')}\n"
        for entry in group:
            yield from _section(entry)


def _section(entry: EventType) -> Iterator[str]:
    yield f"### `{entry.name}`\n"
    if (doc := _own_doc(entry.data)) is not None:
        yield f"{doc}\n"
    yield "| field | type |\n|---|---|"
    for field in _fields(entry.data):
        optional = "" if field.default is NODEFAULT and not _has_factory(field) else "?"
        yield f"| `{field.encode_name}`{optional} | {_title(field.type)} |"
    yield ""


def _own_doc(data: type[Any]) -> str | None:
    doc = data.__dict__.get("__doc__")
    return None if doc is None else "\n".join(line.strip() for line in doc.strip().splitlines())


def _fields(data: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(data)
    return info.fields if isinstance(info, inspect.StructType) else ()


def _has_factory(field: inspect.Field) -> bool:
    return field.default_factory is not NODEFAULT


def _title(kind: inspect.Type) -> str:
    match kind:
        case inspect.StructType(cls=cls) if cls.__name__ == "Sealed":
            return "*sealed*"
        case inspect.StructType(fields=fields):
            return "{" + ", ".join(f"`{f.encode_name}` {_title(f.type)}" for f in fields) + "}"
        case inspect.UnionType(types=types):
            named = [t for t in types if not isinstance(t, inspect.NoneType)]
            return " or ".join(map(_title, named))
        case inspect.LiteralType(values=values):
            return " · ".join(f"`{value}`" for value in values)
        case inspect.DictType(value_type=value):
            return f"object of {_title(value)}"
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return f"list of {_title(item)}"
        case inspect.TupleType(item_types=items):
            return f"list of {len(items)}: {', '.join(map(_title, items))}"
        case _:
            return _TITLES[type(kind)]


if __name__ == "__main__":
    sys.stdout.write(document())
