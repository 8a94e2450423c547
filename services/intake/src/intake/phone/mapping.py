"""What the fields of any telephone system mean: a mapping file, and call records read by it."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import yaml

from aftercare_events.catalogue.intake import CallDirection, CallOutcome
from aftercare_events.decider import Refused

Json = Mapping[str, Any]
PLAIN_FORMATS = ("iso", "epoch", "epoch_ms")
WITHHELD = "anonymous"
NEEDED = ("call_id", "started_at", "ended_at")
TIMES = ("started_at", "answered_at", "ended_at")


class MappingInvalid(Exception):
    """A mapping file that cannot be used; the message names file and line."""


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where each of our fields stands: a column, or a path with dots into JSON."""

    call_id: str
    caller: str
    started_at: str
    ended_at: str
    answered_at: str | None = None
    direction: str | None = None
    outcome: str | None = None
    agent: str | None = None
    queue: str | None = None
    transferred_to: str | None = None
    recording_url: str | None = None
    classification: str | None = None


class Values(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Their words for ours. Without a table the words are ours already."""

    direction: dict[str, CallDirection] = {}
    outcome: dict[str, CallOutcome] = {}


class CallMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`time_format` is `iso`, `epoch`, `epoch_ms` or a pattern as `strptime` has it; times without
    an offset are those of `time_zone`. `direction` holds where no field says it; `columns` names
    those of a CSV without a first line of names."""

    fields: Fields
    values: Values = Values()
    direction: CallDirection | None = None
    time_format: str = "iso"
    time_zone: str = "Asia/Shanghai"
    columns: tuple[str, ...] = ()
    delimiter: str = ","


def read_mapping(text: str, file: str) -> CallMapping:
    """YAML, of which JSON is a part. Raises MappingInvalid."""
    try:
        node = cast("Any", yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MappingInvalid(f"{file}:{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise MappingInvalid(f"{file}:1: no YAML") from error
    lines = dict(_lines(node, "$")) if node else {}

    def wrong(place: str, sentence: str) -> MappingInvalid:
        while place not in lines and "." in place:
            place = place.rpartition(".")[0]
        return MappingInvalid(f"{file}:{lines.get(place, 1)}: {sentence}")

    try:
        mapping = msgspec.convert(_plain(node), CallMapping)
    except msgspec.ValidationError as error:
        sentence, _, at = str(error).partition(" - at ")
        found = re.search(r"\$[\w.]*", at)
        unknown = re.search(r"unknown field `([^`]*)`", sentence)
        place = found[0] if found else "$"
        raise wrong(f"{place}.{unknown[1]}" if unknown else place, sentence) from error
    for place, sentence in _contradictions(mapping):
        raise wrong(place, sentence)
    return mapping


def _plain(node: Any) -> Any:
    """Every scalar is the text that was written: `12:30`, `on` and `1` mean what they say."""
    match node:
        case yaml.MappingNode():
            pairs = cast("list[tuple[Any, Any]]", node.value)
            return {key.value: _plain(value) for key, value in pairs}
        case yaml.SequenceNode():
            return [_plain(value) for value in cast("list[Any]", node.value)]
        case yaml.ScalarNode():
            return node.value
        case _:
            return None


def _lines(node: Any, path: str) -> Iterator[tuple[str, int]]:
    """Where each key stands; lines count from 1."""
    if isinstance(node, yaml.MappingNode):
        for key, value in cast("list[tuple[Any, Any]]", node.value):
            yield f"{path}.{key.value}", key.start_mark.line + 1
            yield from _lines(value, f"{path}.{key.value}")


def _contradictions(mapping: CallMapping) -> Iterator[tuple[str, str]]:
    try:
        ZoneInfo(mapping.time_zone)
    except (KeyError, ValueError, OSError):
        yield "$.time_zone", f"there is no time zone `{mapping.time_zone}`"
    if mapping.time_format not in PLAIN_FORMATS and "%" not in mapping.time_format:
        formats = ", ".join(PLAIN_FORMATS)
        yield "$.time_format", f"`{mapping.time_format}` is neither {formats} nor a pattern with %"
    if mapping.direction is None and mapping.fields.direction is None:
        yield "$.fields", "nothing says the direction: name a field, or give `direction`"
    if len(mapping.delimiter) != 1:
        yield "$.delimiter", "a delimiter is one character"
    named = {path for path in msgspec.structs.astuple(mapping.fields) if path}
    for missing in sorted(named - {*mapping.columns} if mapping.columns else ()):
        yield "$.columns", f"there is no column `{missing}`"


def load_mappings(folder: Path | None) -> dict[str, CallMapping]:
    """All `*.yaml`, `*.yml` and `*.json` of a folder, by their names. Raises MappingInvalid."""
    files = sorted(folder.iterdir()) if folder else []
    return {
        file.stem: read_mapping(file.read_text("utf-8"), file.name)
        for file in files
        if file.suffix in (".yaml", ".yml", ".json")
    }


def call_in(record: Json, mapping: CallMapping) -> dict[str, Any]:
    """The body of `POST /v1/calls`. Raises Refused naming our field."""
    body: dict[str, Any] = {}
    for name, path in msgspec.structs.asdict(mapping.fields).items():
        value = None if path is None else _at(record, path)
        if value is not None:
            body[name] = _meant(name, value, mapping)
    for name in NEEDED:
        if name not in body:
            raise Refused("call-unmapped", "the record does not have it", name)
    # A number withheld comes as an empty field.
    body.setdefault("caller", WITHHELD)
    body.setdefault("direction", mapping.direction)
    if "outcome" not in body:
        body["outcome"] = _outcome(body)
    if body["outcome"] == "abandoned":
        # Some systems give every call a time of answer: that of the menu.
        body.pop("answered_at", None)
    if body["outcome"] != "transferred":
        body.pop("transferred_to", None)
    return body


def _meant(name: str, value: Any, mapping: CallMapping) -> Any:
    text = str(value).strip()
    if name in TIMES:
        return _time(name, text, mapping)
    table: dict[str, str] = getattr(mapping.values, name, {})
    if table and text not in table:
        raise Refused("call-unmapped", "the mapping has no word of ours for this one", name)
    return table.get(text, text)


def _outcome(body: Json) -> str:
    if "answered_at" not in body:
        return "abandoned"
    return "transferred" if "transferred_to" in body else "answered"


def _time(name: str, text: str, mapping: CallMapping) -> str:
    try:
        match mapping.time_format:
            case "iso":
                at = datetime.fromisoformat(text)
            case "epoch":
                at = datetime.fromtimestamp(float(text), UTC)
            case "epoch_ms":
                at = datetime.fromtimestamp(float(text) / 1000, UTC)
            case pattern:
                at = datetime.strptime(text, pattern)  # noqa: DTZ007 - its zone follows below
        local = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(mapping.time_zone))
        return local.astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError) as error:
        detail = f"no time of the format {mapping.time_format}"
        raise Refused("call-unmapped", detail, name) from error


def _at(record: Json, path: str) -> Any:
    """What stands at a path; None for what is empty or not there."""
    found: Any = record.get(path)
    if found is None:
        found = record
        for step in path.split("."):
            found = _step(found, step)
    return None if found in ("", None) or isinstance(found, dict | list) else found


def _step(value: Any, step: str) -> Any:
    match value:
        case dict():
            return cast("dict[str, Any]", value).get(step)
        case list() if step.isdigit():
            items = cast("list[Any]", value)
            return items[int(step)] if int(step) < len(items) else None
        case _:
            return None
