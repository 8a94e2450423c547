"""DP-01, DP-06: whatever several dispatchers do at the same time, nobody is booked or on site in
two places and no case falls between two states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from itertools import combinations
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import EngineerBooked, EngineerRegistered, EngineerReleased
from aftercare_events.decider import Refused
from dispatch.domain import booking, case, case_folding, case_state, engineer
from dispatch.domain import commands as cmd
from dispatch.domain.slot import Slot
from support.dispatch_cases import START, at

CASES = ("CASE-1", "CASE-2", "CASE-3")
ENGINEERS = ("E-1", "E-2")
Key = tuple[str, str]
cases = st.sampled_from(CASES)
engineers = st.sampled_from(ENGINEERS)
# Visits of two hours that begin every hour: each overlaps its neighbours.
slots = st.integers(0, 3).map(lambda hour: Slot(at(60 * hour), at(60 * hour + 120)))
WRITTEN = c.MaintenanceRecord(
    symptom="no light", cause="fuse", action="fuse replaced", prevention="checked each spring"
)


@dataclass(frozen=True)
class Prepared:
    """What a dispatcher decided, and what it was based on."""

    facts: Sequence[Any]
    basis: dict[Key, int]


class DispatchRoom(RuleBasedStateMachine):
    """The log in small: a batch is refused when anything it rests on has moved on."""

    @initialize()
    def open(self) -> None:
        self.now = START
        self.states: dict[Key, Any] = {}
        for key in CASES:
            fact = c.CaseReported(
                case_id=key, kind="fault", channel="phone", policy="p", customer_id="C-1"
            )
            self.states["case", key] = case_folding.evolve(case_state.INITIAL, fact, START)
        for key in ENGINEERS:
            entry = EngineerRegistered(engineer_id=key)
            self.states["engineer", key] = engineer.evolve(engineer.INITIAL, entry, START)
        self.versions = dict.fromkeys(self.states, 0)
        self.prepared: list[Prepared] = []

    def give(self, command: cmd.Command) -> None:
        """Decide as `Handling` does: the case first, then the days of those whom it concerns."""
        key = ("case", command.case_id)
        before = self.states[key]
        try:
            facts = case.decide(command, before)
            after = reduce(lambda s, fact: case_folding.evolve(s, fact, command.at), facts, before)
            wanted = booking.follow(command.case_id, before, facts, after, command.at)
            concerned = [("engineer", who) for who in {engineer.who(one) for one in wanted}]
            days = [
                fact
                for place in concerned
                for fact in booking.decide(
                    [one for one in wanted if engineer.who(one) == place[1]],
                    self.states[place],
                    command.at,
                )
            ]
        except Refused:
            return
        basis = {place: self.versions[place] for place in (key, *concerned)}
        self.prepared.append(Prepared([*days, *facts], basis))

    @rule(
        case_id=cases,
        engineer_id=engineers,
        slot=slots,
        mode=st.sampled_from(("onsite", "hotline")),
    )
    def assign(self, case_id: str, engineer_id: str, slot: Slot, mode: c.Mode) -> None:
        held = self.states["case", case_id].assignment
        command = cmd.Assign(
            case_id=case_id,
            at=self.now,
            engineer_id=engineer_id,
            mode=mode,
            slot=slot if mode == "onsite" else None,
            replaces=held.engineer_id if held else None,
            reason="nearer",
        )
        self.give(command)

    @rule(case_id=cases, engineer_id=engineers, slot=slots)
    def send_and_arrive(self, case_id: str, engineer_id: str, slot: Slot) -> None:
        """Nobody comes in between."""
        self.assign(case_id, engineer_id, slot, "onsite")
        self.commit_all()
        self.give(cmd.Arrive(case_id=case_id, at=self.now))
        self.commit_all()

    @rule(
        case_id=cases,
        kind=st.sampled_from(
            (
                *(cmd.Accept, cmd.Decline, cmd.RejectEngineer, cmd.Contact, cmd.RequireOnsite),
                *(cmd.Depart, cmd.Arrive, cmd.Restore, cmd.Resolve, cmd.SignOff, cmd.Reopen),
                cmd.Close,
            )
        ),
    )
    def go_on(self, case_id: str, kind: Any) -> None:
        self.give(kind(case_id=case_id, at=self.now))

    @rule(case_id=cases)
    def write_down(self, case_id: str) -> None:
        self.give(cmd.Record(case_id=case_id, at=self.now, record=WRITTEN))

    @rule(case_id=cases)
    def pass_to_the_vendor(self, case_id: str) -> None:
        self.give(cmd.EscalateToExpert(case_id=case_id, at=self.now, target="vendor"))

    @rule(case_id=cases)
    def take_back(self, case_id: str) -> None:
        self.give(cmd.TakeBack(case_id=case_id, at=self.now))

    @rule()
    def withdraw_the_last(self) -> None:
        """By intake, which asks nobody."""
        self.happened(c.CaseWithdrawn(case_id=CASES[-1], reason="mistaken"))

    @rule(minutes=st.integers(1, 30))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

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

    @rule(case_id=cases)
    def release(self, case_id: str) -> None:
        """The machine frees the day of whoever was to visit a case that another service ended."""
        state = self.states["case", case_id]
        if state.ended and state.visit is not None:
            key = ("engineer", state.visit[0])
            command = engineer.Release(engineer_id=key[1], case_id=case_id, reason="case_ended")
            facts = booking.decide([command], self.states[key], self.now)
            self.prepared.append(Prepared(facts, {key: self.versions[key]}))

    def happened(self, fact: Any) -> None:
        if isinstance(fact, EngineerBooked | EngineerReleased):
            key = ("engineer", fact.engineer_id)
            self.states[key] = engineer.evolve(self.states[key], fact, self.now)
        else:
            key = ("case", fact.case_id)
            self.states[key] = case_folding.evolve(self.states[key], fact, self.now)
        self.versions[key] += 1

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for engineer_id in ENGINEERS if hasattr(self, "states") else ():
            booked = self.states["engineer", engineer_id].bookings.values()
            assert not any(one.overlaps(other) for one, other in combinations(booked, 2))

    @invariant()
    def nobody_is_on_site_at_two_cases(self) -> None:
        """Whoever arrived is there until all is restored and written down, or handed on."""
        if not hasattr(self, "states"):
            return
        cases = [self.states["case", case_id] for case_id in CASES]
        there = [
            one.assignment.engineer_id
            for one in cases
            if one.stage == "open"
            and not one.done_on_site
            and one.assignment is not None
            and one.assignment.arrived_at is not None
        ]
        assert len(there) == len(set(there))

    @invariant()
    def days_and_cases_agree(self) -> None:
        for case_id in CASES if hasattr(self, "states") else ():
            state = self.states["case", case_id]
            booked = {
                case_state.Visit(who, slot, on_site=day.on_site == case_id)
                for who in ENGINEERS
                for day in [self.states["engineer", who]]
                if (slot := day.bookings.get(case_id)) is not None
            }
            if not state.ended:
                assert booked == ({state.visit} if state.visit else set())
            assert len(booked) <= 1

    @invariant()
    def every_open_case_has_somebody_or_looks_for_somebody(self) -> None:
        for case_id in CASES if hasattr(self, "states") else ():
            state = self.states["case", case_id]
            if state.stage == "open":
                assert state.holder is not None or state.wanted is not None
            else:
                assert state.wanted is None


TestDispatchRoom = DispatchRoom.TestCase
TestDispatchRoom.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
