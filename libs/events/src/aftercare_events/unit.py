"""One append as a whole: what may be appended, and which expectation rides on which event."""

import re
from collections.abc import Callable, Sequence

import msgspec

from .envelope import Event
from .ids import ID_PATTERN
from .log import Expect

MAX_EVENTS = 1000
MAX_EVENT_BYTES = 512 * 1024
MAX_BYTES = 8 * 1024 * 1024

_SUBJECT = re.compile(rf"ac\.[a-z][a-z-]*\.[a-z][a-z_]*\.{ID_PATTERN}")
_FILTER = re.compile(r"ac(\.(\*|[A-Za-z0-9][A-Za-z0-9_-]*))*(\.>)?")
_EVENT_ID = re.compile(r"[!-~]{1,128}")
_encode = msgspec.json.Encoder().encode


class Message(msgspec.Struct, frozen=True, gc=False):
    """One event as it is stored, with the expectation that travels in its header."""

    subject: str
    event_id: str
    payload: bytes
    expect: Expect | None


class Unit(msgspec.Struct, frozen=True, gc=False):
    """Events that are written together or not at all.

    `keys` are the aggregates it touches; None means that they cannot be told from the filters.
    `size` is in bytes, of all events.
    """

    messages: tuple[Message, ...]
    expect: tuple[Expect, ...]
    keys: frozenset[str] | None
    size: int


def unit_of(events: Sequence[Event], expect: Sequence[Expect]) -> Unit:
    """Check an append before anything is sent. Raises ValueError."""
    if not 0 < len(events) <= MAX_EVENTS:
        raise ValueError(f"an append has 1 to {MAX_EVENTS} events, not {len(events)}")
    if len({event.id for event in events}) < len(events):
        raise ValueError("an append names the same event twice")
    subjects = [_subject(event) for event in events]
    carried = _placed(expect, subjects)
    messages = [
        _message(event, subjects[index], carried.get(index)) for index, event in enumerate(events)
    ]
    size = sum([len(message.payload) for message in messages])
    if size > MAX_BYTES:
        raise ValueError(f"an append has {size} bytes, {MAX_BYTES} may be")
    return Unit(tuple(messages), tuple(expect), _keys(subjects, expect), size)


def covers(pattern: str) -> Callable[[str], bool]:
    """Whether a literal subject falls under a subject filter (`*` one token, `>` the rest)."""
    tokens = pattern.split(".")
    open_ended = tokens[-1] == ">"
    wanted = tokens[:-1] if open_ended else tokens

    def covered(subject: str) -> bool:
        found = subject.split(".")
        if len(found) < len(tokens) or (len(found) > len(tokens) and not open_ended):
            return False
        return all(want in ("*", token) for want, token in zip(wanted, found, strict=False))

    return covered


def _subject(event: Event) -> str:
    subject = event.log_subject
    if not _SUBJECT.fullmatch(subject):
        raise ValueError(f"not a subject of the log: {subject!r}")
    if not _EVENT_ID.fullmatch(event.id):
        raise ValueError(f"not an event id: {event.id!r}")
    return subject


def _message(event: Event, subject: str, expect: Expect | None) -> Message:
    payload = _encode(event)
    if len(payload) > MAX_EVENT_BYTES:
        raise ValueError(f"event {event.id} has {len(payload)} bytes, {MAX_EVENT_BYTES} may be")
    return Message(subject, event.id, payload, expect)


def _placed(expect: Sequence[Expect], subjects: Sequence[str]) -> dict[int, Expect]:
    """Each expectation on the first event it covers, for the server checks it once, there."""
    carried: dict[int, Expect] = {}
    for wanted in expect:
        if wanted.position < 0:
            raise ValueError(f"not an expectation: {wanted}")
        first = _first_covered(wanted, subjects)
        if first in carried:
            raise ValueError(f"{wanted.subject} and {carried[first].subject} cover the same event")
        carried[first] = wanted
    return carried


def _first_covered(wanted: Expect, subjects: Sequence[str]) -> int:
    # Most expectations are about the very aggregate that the event is about.
    if wanted.subject in subjects:
        return subjects.index(wanted.subject)
    if not _FILTER.fullmatch(wanted.subject):
        raise ValueError(f"not an expectation: {wanted}")
    covered = covers(wanted.subject)
    for index, subject in enumerate(subjects):
        if covered(subject):
            return index
    raise ValueError(f"{wanted.subject} covers none of the events")


def _keys(subjects: Sequence[str], expect: Sequence[Expect]) -> frozenset[str] | None:
    aggregates = [subject.split(".", 2)[2] for subject in subjects]
    for wanted in expect:
        tokens = wanted.subject.split(".", 2)
        if len(tokens) < 3 or "*" in tokens[2] or ">" in tokens[2]:
            return None
    return frozenset(aggregates)
