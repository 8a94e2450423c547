"""The catalogue of everything that can be said in the log."""

from . import archive, case, intake
from .registry import (
    EventType,
    InvalidEvent,
    UnknownEventType,
    decode,
    entries,
    entry_of,
    event_type,
    record,
    upcaster,
)

__all__ = [
    "EventType",
    "InvalidEvent",
    "UnknownEventType",
    "archive",
    "case",
    "decode",
    "entries",
    "entry_of",
    "event_type",
    "intake",
    "record",
    "upcaster",
]
