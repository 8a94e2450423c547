"""Lines of a file as events: each is valid, or an error with its number."""

import re

import msgspec

from aftercare_events.catalogue import InvalidEvent, decode, entries, entry_of
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.catalogue.terms import CalendarPublished
from aftercare_events.envelope import Event
from aftercare_events.official_days import OfficialDays

from .evolve import ANNOUNCEMENTS
from .facts import REPORTED, UNTIMED, case_in, speaks_to_clocks
from .policy import Policy, from_json

_TYPE = re.compile(r"aftercare\.([a-z_]+)\.[a-z_]+\.v[1-9]\d*")
_PUBLISHED = entry_of(PolicyPublished).name
_EDITION = entry_of(CalendarPublished).name
YEARS = range(2000, 2200)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class _Time(msgspec.Struct):
    """`time` as it was written, which its value no longer shows."""

    time: str


_decoder, _time = msgspec.json.Decoder(Event), msgspec.json.Decoder(_Time)


def read_event(line: bytes) -> Event:
    """One event in the form of the log. Raises InvalidEvent with a sentence."""
    try:
        event, written = _decoder.decode(line), _time.decode(line).time
        # The envelope takes the data unseen: letters that are none, numbers beyond all bounds.
        msgspec.json.decode(event.data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InvalidEvent(str(error)) from error
    if not (event.id and event.source):
        raise InvalidEvent("`id` and `source` must not be empty")
    if not _RFC3339.fullmatch(written):
        raise InvalidEvent("`time` is not RFC 3339 with an offset")
    if event.time.year not in YEARS:
        raise InvalidEvent(f"`time` must lie between the years {YEARS[0]} and {YEARS[-1]}")
    _check_type(event)
    return event


def concerned_case(event: Event) -> str | None:
    """The case that an event is about as far as the clocks care. Raises InvalidEvent."""
    if event.aggregate != "case" and not speaks_to_clocks(event.type):
        return None
    case_id = case_in(event)
    if event.aggregate == "case" and case_id != event.aggregate_id:
        raise InvalidEvent(f"`subject` is {event.subject}, but the data is about case {case_id}")
    return case_id


def published_policy(event: Event) -> Policy | None:
    """The contract that an event publishes, if it is such an event. Raises InvalidEvent."""
    if event.type != _PUBLISHED:
        return None
    published: PolicyPublished = decode(event)
    try:
        return from_json(published.policy)
    except msgspec.ValidationError as error:
        raise InvalidEvent(f"{event.type}: {error}") from error


def published_calendar(event: Event) -> tuple[str, int, OfficialDays] | None:
    """The name, number and days of an edition that an event publishes. Raises InvalidEvent."""
    if event.type != _EDITION:
        return None
    said: CalendarPublished = decode(event)
    if not said.years:
        raise InvalidEvent(f"{event.type}: `years` must not be empty")
    return said.name, said.number, edition_of(said)


def edition_of(said: CalendarPublished) -> OfficialDays:
    return OfficialDays(
        edition=said.edition,
        years=tuple(sorted(said.years)),
        off=frozenset(said.off),
        on=frozenset(said.on),
    )


def _check_type(event: Event) -> None:
    match = _TYPE.fullmatch(event.type)
    if match is None:
        raise InvalidEvent(f"`{event.type}` is no event type")
    if match[1] != event.aggregate:
        raise InvalidEvent(f"`subject` {event.subject} does not fit the type {event.type}")
    if match[1] == "case" and not _is_known(event.type):
        raise InvalidEvent(f"unknown event type {event.type}")


def _is_known(event_type: str) -> bool:
    told = event_type == REPORTED or speaks_to_clocks(event_type)
    return told or event_type in UNTIMED | ANNOUNCEMENTS or event_type in entries()
