"""DP-10: whatever several dispatchers do to loans at the same time, a unit is in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from aftercare_events.catalogue.unit import (
    UnitInspected,
    UnitRegistered,
    UnitReserved,
    UnitReturned,
    UnitWrittenOff,
)
from aftercare_events.decider import Refused
from dispatch.domain import lending, loan, unit
from dispatch.domain.case_folding import evolve
from dispatch.domain.case_state import CaseState
from support.dispatch_cases import CASE, after, at, reported

UNITS = ("U-1", "U-2", "U-3")
LOANS = ("L-1", "L-2", "L-3", "L-4")
Key = tuple[str, str]
Decide = Callable[[Any], Sequence[Any]]


@dataclass(frozen=True)
class Prepared:
    """What a dispatcher decided, and what it was based on."""

    facts: Sequence[Any]
    basis: dict[Key, int]


class Depot(RuleBasedStateMachine):
    """The log in small: a batch is refused when anything it rests on has moved on."""

    @initialize()
    def open(self) -> None:
        self.states: dict[Key, Any] = {("case", CASE): after(reported())}
        self.states |= {("loan", key): loan.INITIAL for key in LOANS}
        self.states |= {("unit", key): unit.INITIAL for key in UNITS}
        self.versions = dict.fromkeys(self.states, 0)
        self.prepared: list[Prepared] = []
        self.holders: dict[str, set[str]] = {key: set() for key in UNITS}
        for key in UNITS:
            self.prepare(lambda _, key=key: [_entry(key)], ("unit", key))
        self.commit_all()

    def prepare(self, decide: Decide, *touched: Key) -> None:
        states = [self.states[key] for key in touched]
        try:
            facts = decide(states)
        except Refused:
            return
        self.prepared.append(Prepared(facts, {key: self.versions[key] for key in touched}))

    @rule(loan_id=st.sampled_from(LOANS), unit_id=st.sampled_from(UNITS))
    def lend(self, loan_id: str, unit_id: str) -> None:
        command = loan.Reserve(
            loan_id=loan_id, case_id=CASE, unit_id=unit_id, depot_id="DP-1", model="S7706"
        )
        self.prepare(
            lambda s: lending.lend(command, s[0], s[1], s[2]),
            ("case", CASE),
            ("unit", unit_id),
            ("loan", loan_id),
        )

    @rule(loan_id=st.sampled_from(LOANS), unit_id=st.sampled_from(UNITS))
    def swap(self, loan_id: str, unit_id: str) -> None:
        terms = self.states["loan", loan_id].terms
        if terms is None:
            return
        command = loan.Swap(
            loan_id=loan_id, unit_id=unit_id, depot_id="DP-1", model="S7706", condition="dead"
        )
        self.prepare(
            lambda s: lending.swap(command, s[0], s[1], s[2]),
            ("loan", loan_id),
            ("unit", terms.unit_id),
            ("unit", unit_id),
        )

    @rule(loan_id=st.sampled_from(LOANS), end=st.sampled_from(("fit", "unfit", "unseen", "lost")))
    def end(self, loan_id: str, end: str) -> None:
        terms = self.states["loan", loan_id].terms
        if terms is None:
            return
        command: loan.Return | loan.WriteOff = loan.WriteOff(loan_id=loan_id, reason="lost")
        if end != "lost":
            fit = {"fit": True, "unfit": False, "unseen": None}[end]
            command = loan.Return(loan_id=loan_id, condition="back", fit=fit)
        self.prepare(
            lambda s: lending.end(command, s[0], s[1]), ("loan", loan_id), ("unit", terms.unit_id)
        )

    @rule(loan_id=st.sampled_from(LOANS), step=st.sampled_from((loan.Ship, loan.Receive)))
    def move(self, loan_id: str, step: type[loan.Ship] | type[loan.Receive]) -> None:
        self.prepare(lambda s: loan.decide(step(loan_id=loan_id), s[0]), ("loan", loan_id))

    @rule(unit_id=st.sampled_from(UNITS), fit=st.booleans())
    def inspect(self, unit_id: str, fit: bool) -> None:
        command = unit.Inspect(unit_id=unit_id, fit=fit)
        self.prepare(lambda s: unit.decide(command, s[0]), ("unit", unit_id))

    @rule(unit_id=st.sampled_from(UNITS))
    def enter_anew(self, unit_id: str) -> None:
        command = unit.Register(entry=_entry(unit_id))
        self.prepare(lambda s: unit.decide(command, s[0]), ("unit", unit_id))

    @rule()
    def commit_all(self) -> None:
        """In the order in which they were decided; the later of two that race finds it is late."""
        for one in self.prepared:
            if all(self.versions[key] == version for key, version in one.basis.items()):
                for fact in one.facts:
                    self.happened(fact)
        self.prepared = []

    @rule()
    def commit_the_last_first(self) -> None:
        self.prepared.reverse()
        self.commit_all()

    def happened(self, fact: Any) -> None:
        key = _key(fact)
        state = self.states[key]
        self.versions[key] += 1
        match key[0]:
            case "case":
                assert isinstance(state, CaseState)
                self.states[key] = evolve(state, fact, at(10))
            case "unit":
                self.states[key] = unit.evolve(state, fact)
                self.book(fact)
            case _:
                self.states[key] = loan.evolve(state, fact, at(10))

    def book(self, fact: Any) -> None:
        """The model: who has the unit, by what the log says and nothing else."""
        match fact:
            case UnitReserved():
                assert self.holders[fact.unit_id] == set(), "lent twice"
                self.holders[fact.unit_id].add(fact.loan_id)
            case UnitReturned() | UnitWrittenOff():
                self.holders[fact.unit_id].remove(fact.loan_id)
            case _:
                assert self.holders[fact.unit_id] == set(), "inspected or entered while lent"

    @invariant()
    def loans_and_units_agree(self) -> None:
        if not hasattr(self, "states"):
            return
        out = {
            self.states["loan", key].terms.unit_id: key
            for key in LOANS
            if self.states["loan", key].stage in loan.OUT
        }
        lent = {key: self.states["unit", key].loan_id for key in UNITS}
        assert {key: held for key, held in lent.items() if held} == out
        assert len(out) == sum(self.states["loan", key].stage in loan.OUT for key in LOANS)
        assert set(self.states["case", CASE].loans) == set(out.values())


def _entry(unit_id: str) -> UnitRegistered:
    return UnitRegistered(unit_id=unit_id, depot_id="DP-1", model="S7706", grade=2)


def _key(fact: Any) -> Key:
    match fact:
        case CaseLoanReserved() | CaseLoanEnded():
            return "case", fact.case_id
        case (
            UnitRegistered() | UnitReserved() | UnitReturned() | UnitInspected() | UnitWrittenOff()
        ):
            return "unit", fact.unit_id
        case _:
            return "loan", fact.loan_id


TestDepot = Depot.TestCase
TestDepot.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
