"""The live monitor against the pure core over random histories, with restarts and sleep (SL-05).

The rule. The core fires every step at its instant. So does a monitor that is awake then, however
often it is restarted and whatever is acknowledged. A monitor that slept raises on its return what
fell due meanwhile, except for a clock that the log shows as ended by then and a step that a change
has moved by then: nobody is told of what nobody can act upon any more. Clocks and breaches are the
same in every case.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare_events.catalogue import decode, record
from aftercare_events.catalogue.sla import AlertRaised
from aftercare_events.envelope import Event
from sla_monitor.domain.acknowledge import Acknowledge, acknowledge
from sla_monitor.domain.alert import resolution
from sla_monitor.domain.decide import Said, decide_due, next_fire_at
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.standing import ClockRecord, clocks_at
from sla_monitor.domain.state import CaseClocks
from sla_monitor.run import Core, Outcome
from support.clock_stories import POLICIES
from support.random_histories import START, histories, terms_of

MOMENT = timedelta(microseconds=1)
UNTIL = START + timedelta(days=15)
RAISED = "aftercare.case.alert_raised.v1"
MOVING = ("severity_changed", "reclassified", "deadline_agreed", "paused", "resumed", "reopened")
Key = tuple[str, int, str, datetime]


def folded(log: Sequence[Event]) -> CaseClocks | None:
    state: CaseClocks | None = None
    for event in log:
        state = evolve(state, event, POLICIES)
    return state


class Live:
    """A monitor on one log. What it said stands there too, and a restart knows nothing else."""

    def __init__(self) -> None:
        self.log: list[Event] = []
        self.state: CaseClocks | None = None
        self.looks: list[tuple[datetime, int]] = []

    def record(self, event: Event) -> None:
        self.log.append(event)
        self.state = evolve(self.state, event, POLICIES)

    def restart(self) -> None:
        self.state = folded(self.log)

    def watch(self, until: datetime) -> None:
        """Be awake and look at every instant that asks for it, up to and with `until`."""
        while self.state is not None:
            instant = next_fire_at(self.state, terms_of(self.state))
            if instant is None or instant > max(until, self._time()):
                return
            # What a fact undid asks for a look at once, at an instant that others may still share.
            if not self.look(min(max(instant, self._time()), until)):
                assert instant > until, "woken for nothing"
                return

    def look(self, at: datetime) -> Sequence[Said]:
        if self.state is None:
            return ()
        self.looks.append((at, len(self.log)))
        said = decide_due(self.state, at, terms_of(self.state))
        for fact in said:
            self.record(record(fact, service="sla", time=at, actor="sla"))
        return said

    def answer(self, lot: Random, at: datetime) -> None:
        """Somebody acknowledges an open alert, with or without a promise."""
        assert self.state is not None
        still = [a for a in self.state.alerts if not a.resolved and a.holder is None]
        open_alerts = [a for a in still if resolution(self.state, a) is None]
        if not open_alerts:
            return
        until = at + timedelta(minutes=lot.randrange(1, 600)) if lot.random() < 0.5 else None
        command = Acknowledge(by="E1", at=at, now=at, until=until)
        for fact in acknowledge(self.state, lot.choice(open_alerts), command):
            self.record(record(fact, service="sla", time=at, actor="E1"))

    def alerts(self) -> list[AlertRaised]:
        return [decode(self.log[place]) for place in self.places()]

    def places(self) -> list[int]:
        """Where alerts stand in the log."""
        return [place for place, event in enumerate(self.log) if event.type == RAISED]

    def clocks(self) -> list[ClockRecord]:
        assert self.state is not None
        return clocks_at(self.state, _micros(UNTIL), terms_of(self.state))

    def _time(self) -> datetime:
        assert self.state is not None
        return START + timedelta(microseconds=self.state.course.at - _micros(START))


def _micros(instant: datetime) -> int:
    return (instant - datetime.fromtimestamp(0, instant.tzinfo)) // MOMENT


def core(log: Sequence[Event], until: datetime) -> Outcome:
    """The core over what others said; it would ignore what a monitor said itself."""
    pure = Core(POLICIES, _micros(until))
    for event in log:
        pure.tell(event)
    return pure.outcome()


def keys(alerts: Sequence[Any]) -> list[Key]:
    return sorted((a.clock, a.cycle, a.step, a.fire_at) for a in alerts)


def breaches(live: Live) -> set[tuple[str, int]]:
    assert live.state is not None
    return {(breach.clock, breach.cycle) for breach in live.state.breaches}


@settings(max_examples=60, deadline=None)
@given(histories(in_order=False), st.randoms(use_true_random=False))
def test_monitor_that_is_awake_raises_what_the_core_says(events: list[Event], lot: Random) -> None:
    """Facts told late, restarts and acknowledgements at random points included."""
    live, now = Live(), START
    for event in events:
        now = max(now, event.time)
        live.watch(now - MOMENT)
        live.record(event)
        if lot.random() < 0.3:
            live.answer(lot, now)
        if lot.random() < 0.3:
            live.restart()
    live.watch(UNTIL)

    pure = core(live.log, UNTIL)
    assert keys(live.alerts()) == keys(pure.alerts)
    assert live.clocks() == pure.clocks
    assert len({alert.alert_id for alert in live.alerts()}) == len(live.alerts())


@settings(max_examples=60, deadline=None)
@given(histories(in_order=True), st.randoms(use_true_random=False))
def test_monitor_that_slept_raises_what_can_still_be_acted_upon(
    events: list[Event], lot: Random
) -> None:
    live, awake = Live(), Live()
    for event in events:
        awake.watch(event.time - MOMENT)
        awake.record(event)
        if lot.random() < 0.5:
            live.restart()
            live.look(event.time - MOMENT)
        live.record(event)
    awake.watch(UNTIL)
    live.look(UNTIL)
    live.watch(UNTIL)

    pure = core(live.log, UNTIL)
    assert live.clocks() == pure.clocks
    assert breaches(live) == breaches(awake)
    assert len({alert.alert_id for alert in live.alerts()}) == len(live.alerts())
    assert {key[:3] for key in keys(live.alerts())} <= {key[:3] for key in keys(pure.alerts)}
    for missing in set(keys(pure.alerts)) - set(keys(live.alerts())):
        assert is_explained(live, missing), missing
    assert not [place for place in live.places() if had_ended(live, place)]


def is_explained(live: Live, missing: Key) -> bool:
    """When the monitor returned, the clock had ended or a change had come behind the step."""
    clock, cycle, _, fire_at = missing
    seen = next(seen for at, seen in live.looks if at >= fire_at)
    told = live.log[:seen]
    moved = any(e.time >= fire_at and e.type.split(".")[2] in MOVING for e in told)
    return (clock, cycle) in ended(told) or moved


def had_ended(live: Live, place: int) -> bool:
    """Whether an alert stands in the log behind what had ended its clock."""
    alert: AlertRaised = decode(live.log[place])
    return (alert.clock, alert.cycle) in ended(live.log[:place])


def ended(log: Sequence[Event]) -> set[tuple[str, int]]:
    state = folded(log)
    clocks = state.course.clocks if state else ()
    return {(clock.name, clock.cycle) for clock in clocks if clock.outcome}
