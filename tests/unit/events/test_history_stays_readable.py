"""Every event type ever published decodes to what it said, and says the same again."""

import msgspec
import pytest

from aftercare_events.catalogue import decode, entries, entry_of, record
from aftercare_events.catalogue.registry import upcasters
from aftercare_events.envelope import Event
from support.golden import GOLDEN, WHEN, golden_file

FILES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def golden(event_type: str) -> Event:
    return msgspec.json.decode(golden_file(event_type).read_bytes(), type=Event)


def test_every_type_has_its_golden_file() -> None:
    """`make golden` writes what is missing here."""
    assert set(entries()) <= set(FILES)


@pytest.mark.parametrize("event_type", FILES)
def test_no_published_type_is_forgotten(event_type: str) -> None:
    assert event_type in entries() or event_type in upcasters()


@pytest.mark.parametrize("event_type", [name for name in FILES if name in entries()])
def test_current_type_says_the_same_again(event_type: str) -> None:
    event = golden(event_type)
    data = decode(event)
    said = record(data, service="intake", time=WHEN, actor="golden")
    assert msgspec.json.decode(said.data) == msgspec.json.decode(event.data)
    assert (said.type, said.subject) == (event.type, event.subject)


def test_old_types_become_current_ones() -> None:
    for event_type in upcasters():
        assert entry_of(decode(golden(event_type))).name in entries()


@pytest.mark.parametrize("event_type", FILES)
def test_envelope_survives_a_round_trip(event_type: str) -> None:
    event = golden(event_type)
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
