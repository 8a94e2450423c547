"""Commands against the log: load, decide, append what was decided where it was based.

Whoever was slower reads on and decides again; nothing is locked and nothing is undone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial, reduce

import msgspec
import structlog
from msgspec import UNSET

from aftercare_events import catalogue
from aftercare_events.catalogue.dispatch import DepotRegistered
from aftercare_events.catalogue.emergency import PlanEntered
from aftercare_events.clock import Clock
from aftercare_events.command_key import CommandKey, KeyReused, event_id
from aftercare_events.decider import Refused
from aftercare_events.envelope import Event
from aftercare_events.log import Conflict, Log

from .choosing import Choosing
from .depot_stock import DepotStock
from .domain import (
    booking,
    case,
    case_facts,
    case_folding,
    case_state,
    cover,
    emergency_plan,
    engineer,
    guarantee,
    incident,
    loan,
    partner,
    safety_stock,
    shifts,
    unit,
    weighing,
)
from .domain import commands as cmd
from .domain.acceptance import figures_for
from .domain.case_state import CaseState
from .loan_plans import LoanPlans
from .plan import Plan
from .reading import Answer, Loaded, Reading
from .stockroom import LoanRequest, Stockroom, SwapRequest
from .warranty_plans import WarrantyPlans

SERVICE = "dispatch"
ATTEMPTS = 30

logger = structlog.get_logger("dispatch")


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who asks, and under which ids; `at` is when it happened."""

    actor: str
    at: datetime
    correlation_id: str | None = None
    key: CommandKey | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`position` is where the effect stands; not `changed` means it stood there before."""

    identifier: str
    status: str
    position: int
    changed: bool = True


class Handling:
    """The use cases that change something, each as one atomic append."""

    def __init__(
        self, log: Log, reading: Reading, stockroom: Stockroom, choosing: Choosing, clock: Clock
    ) -> None:
        self._log = log
        self._reading = reading
        self._choosing = choosing
        self._clock = clock
        self._loans = LoanPlans(reading, stockroom)
        self._warranty = WarrantyPlans(reading, stockroom)
        self._depots = DepotStock(reading)
        # Borrowers without a unit in mind all want the nearest: within a process they queue.
        self._at_the_counter = asyncio.Lock()

    async def change_case(self, command: cmd.Command, by: By) -> Outcome:
        """Raises Unknown, Refused, Conflict, KeyReused."""
        return await self._carry_out(partial(self._plan_case, command), by)

    async def lend(self, request: LoanRequest, by: By) -> Outcome:
        """Raises Unknown, Refused, Conflict, KeyReused."""
        async with self._at_the_counter:
            return await self._carry_out(partial(self._loans.lend, request), by)

    async def change_loan(self, command: loan.Command, by: By) -> Outcome:
        """Raises Unknown, Refused, Conflict, KeyReused."""
        return await self._carry_out(partial(self._loans.change, command, by.at), by)

    async def serve_waiting(self, by: By) -> None:
        """Reserve what is free for whom it fits, the most severe first. Raises Conflict."""
        async with self._at_the_counter:
            for loan_id in await self._loans.servable():
                try:
                    await self._carry_out(partial(self._loans.serve, loan_id), by)
                except Refused as refused:
                    logger.info("not_served", loan_id=loan_id, refused=refused.code)

    async def swap(self, request: SwapRequest, by: By) -> Outcome:
        """Raises Unknown, Refused, Conflict, KeyReused."""
        async with self._at_the_counter:
            return await self._carry_out(partial(self._loans.swap, request), by)

    async def note_cover(self, note: cover.Note, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.cover(note.cover_id)
            return Plan(cover.decide(note, loaded.state), [loaded], note.what)

        return await self._carry_out(plan, by)

    async def change_incident(self, command: incident.Command, by: By) -> Outcome:
        """Raises Refused, Conflict, KeyReused."""

        async def plan() -> Plan:
            loaded = await self._reading.incident(command.incident_id)
            facts = incident.decide(command, loaded.state)
            return Plan(facts, [loaded], incident.stage_after(loaded.state, facts))

        return await self._carry_out(plan, by)

    async def inspect_unit(self, command: unit.Inspect, by: By) -> Outcome:
        """Raises Refused, Conflict, KeyReused."""
        return await self._carry_out(partial(self._loans.inspect, command), by)

    async def set_safety_stock(self, command: safety_stock.SetLevels, by: By) -> Outcome:
        """Raises Refused, Conflict."""
        return await self._carry_out(partial(self._depots.set_levels, command), by)

    async def watch_stock(self, depot_id: str, by: By) -> Outcome:
        """Raises Conflict."""
        return await self._carry_out(partial(self._depots.watch, depot_id), by)

    async def judge_warranty(self, case_id: str, by: By) -> Outcome:
        """Raises Unknown, Conflict."""
        return await self._carry_out(partial(self._warranty.judge, case_id), by)

    async def decide_guarantee(
        self, command: guarantee.Accept | guarantee.Refuse, by: By
    ) -> Outcome:
        """Raises Unknown, Refused, Conflict, KeyReused."""
        return await self._carry_out(partial(self._warranty.decide, command, by.at), by)

    async def change_engineer(
        self, engineer_id: str, commands: Sequence[engineer.Command], by: By
    ) -> Outcome:
        """Raises Refused, Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.engineer(engineer_id)
            facts = booking.decide(commands, loaded.state, by.at)
            return Plan(facts, [loaded], "registered")

        return await self._carry_out(plan, by)

    async def hand_over(self, command: shifts.HandOver, by: By) -> Outcome:
        """One goes and the other comes at the same instant. Raises Refused, Conflict."""

        async def plan() -> Plan:
            gives = await self._reading.engineer(command.engineer_id)
            takes = await self._reading.engineer(command.to)
            facts = booking.hand_over(command, gives.state, takes.state)
            return Plan(facts, [gives, takes], "handed-over")

        return await self._carry_out(plan, by)

    async def register_unit(self, command: unit.Register, by: By) -> Outcome:
        """Raises Refused, Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.unit(command.entry.unit_id)
            facts = unit.decide(command, loaded.state)
            return Plan(facts, [loaded], "registered")

        return await self._carry_out(plan, by)

    async def register_partner(self, command: partner.Register, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.partner(command.entry.partner_id)
            return Plan(partner.decide(command, loaded.state), [loaded], "registered")

        return await self._carry_out(plan, by)

    async def register_depot(self, entry: DepotRegistered, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            known = await self._reading.depot(entry.depot_id)
            return Plan([] if known.state == entry else [entry], [known], "registered")

        return await self._carry_out(plan, by)

    async def _carry_out(self, plan: Callable[[], Awaitable[Plan]], by: By) -> Outcome:
        for _ in range(ATTEMPTS):
            made = await self._planned_or_refused(plan)
            # The plan has seen all that was written before it, an earlier use of the key too.
            if by.key and (answer := await self._reading.answer(by.key)):
                return _again(answer, by.key)
            if isinstance(made, Refused):
                raise made
            basis = made.basis[0]
            if not made.facts:
                return Outcome(basis.identifier, made.status, basis.position, changed=False)
            try:
                position = await self._append(made, by)
            except Conflict:
                continue
            _log(made, position, by)
            return Outcome(basis.identifier, made.status, position)
        raise Conflict("others were faster every time")

    async def _planned_or_refused(self, plan: Callable[[], Awaitable[Plan]]) -> Plan | Refused:
        try:
            return await plan()
        except Refused as refused:
            return refused

    async def _append(self, made: Plan, by: By) -> int:
        events = [
            _event(fact, by, event_id(by.key, index)) for index, fact in enumerate(made.facts)
        ]
        touched = {event.subject for event in events}
        expectations = [one.expectation for one in made.basis if one.subject in touched]
        return await self._log.append(events, expectations)

    async def _plan_case(self, command: cmd.Command) -> Plan:
        loaded = await self._reading.case(command.case_id)
        if isinstance(command, cmd.Assign):
            command = await self._looked_up(command, loaded.state)
        if isinstance(command, cmd.Arrive) and command.partner_id is None:
            command = await self._with_competence(command, loaded.state)
        if isinstance(command, cmd.Restore | cmd.Resolve):
            command = await self._with_figures(command, loaded.state)
        if isinstance(command, cmd.EscalateToExpert):
            known = await self._reading.partner(command.target)
            command = replace(command, partner=known.state.entry)
        if isinstance(command, cmd.ActivatePlan):
            command = await self._with_plan(command, loaded.state)
        facts = case.decide(command, loaded.state)
        after = _after(loaded.state, facts, command.at)
        days, engineers = await self._days(
            booking.follow(command.case_id, loaded.state, facts, after), command.at
        )
        basis = [loaded, *engineers]
        return Plan([*days, *facts], basis, case_state.status(after))

    async def set_weights(self, command: weighing.SetWeights, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.weights()
            return Plan(weighing.decide(command, loaded.state), [loaded], "set")

        return await self._carry_out(plan, by)

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

    async def _with_figures(
        self, command: cmd.Restore | cmd.Resolve, state: CaseState
    ) -> cmd.Restore | cmd.Resolve:
        if state.report is None:
            return command
        terms = await self._choosing.ladder.stockroom.terms(state.report)
        return replace(command, figures=figures_for(terms.acceptance, state.report.category))

    async def enter_plan(self, entry: PlanEntered, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.plan(entry.plan_id)
            return Plan(emergency_plan.decide(entry, loaded.state), [loaded], "entered")

        return await self._carry_out(plan, by)

    async def _with_plan(self, command: cmd.ActivatePlan, state: CaseState) -> cmd.ActivatePlan:
        entered = (await self._reading.plan(command.plan_id)).state.entry
        critical = await self._choosing.ladder.critical(state)
        return replace(command, plan=entered, critical=critical)

    async def _with_competence(self, command: cmd.Arrive, state: CaseState) -> cmd.Arrive:
        if state.assignment is None:
            return command
        who = state.assignment.engineer_id
        return replace(command, lacks=await self._choosing.lacks(state, who, command.at))

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


def _event(fact: msgspec.Struct, by: By, identifier: str) -> Event:
    return catalogue.record(
        fact,
        service=SERVICE,
        time=by.at,
        actor=by.actor,
        correlation_id=by.correlation_id or UNSET,
        event_id=identifier,
    )


def _log(made: Plan, position: int, by: By) -> None:
    """One line for what happened; the facts stand in the log itself."""
    basis = made.basis[0]
    happened = [catalogue.entry_of(fact).name.split(".")[2] for fact in made.facts]
    named = {f"{basis.aggregate}_id": basis.identifier}
    logger.info("recorded", events=happened, position=position, actor=by.actor, **named)


def _after(state: CaseState, facts: Sequence[case_facts.Fact], at: datetime) -> CaseState:
    return reduce(lambda so_far, fact: case_folding.evolve(so_far, fact, at), facts, state)


def _again(answer: Answer, key: CommandKey) -> Outcome:
    if answer.body_digest != key.body_digest:
        raise KeyReused
    return Outcome(answer.subject.partition("/")[2], answer.status, answer.position)
