"""What must have happened once, counted in the log itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from aftercare_events.envelope import Recorded

Told = tuple[str, Mapping[str, Any], Recorded]
# Reported once in each cycle of a case; a reopened case begins a new one.
ONCE_A_CYCLE = frozenset(
    f"case.{name}"
    for name in ("contacted", "responded", "diagnosed", "restored", "resolved", "signed_off")
)


def doubled(events: Sequence[Recorded]) -> list[str]:
    """One line for each effect that the log holds twice; empty when all is well."""
    told = [_told(recorded) for recorded in events]
    return [
        *_repeated("event id", (recorded.event.id for _, _, recorded in told)),
        *_repeated("opening", _openings(told)),
        *_repeated("identity", _identities(told)),
        *_repeated("alert", _named(told, "case.alert_raised", "alert_id")),
        *_repeated("callback", _callbacks(told)),
        *_repeated("attempt", _named(told, "callback.attempted", "callback_id", "attempt")),
        *_repeated("answer", _named(told, "callback.completed", "callback_id")),
        *_repeated("milestone", _milestones(told)),
        *_overlaps(told),
        *_lent_twice(told),
        *_twice_in_a_row(told, "case.clock_breached", "case.breach_withdrawn", _clock),
        *_twice_in_a_row(told, "case.penalty_accrued", "case.penalty_withdrawn", _clock),
    ]


def _told(recorded: Recorded) -> Told:
    name = ".".join(recorded.event.type.split(".")[1:3])
    return name, msgspec.json.decode(recorded.event.data), recorded


def _repeated(what: str, keys: Iterable[object]) -> Iterator[str]:
    return (f"{what} {key} x {count}" for key, count in Counter(keys).items() if count > 1)


def _openings(told: Sequence[Told]) -> Iterator[str]:
    opening = {"case.reported", "call.recorded", "mail.received", "fax.received", "loan.reserved"}
    return (recorded.event.subject for name, _, recorded in told if name in opening)


def _identities(told: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """What intake knows a request or a message by."""
    for name, data, _ in told:
        if name in ("case.reported", "case.message_added") and data.get("identity"):
            yield name, data["identity"]


def _named(told: Sequence[Told], wanted: str, *fields: str) -> Iterator[tuple[Any, ...]]:
    return (tuple(data[field] for field in fields) for name, data, _ in told if name == wanted)


def _callbacks(told: Sequence[Told]) -> Iterator[tuple[Any, ...]]:
    return _named(told, "callback.scheduled", "case_id", "cycle")


def _milestones(told: Sequence[Told]) -> Iterator[tuple[str, str, int]]:
    cycle: Counter[str] = Counter()
    for name, data, _ in told:
        if name == "case.reopened":
            cycle[data["case_id"]] += 1
        if name in ONCE_A_CYCLE:
            yield name, data["case_id"], cycle[data["case_id"]]


def _overlaps(told: Sequence[Told]) -> Iterator[str]:
    """Visits of one engineer that were booked for the same time."""
    booked: dict[str, dict[str, tuple[datetime, datetime]]] = {}
    for name, data, recorded in told:
        if name == "engineer.released":
            booked.get(data["engineer_id"], {}).pop(data["case_id"], None)
        if name != "engineer.booked":
            continue
        visits = booked.setdefault(data["engineer_id"], {})
        start, end = (datetime.fromisoformat(data[f]) for f in ("start", "end"))
        for case_id, (other_start, other_end) in visits.items():
            if case_id != data["case_id"] and start < other_end and other_start < end:
                yield f"{data['engineer_id']} at {recorded.position}: {case_id}, {data['case_id']}"
        visits[data["case_id"]] = (start, end)


def _lent_twice(told: Sequence[Told]) -> Iterator[str]:
    ends = ("unit.returned", "unit.written_off")
    yield from _twice_in_a_row(told, "unit.reserved", ends, lambda data: data["unit_id"])


def _clock(data: Mapping[str, Any]) -> object:
    return data["case_id"], data["clock"], data["cycle"]


def _twice_in_a_row(
    told: Sequence[Told],
    begins: str,
    ends: str | tuple[str, ...],
    key_of: Callable[[Mapping[str, Any]], object],
) -> Iterator[str]:
    """What began again before it had ended."""
    standing: set[object] = set()
    for name, data, recorded in told:
        if name in (ends if isinstance(ends, tuple) else (ends,)):
            standing.discard(key_of(data))
        elif name == begins:
            if key_of(data) in standing:
                yield f"{begins} {key_of(data)} again at {recorded.position}"
            standing.add(key_of(data))
