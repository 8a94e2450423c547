"""What becomes of a case: each command is told what it must know of staff and contract first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from msgspec.structs import replace as replace_fact

from aftercare_events.catalogue.case import EngineerRejected
from aftercare_events.clock import Clock
from aftercare_events.decider import Refused

from .choosing import Choosing
from .domain import booking, case, case_facts, case_folding, case_state, engineer
from .domain import commands as cmd
from .domain.acceptance import figures_for
from .domain.case_state import CaseState
from .plan import Plan
from .reading import Loaded, Reading


class CasePlans:
    def __init__(self, reading: Reading, choosing: Choosing, clock: Clock) -> None:
        self._reading = reading
        self._choosing = choosing
        self._clock = clock

    async def change(self, command: cmd.Command) -> Plan:
        """Raises Unknown, Refused."""
        loaded = await self._reading.case(command.case_id)
        facts = case.decide(await self._informed(command, loaded.state), loaded.state)
        change = _Change(loaded, facts, command.at)
        others = await self._rejected_elsewhere(change)
        changes = [*others, change]
        wanted = [one for each in changes for one in each.wanted]
        days, engineers = await self._days(wanted, command.at)
        return Plan(
            [*days, *(fact for each in changes for fact in each.facts)],
            [loaded, *(one.loaded for one in others), *engineers],
            case_state.status(change.after),
        )

    async def _rejected_elsewhere(self, change: "_Change") -> Sequence["_Change"]:
        """Whom a customer rejects is taken from all their open cases at once (DP-16)."""
        report = change.loaded.state.report
        rejected = [fact for fact in change.facts if isinstance(fact, EngineerRejected)]
        if not rejected or report is None or not report.customer_id:
            return []
        said = rejected[0]
        cases = await self._reading.held_by(said.engineer_id)
        held = [await self._reading.case(one) for one in cases if one != said.case_id]
        return [
            _Change(one, [replace_fact(said, case_id=one.identifier)], change.at)
            for one in held
            if one.state.stage == "open"
            and one.state.report is not None
            and one.state.report.customer_id == report.customer_id
            and one.state.assignment is not None
            and one.state.assignment.engineer_id == said.engineer_id
        ]

    async def _informed(self, command: cmd.Command, state: CaseState) -> cmd.Command:
        match command:
            case cmd.Assign():
                return await self._looked_up(command, state)
            case cmd.Depart():
                return replace(command, next_visit=await self._next_visit(command, state))
            case cmd.Arrive(partner_id=None):
                return await self._with_competence(command, state)
            case cmd.Restore() | cmd.Resolve():
                return await self._with_figures(command, state)
            case cmd.EscalateToExpert():
                known = await self._reading.partner(command.target)
                return replace(command, partner=known.state.entry)
            case cmd.ActivatePlan():
                return await self._with_plan(command, state)
            case _:
                return command

    async def _looked_up(self, command: cmd.Assign, case: CaseState) -> cmd.Assign:
        """A choice by hand is checked against the staff, whether or not it books a visit."""
        entry = (await self._reading.engineer(command.engineer_id)).state.entry
        if entry is None or not entry.active:
            raise Refused(
                "unknown-engineer", f"no engineer {command.engineer_id} is at work", "engineer_id"
            )
        at = command.slot.start if command.slot else command.at
        looked = await self._choosing.look_at(case, at, [command.engineer_id], command.mode)
        return replace(
            command,
            department=entry.department,
            # Who is booked is refused by the engineer's own day, and cannot be insisted on.
            obstacles=tuple(rule for one in looked for rule in one.obstacles if rule != "booked"),
            answer_by=await self._choosing.answer_by(case, self._clock.now()),
        )

    async def _with_competence(self, command: cmd.Arrive, state: CaseState) -> cmd.Arrive:
        who = command.engineer_id or (state.assignment.engineer_id if state.assignment else None)
        if who is None:
            return command
        return replace(
            command,
            lacks=await self._choosing.lacks(state, who, command.at),
            next_visit=await self._next_visit(command, state),
        )

    async def _next_visit(
        self, command: cmd.Depart | cmd.Arrive, state: CaseState
    ) -> datetime | None:
        """When whoever has the case is booked for another one next."""
        if state.assignment is None:
            return None
        goes = (await self._reading.engineer(state.assignment.engineer_id)).state
        return goes.next_visit(command.case_id, command.at)

    async def _with_figures(
        self, command: cmd.Restore | cmd.Resolve, state: CaseState
    ) -> cmd.Restore | cmd.Resolve:
        if state.report is None:
            return command
        terms = await self._choosing.ladder.stockroom.terms(state.report)
        return replace(command, figures=figures_for(terms.acceptance, state.report.category))

    async def _with_plan(self, command: cmd.ActivatePlan, state: CaseState) -> cmd.ActivatePlan:
        entered = (await self._reading.plan(command.plan_id)).state.entry
        critical = await self._choosing.ladder.critical(state)
        return replace(command, plan=entered, critical=critical)

    async def _days(
        self, wanted: Sequence[engineer.Command], at: datetime
    ) -> tuple[Sequence[engineer.Fact], Sequence[Loaded[engineer.EngineerState]]]:
        """What the engineers concerned have to say to being booked and released."""
        facts: list[engineer.Fact] = []
        loaded: list[Loaded[engineer.EngineerState]] = []
        for engineer_id in sorted({engineer.who(command) for command in wanted}):
            one = await self._reading.engineer(engineer_id)
            mine = [command for command in wanted if engineer.who(command) == engineer_id]
            facts.extend(booking.decide(mine, one.state, at))
            loaded.append(one)
        return facts, loaded


@dataclass(frozen=True, slots=True)
class _Change:
    """What happens to one case, and to whom it is taken from or given."""

    loaded: Loaded[CaseState]
    facts: Sequence[case_facts.Fact]
    at: datetime

    @property
    def after(self) -> CaseState:
        return reduce(
            lambda so_far, fact: case_folding.evolve(so_far, fact, self.at),
            self.facts,
            self.loaded.state,
        )

    @property
    def wanted(self) -> Sequence[engineer.Command]:
        before, after = self.loaded.state, self.after
        return booking.follow(self.loaded.identifier, before, self.facts, after, self.at)
