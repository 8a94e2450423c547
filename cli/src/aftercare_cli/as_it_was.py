"""`aftercare state`: one case, engineer or loan, or the clocks of a case, as it was (RP-02)."""

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from aftercare_events import ndjson
from aftercare_events.catalogue import decode
from aftercare_events.envelope import Recorded
from dispatch.aggregates import CASE, ENGINEER, LOAN, Aggregate
from sla_monitor.domain.policy import from_json
from sla_monitor.domain.terms import Policies
from sla_monitor.run import run

from .history_reading import Refused, events, told_in_one_line, url_of

FOLDED: dict[str, Aggregate[Any]] = {"case": CASE, "engineer": ENGINEER, "loan": LOAN}


@told_in_one_line
def state(options: argparse.Namespace) -> int:
    """Print it as JSON, from what had been recorded by `--at`."""
    history = _history(url_of(options), options.kind, options.id, options.at)
    if not history:
        raise Refused(f"nothing is recorded of {options.kind} {options.id} by then")
    if options.kind == "clock":
        policies = events(url_of(options), type="aftercare.policy.published.*")
        found: Any = clocks(history, policies, _instant(options.at, history))
    else:
        found = fold(FOLDED[options.kind], history)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def fold(aggregate: Aggregate[Any], history: Sequence[Recorded]) -> dict[str, Any]:
    """The state after the events, with the position of the last one."""
    state = aggregate.initial
    for recorded in history:
        data = decode(recorded.event)
        if type(data) in aggregate.facts:
            state = aggregate.evolve(state, data, recorded.event.time)
    return {"position": history[-1].position, **msgspec.to_builtins(state)}


def clocks(
    history: Sequence[Recorded], policies: Iterator[Recorded], until: datetime
) -> list[dict[str, Any]]:
    """How the clocks of a case stood at `until`, on the contracts that the log holds."""
    known = Policies(from_json(decode(recorded.event).policy) for recorded in policies)
    outcome = run(map(ndjson.line, history), known, until)
    return [msgspec.to_builtins(record) for record in outcome.clocks]


def _history(url: str, kind: str, identifier: str, at: str | None) -> Sequence[Recorded]:
    if kind in ("case", "clock"):
        return list(events(url, case=identifier, until=at))
    every = events(url, type=f"aftercare.{kind}.*", until=at)
    return [recorded for recorded in every if recorded.event.aggregate_id == identifier]


def _instant(at: str | None, history: Sequence[Recorded]) -> datetime:
    """A position stands for the time of the last event by then; nothing for now."""
    if at is None:
        return datetime.now(UTC)
    return history[-1].event.time if at.isdigit() else datetime.fromisoformat(at)
