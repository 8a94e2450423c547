"""Timelines of cases told in local time."""

from datetime import datetime
from typing import NamedTuple

from aftercare_events.catalogue.case import Step
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.instants import from_micros, to_micros
from sla_monitor.domain.state import CaseClocks
from sla_monitor.domain.timeline import Lane, Timeline, timeline
from support.clock_stories import POLICIES, local, shown


class Rung(NamedTuple):
    """An alert that was raised."""

    clock: str
    step: Step
    fire_at: datetime
    acknowledged_by: str | None = None
    cycle: int = 1


def timeline_of(*events: bytes, until: str, rung: tuple[Rung, ...] = ()) -> Timeline:
    state: CaseClocks | None = None
    for event in events:
        state = evolve(state, read_event(event), POLICIES)
    assert state is not None
    terms = POLICIES.of(state.policy, state.policy_version)
    assert terms is not None
    return timeline(state, terms, rung, local(until))


def lane_of(story: Timeline, clock: str, cycle: int = 1) -> Lane:
    [found] = [lane for lane in story.lanes if (lane.clock, lane.cycle) == (clock, cycle)]
    return found


def at(micros: int) -> str:
    """An instant as `local` reads it."""
    return shown(from_micros(micros))


def micros(text: str) -> int:
    return to_micros(local(text))


def pieces(lane: Lane) -> list[tuple[str, str, str]]:
    """Where each piece begins, how far the clock is there, and on what ground."""
    return [(at(piece.begin), piece.phase, piece.ground) for piece in lane.pieces]
