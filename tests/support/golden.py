"""Golden files: how each event type looked when it was first published, kept for ever.

`make golden` writes those that are missing, with every field filled in. A file that exists is
never written again: events like it are in somebody's log.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from aftercare_events.catalogue import EventType, entries
from aftercare_events.envelope import Event

GOLDEN = Path(__file__).resolve().parents[1] / "unit" / "events" / "golden"
WHEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

_PLAIN: dict[type[inspect.Type], Any] = {
    inspect.BoolType: True,
    inspect.IntType: 3,
    inspect.FloatType: 1.5,
    inspect.DateTimeType: "2026-11-02T09:30:00Z",
    inspect.DateType: "2026-11-02",
    inspect.TimeType: "09:30:00",
    inspect.AnyType: "anything",
    inspect.BytesType: "AAAA",
}


def sample(kind: inspect.Type, name: str = "text") -> Any:
    """A JSON value of a type, the same every time; texts say the name of their field."""
    match kind:
        case inspect.StructType(fields=fields):
            return {field.encode_name: _sample_field(field) for field in fields}
        case inspect.UnionType(types=types):
            return sample(next(t for t in types if not isinstance(t, inspect.NoneType)), name)
        case inspect.LiteralType(values=values):
            return min(values, key=str)
        case inspect.StrType():
            return name.upper()
        case inspect.DictType(key_type=key, value_type=value):
            return {sample(key, "key"): sample(value)}
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return [sample(item, name)]
        case inspect.TupleType(item_types=items):
            return [sample(item, name) for item in items]
        case _:
            return _PLAIN[type(kind)]


def _sample_field(field: inspect.Field) -> Any:
    # A field that holds its default may be left out of what is written.
    if isinstance(field.type, inspect.BoolType):
        return field.default is not True
    return sample(field.type, field.name)


def sample_event(entry: EventType) -> Event:
    data = sample(inspect.type_info(entry.data))
    return Event(
        id=f"golden-{entry.name}",
        source="/aftercare/intake",
        type=entry.name,
        subject=f"{entry.aggregate}/{data[entry.key]}",
        time=WHEN,
        data=msgspec.Raw(msgspec.json.encode(data)),
        actor="golden",
        correlationid="correlation",
        causationid="causation",
    )


def golden_file(event_type: str) -> Path:
    return GOLDEN / f"{event_type}.json"


def write_missing() -> list[Path]:
    written: list[Path] = []
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for entry in entries().values():
        path = golden_file(entry.name)
        if not path.exists():
            compact = msgspec.json.encode(sample_event(entry))
            path.write_bytes(msgspec.json.format(compact, indent=2) + b"\n")
            written.append(path)
    return written


if __name__ == "__main__":
    for path in write_missing():
        sys.stdout.write(f"{path.name}\n")
