"""What another contract would have changed: by clock, by contract, and case by case (RP-03)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from aftercare_events.catalogue.case import Step

from .course import AGREED
from .evolve import UnknownPolicy
from .instants import from_micros
from .ladder import RANKS
from .liability import Liable, liable_of
from .standing import ClockRecord, ClockState, clocks_at
from .state import CaseClocks
from .terms import Policies, Terms
from .what_if import WhatIf


class Count(msgspec.Struct, kw_only=True):
    """Clocks of one name under one contract; `alerts` by rank."""

    clocks: int = 0
    breaches: int = 0
    alerts: dict[Step, int] = msgspec.field(default_factory=lambda: dict.fromkeys(RANKS, 0))


class ClockDifference(msgspec.Struct, kw_only=True):
    clock: str
    before: Count
    after: Count


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How one clock of one case ended, or stands."""

    state: ClockState
    due_at: datetime
    met_at: datetime | None
    alerts: tuple[Step, ...]


class ClockChange(msgspec.Struct, frozen=True, kw_only=True):
    """None on the side that has no such clock."""

    clock: str
    cycle: int
    before: Result | None
    after: Result | None


class CaseChange(msgspec.Struct, frozen=True, kw_only=True):
    case_id: str
    clocks: tuple[ClockChange, ...]


class Penalties(msgspec.Struct, frozen=True, kw_only=True):
    """In per cent of the contract prices, added up; `percent_applied` under each one's cap."""

    percent_due: float
    percent_applied: float


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """`cases` is one page of the `cases_changed`, by case id."""

    replaced: str
    policy: str
    policy_version: int
    until: datetime
    cases_compared: int
    cases_changed: int
    events_refused: int
    penalties_before: Penalties
    penalties_after: Penalties
    clocks: list[ClockDifference]
    cases: list[CaseChange]


def compare(what_if: WhatIf, *, after_case: str = "", limit: int) -> Difference:
    """The whole difference, with at most `limit` changed cases whose id follows `after_case`.

    Cases are looked at one by one: no more of them are kept than one page.
    """
    before, after = _Side(what_if.known, what_if.until), _Side(what_if.instead, what_if.until)
    compared = changed = 0
    page: list[CaseChange] = []
    for sides in what_if.cases():
        compared += 1
        change = _change(sides.before.case_id, before.add(sides.before), after.add(sides.after))
        changed += bool(change.clocks)
        if change.clocks and change.case_id > after_case and len(page) < limit:
            page.append(change)
    return Difference(
        replaced=what_if.replaced,
        policy=what_if.policy.name,
        policy_version=what_if.policy.version,
        until=from_micros(what_if.until),
        cases_compared=compared,
        cases_changed=changed,
        events_refused=what_if.refused,
        penalties_before=before.penalties(),
        penalties_after=after.penalties(),
        clocks=[
            ClockDifference(clock=clock, before=before.counts[clock], after=after.counts[clock])
            for clock in sorted(before.counts.keys() | after.counts.keys())
        ],
        cases=page,
    )


Results = Mapping[tuple[str, int], Result]


class _Side:
    """Sums over the cases under the contracts of one side."""

    def __init__(self, policies: Policies, until: int) -> None:
        self._policies, self._until = policies, until
        self.counts: defaultdict[str, Count] = defaultdict(Count)
        self._due: defaultdict[Liable, Decimal] = defaultdict(Decimal)
        self._applied: defaultdict[Liable, Decimal] = defaultdict(Decimal)

    def add(self, state: CaseClocks) -> Results:
        """How each clock of a case stands, by clock and cycle."""
        terms = self._policies.of_case(state.policy, state.stages)
        if terms is None:
            raise UnknownPolicy(state.policy, state.policy_version)
        records = clocks_at(state, self._until, terms)
        for record in records:
            self._count(state, record, terms)
        for alert in state.alerts:
            self.counts[alert.clock].alerts[alert.step] += 1
        return {(r.clock, r.cycle): _result(state, r) for r in records}

    def _count(self, state: CaseClocks, record: ClockRecord, terms: Terms) -> None:
        count, penalty = self.counts[record.clock], terms.policy.penalty
        count.clocks += 1
        count.breaches += record.breached_at is not None
        if record.breached_at is None or penalty is None or record.clock.endswith(AGREED):
            return
        percent, cap = _decimal(penalty.percent_per_breach), _decimal(penalty.max_percent)
        liable = liable_of(state.contract_id, state.customer_id, state.governing)
        self._due[liable] += percent
        self._applied[liable] = min(self._applied[liable] + percent, cap)

    def penalties(self) -> Penalties:
        return Penalties(
            percent_due=float(sum(self._due.values())),
            percent_applied=float(sum(self._applied.values())),
        )


def _change(case_id: str, before: Results, after: Results) -> CaseChange:
    """What differs; a due time alone is no result."""
    clocks = (
        ClockChange(clock=clock, cycle=cycle, before=was, after=would_be)
        for clock, cycle in sorted(before.keys() | after.keys())
        if _differ(was := before.get((clock, cycle)), would_be := after.get((clock, cycle)))
    )
    return CaseChange(case_id=case_id, clocks=tuple(clocks))


def _differ(before: Result | None, after: Result | None) -> bool:
    if before is None or after is None:
        return before is not after
    return (before.state, before.alerts) != (after.state, after.alerts)


def _result(state: CaseClocks, record: ClockRecord) -> Result:
    raised = (a for a in state.alerts if (a.clock, a.cycle) == (record.clock, record.cycle))
    return Result(
        state=record.state,
        due_at=record.due_at,
        met_at=record.met_at,
        alerts=tuple(alert.step for alert in raised),
    )


def _decimal(percent: float) -> Decimal:
    return Decimal(str(percent))
