"""Which event types exist, how their data looks, and how old versions become new ones."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
from msgspec import UNSET, UnsetType

from ..envelope import Event

T = TypeVar("T", bound=type[msgspec.Struct])
_TYPE = re.compile(r"aftercare\.(?P<aggregate>[a-z_]+)\.(?P<event>[a-z_]+)\.v(?P<version>[1-9]\d*)")


class UnknownEventType(ValueError):
    """The catalogue has no such event type."""


class InvalidEvent(ValueError):
    """The event's data is not what the catalogue says of its type."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One entry of the catalogue. `key` is the field of `data` that holds the aggregate's id."""

    name: str
    aggregate: str
    key: str
    data: type[msgspec.Struct]
    decoder: msgspec.json.Decoder[Any]


_by_name: dict[str, EventType] = {}
_by_class: dict[type[msgspec.Struct], EventType] = {}
_upcasters: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {}


def event_type(name: str, *, key: str | None = None) -> Callable[[T], T]:
    """Enter a struct into the catalogue as the data of event type `name`."""
    match = _TYPE.fullmatch(name)
    if match is None:
        raise ValueError(f"not an event type: {name}")
    aggregate = match["aggregate"]

    def enter(data: T) -> T:
        entry = EventType(
            name, aggregate, key or f"{aggregate}_id", data, msgspec.json.Decoder(data)
        )
        if name in _by_name:
            raise ValueError(f"event type entered twice: {name}")
        _by_name[name] = _by_class[data] = entry
        return data

    return enter


def upcaster(
    old: str, new: str
) -> Callable[
    [Callable[[dict[str, Any]], dict[str, Any]]], Callable[[dict[str, Any]], dict[str, Any]]
]:
    """Enter a pure function that turns the data of type `old` into that of the next version."""

    def enter(function: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
        _upcasters[old] = (new, function)
        return function

    return enter


def entries() -> Mapping[str, EventType]:
    """Every current event type by its name."""
    return _by_name


def entry_of(data: msgspec.Struct | type[msgspec.Struct]) -> EventType:
    return _by_class[data if isinstance(data, type) else type(data)]


def decode(event: Event) -> Any:
    """The typed data of an event, brought to its current version.

    Raises UnknownEventType, InvalidEvent.
    """
    entry = _by_name.get(event.type)
    try:
        if entry is not None:
            return entry.decoder.decode(event.data)
        if event.type in _upcasters:
            return _upcast(event)
    except msgspec.MsgspecError as error:
        raise InvalidEvent(f"{event.type}: {error}") from error
    raise UnknownEventType(event.type)


def _upcast(event: Event) -> Any:
    name, data = event.type, msgspec.json.decode(event.data, type=dict[str, Any])
    while name in _upcasters:
        name, function = _upcasters[name]
        data = function(data)
    return msgspec.convert(data, _by_name[name].data)


def record(
    data: msgspec.Struct,
    *,
    service: str,
    time: datetime,
    actor: str,
    correlation_id: str | UnsetType = UNSET,
    causation_id: str | UnsetType = UNSET,
    event_id: str | None = None,
) -> Event:
    """The envelope for something that happened at `time`, as said by `service`."""
    entry = entry_of(data)
    return Event(
        id=event_id or str(uuid4()),
        source=f"/aftercare/{service}",
        type=entry.name,
        subject=f"{entry.aggregate}/{getattr(data, entry.key)}",
        time=time,
        data=msgspec.Raw(msgspec.json.encode(data)),
        actor=actor,
        correlationid=correlation_id,
        causationid=causation_id,
    )
