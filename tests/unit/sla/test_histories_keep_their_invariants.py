"""Random histories of one case: the fold, the file and the live monitor agree."""

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import AlertRaised
from aftercare_events.envelope import Event
from sla_monitor.domain.decide import decide_due, next_fire_at
from sla_monitor.domain.evolve import evolve, refolded
from sla_monitor.domain.state import CaseClocks, from_bytes, to_bytes
from sla_monitor.run import Core
from support.clock_stories import POLICIES
from support.random_histories import START, histories, terms_of


def fold(events: Sequence[Event]) -> CaseClocks:
    state: CaseClocks | None = None
    for event in events:
        state = evolve(state, event, POLICIES)
    assert state is not None
    return state


@settings(max_examples=60, deadline=None)
@given(histories(in_order=False))
def test_fold_is_the_same_told_at_once_or_piece_by_piece(events: list[Event]) -> None:
    state = fold(events)
    assert refolded(state, terms_of(state)).course == state.course
    assert from_bytes(to_bytes(state)) == state


@settings(max_examples=40, deadline=None)
@given(histories(in_order=True), st.randoms(use_true_random=False))
def test_order_of_telling_changes_no_clock(events: list[Event], random: Any) -> None:
    """Facts of different instants may be told in any order."""
    instants = Counter(event.time for event in events)
    unique = [event for event in events[1:] if instants[event.time] == 1]
    shuffled = random.sample(unique, len(unique))
    assert fold([events[0], *unique]).course == fold([events[0], *shuffled]).course


def _look(state: CaseClocks, at: datetime, raised: list[AlertRaised]) -> CaseClocks:
    """Look at a case when it asks for it, up to an instant, with a restart after every look."""
    for _ in range(1000):
        instant = next_fire_at(state, terms_of(state))
        if instant is None or instant > at:
            return state
        said = decide_due(state, max(instant, state_time(state)), terms_of(state))
        assert said, "the monitor was woken for nothing"
        for data in said:
            if isinstance(data, AlertRaised):
                raised.append(data)
            event = record(data, service="sla", time=instant, actor="sla")
            after = evolve(state, event, POLICIES)
            assert after is not None
            state = from_bytes(to_bytes(after))
    raise AssertionError("the monitor found no rest")


def state_time(state: CaseClocks) -> datetime:
    return datetime.fromtimestamp(state.course.at / 1_000_000, tz=START.tzinfo)


@settings(max_examples=60, deadline=None)
@given(histories(in_order=True))
def test_live_monitor_raises_what_the_file_says(events: list[Event]) -> None:
    until = START + timedelta(days=15)
    core = Core(POLICIES, int(until.timestamp()) * 1_000_000)
    for event in events:
        core.tell(event)
    expected = core.outcome()

    raised: list[AlertRaised] = []
    state: CaseClocks | None = None
    for event in events:
        if state is not None:
            state = _look(state, event.time - timedelta(microseconds=1), raised)
        state = evolve(state, event, POLICIES)
    assert state is not None
    _look(state, until, raised)

    def key(alert: Any) -> tuple[Any, ...]:
        return (alert.fire_at, alert.clock, alert.cycle, alert.step, alert.due_at)

    assert sorted(map(key, raised)) == sorted(map(key, expected.alerts))
    assert len({alert.alert_id for alert in raised}) == len(raised)


@settings(max_examples=60, deadline=None)
@given(histories(in_order=True))
def test_ladders_climb_in_order_and_end_with_their_clock(events: list[Event]) -> None:
    until = START + timedelta(days=15)
    core = Core(POLICIES, int(until.timestamp()) * 1_000_000)
    for event in events:
        core.tell(event)
    outcome = core.outcome()
    changes = sum(event.type.endswith(("changed.v1", "reclassified.v1")) for event in events)
    agreed = sum(event.type.endswith("agreed.v1") for event in events)
    fired = Counter((a.clock, a.cycle, a.step) for a in outcome.alerts)
    assert all(count <= 1 + changes + agreed for count in fired.values())
    clocks = {(c.clock, c.cycle): c for c in outcome.clocks}
    for alert in outcome.alerts:
        clock = clocks[alert.clock, alert.cycle]
        replaced = clock.clock.endswith("/agreed")
        assert replaced or alert.fire_at >= clock.started_at
        assert clock.met_at is None or alert.fire_at < clock.met_at
    for first, second in itertools.pairwise(outcome.alerts):
        assert first.fire_at <= second.fire_at
