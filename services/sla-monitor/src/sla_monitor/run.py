"""The pure core over a file of events: what `aftercare sla run` computes."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from aftercare_events.catalogue import InvalidEvent
from aftercare_events.catalogue.case import Step
from aftercare_events.envelope import Event

from .domain.event_lines import (
    concerned_case,
    published_calendar,
    published_policy,
    read_event,
)
from .domain.evolve import ANNOUNCEMENTS, UnknownPolicy, evolve, terms_of
from .domain.facts import REPORTED, read_fact, speaks_to_clocks
from .domain.instants import from_micros, to_micros
from .domain.ladder import DueStep, due_steps, in_order, next_step_at, raised
from .domain.policy import Policy
from .domain.standing import ClockRecord, clocks_at
from .domain.state import CaseClocks
from .domain.terms import Policies


class InvalidLine(ValueError):
    """A line is not a valid event; lines count from 1."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.line = line


class AlertRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One alert that was raised; times in UTC."""

    case_id: str
    clock: str
    cycle: int
    step: Step
    fire_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """Alerts by instant, case, clock and rank; then the clocks by case, clock and cycle."""

    alerts: list[AlertRecord]
    clocks: list[ClockRecord]

    def lines(self) -> Iterator[bytes]:
        """The records as NDJSON, without line ends."""
        for kind, records in (("alert", self.alerts), ("clock", self.clocks)):
            for record in records:
                yield msgspec.json.encode({"record": kind, **msgspec.structs.asdict(record)})


def run(lines: Iterable[bytes], policies: Policies, until: datetime) -> Outcome:
    """Fold the events that happened by `until`, and fire what is due as the log's time advances.

    The order of the lines is that of the log. Later events are checked but not applied; what an
    earlier monitor said is computed anew; a line that repeats an event adds nothing.
    Raises InvalidLine.
    """
    core = Core(policies, to_micros(until))
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                core.tell(read_event(line))
            except (InvalidEvent, UnknownPolicy) as error:
                raise InvalidLine(number, str(error)) from error
    return core.outcome()


class Core:
    """Cases and the log's time; the next step of every case waits in one heap."""

    def __init__(self, policies: Policies, until: int) -> None:
        self._policies = policies.copied()
        self._until = until
        self._cases: dict[str, CaseClocks] = {}
        self._later: set[str] = set()
        self._seen: dict[str, bytes] = {}
        self._waiting: list[tuple[int, str]] = []
        self._now = 0
        self._fired: list[DueStep] = []

    def tell(self, event: Event) -> None:
        """The next event of the log. Raises InvalidEvent, UnknownPolicy."""
        self._take_up(published_policy(event))
        self._take_up_days(event)
        case_id = concerned_case(event)
        if case_id is None or self._is_repeated(event):
            return
        self._check_report(event, case_id)
        at = to_micros(event.time)
        if at > self._until:
            self._check_later(event, case_id, at)
            return
        self._now = max(self._now, at)
        # what happens at the very instant of a step comes first
        self._fire_until(self._now - 1)
        if event.type not in ANNOUNCEMENTS and case_id not in self._later:
            self._keep(evolve(self._cases.get(case_id), event, self._policies))

    def outcome(self) -> Outcome:
        self._fire_until(self._until)
        alerts = [
            AlertRecord(
                case_id=step.case_id,
                clock=step.clock,
                cycle=step.cycle,
                step=step.step,
                fire_at=from_micros(step.fire_at),
                due_at=from_micros(step.due_at),
            )
            for step in sorted(self._fired, key=in_order)
        ]
        cases = (self._cases[case_id] for case_id in sorted(self._cases))
        clocks = [
            record
            for state in cases
            for record in clocks_at(state, self._until, terms_of(state, self._policies))
        ]
        return Outcome(alerts, clocks)

    def _take_up(self, policy: Policy | None) -> None:
        """A contract published in the file is known from there on, unless it was given."""
        if policy is not None and self._policies.of(policy.name, policy.version) is None:
            try:
                self._policies.add(policy)
            except (KeyError, ValueError) as error:
                raise InvalidEvent(f"{policy.name}: {error}") from error

    def _take_up_days(self, event: Event) -> None:
        """Official days published in the file are those of the cases reported after them."""
        published = published_calendar(event)
        if published is not None:
            try:
                self._policies.publish(*published)
            except ValueError as error:
                raise InvalidEvent(str(error)) from error

    def _is_repeated(self, event: Event) -> bool:
        digest = _digest(event)
        known = self._seen.get(event.id)
        if known is None:
            self._seen[event.id] = digest
        elif known != digest:
            raise InvalidEvent(f"another event has the id {event.id} already")
        return known is not None

    def _check_report(self, event: Event, case_id: str) -> None:
        known = case_id in self._cases or case_id in self._later
        if event.type == REPORTED and known:
            raise InvalidEvent(f"case {case_id} has been reported already")
        if event.type != REPORTED and not known:
            raise InvalidEvent(f"case {case_id} has not been reported")

    def _check_later(self, event: Event, case_id: str, at: int) -> None:
        """What is not applied must be valid all the same."""
        if event.type == REPORTED:
            evolve(None, event, self._policies)
            self._later.add(case_id)
        elif speaks_to_clocks(event.type):
            read_fact(event, at)

    def _keep(self, state: CaseClocks | None) -> None:
        if state is None:
            return
        self._cases[state.case_id] = state
        instant = next_step_at(state)
        if instant is not None:
            heapq.heappush(self._waiting, (instant, state.case_id))

    def _fire_until(self, instant: int) -> None:
        """Fire what falls due up to the log's time."""
        while self._waiting and self._waiting[0][0] <= instant:
            _, case_id = heapq.heappop(self._waiting)
            state = self._cases[case_id]
            for step in due_steps(state, instant, terms_of(state, self._policies)):
                self._fired.append(step)
                state = raised(state, step, step.fire_at)
            self._keep(state)


def _digest(event: Event) -> bytes:
    """The same for the same event, however its data was spaced or ordered."""
    data = msgspec.json.encode(msgspec.json.decode(event.data), order="sorted")
    envelope = msgspec.json.encode(msgspec.structs.replace(event, data=msgspec.Raw(b"null")))
    return sha256(envelope + data).digest()
