"""Which event types exist, how their data looks, and how old versions become new ones."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from ..envelope import Event
from ..ids import random_id

T = TypeVar("T", bound=type[msgspec.Struct])
Upcast = Callable[[dict[str, Any]], dict[str, Any]]

_TYPE = re.compile(r"(?P<event>aftercare\.(?P<aggregate>[a-z_]+)\.[a-z_]+)\.v(?P<version>[1-9]\d*)")


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


class Catalogue:
    """Current event types by name and by struct, and the way to them from older versions."""

    def __init__(self) -> None:
        self._by_name: dict[str, EventType] = {}
        self._by_class: dict[type[msgspec.Struct], EventType] = {}
        self._upcasters: dict[str, tuple[str, Upcast]] = {}

    def event_type(self, name: str, *, key: str | None = None) -> Callable[[T], T]:
        """Enter a struct as the data of event type `name`. Raises ValueError."""
        aggregate = _parsed(name)["aggregate"]

        def enter(data: T) -> T:
            if name in self._by_name or name in self._upcasters:
                raise ValueError(f"event type entered twice: {name}")
            decoder = msgspec.json.Decoder(data)
            entry = EventType(name, aggregate, key or f"{aggregate}_id", data, decoder)
            self._by_name[name] = self._by_class[data] = entry
            return data

        return enter

    def upcaster(self, old: str, new: str) -> Callable[[Upcast], Upcast]:
        """Enter a pure function from the data of type `old` to that of the next version.

        Raises ValueError.
        """
        before, after = _parsed(old), _parsed(new)
        if before["event"] != after["event"] or int(after["version"]) != int(before["version"]) + 1:
            raise ValueError(f"{new} is not the next version of {old}")

        def enter(function: Upcast) -> Upcast:
            if old in self._by_name or old in self._upcasters:
                raise ValueError(f"event type entered twice: {old}")
            self._upcasters[old] = (new, function)
            return function

        return enter

    def entries(self) -> Mapping[str, EventType]:
        """Every current event type by its name."""
        return self._by_name

    def upcasters(self) -> Mapping[str, str]:
        """Every old event type, with the next version of it."""
        return {old: new for old, (new, _) in self._upcasters.items()}

    def entry_of(self, data: msgspec.Struct | type[msgspec.Struct]) -> EventType:
        return self._by_class[data if isinstance(data, type) else type(data)]

    def decode(self, event: Event) -> Any:
        """The typed data of an event, brought to its current version.

        Raises UnknownEventType, InvalidEvent.
        """
        entry = self._by_name.get(event.type)
        try:
            if entry is not None:
                return entry.decoder.decode(event.data)
            if event.type in self._upcasters:
                return self._upcast(event)
        except (msgspec.MsgspecError, LookupError, TypeError) as error:
            raise InvalidEvent(f"{event.type}: {error}") from error
        raise UnknownEventType(event.type)

    def _upcast(self, event: Event) -> Any:
        name, data = event.type, msgspec.json.decode(event.data, type=dict[str, Any])
        while name in self._upcasters:
            name, function = self._upcasters[name]
            data = function(data)
        return msgspec.convert(data, self._by_name[name].data)

    def record(
        self,
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
        entry = self.entry_of(data)
        return Event(
            id=event_id or random_id(),
            source=f"/aftercare/{service}",
            type=entry.name,
            subject=f"{entry.aggregate}/{getattr(data, entry.key)}",
            time=time,
            data=msgspec.Raw(msgspec.json.encode(data)),
            actor=actor,
            correlationid=correlation_id,
            causationid=causation_id,
        )


def _parsed(name: str) -> re.Match[str]:
    match = _TYPE.fullmatch(name)
    if match is None:
        raise ValueError(f"not an event type: {name}")
    return match


_everything = Catalogue()
event_type = _everything.event_type
upcaster = _everything.upcaster
entries = _everything.entries
upcasters = _everything.upcasters
entry_of = _everything.entry_of
decode = _everything.decode
record = _everything.record
