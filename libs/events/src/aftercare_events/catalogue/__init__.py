"""The catalogue of everything that can be said in the log."""

from . import (
    archive,
    case,
    dispatch,
    duty,
    feedback,
    intake,
    loss,
    notification,
    sla,
    subscription,
    terms,
)
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
    "dispatch",
    "duty",
    "entries",
    "entry_of",
    "event_type",
    "feedback",
    "intake",
    "loss",
    "notification",
    "record",
    "sla",
    "subscription",
    "terms",
    "upcaster",
]
