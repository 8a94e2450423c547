"""The use cases that change something, each as one atomic append."""

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog

from aftercare_events.by import By
from aftercare_events.catalogue.depot import DepotRegistered
from aftercare_events.catalogue.emergency import PlanEntered
from aftercare_events.clock import Clock
from aftercare_events.decider import Refused
from aftercare_events.log import Log

from .carrying_out import Asked, CarryingOut, Making, Outcome
from .case_plans import CasePlans
from .choosing import Choosing
from .depot_stock import DepotStock
from .domain import (
    booking,
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
from .loan_plans import LoanPlans
from .plan import Plan
from .reading import Reading
from .stockroom import LoanRequest, Stockroom, SwapRequest
from .warranty_plans import WarrantyPlans

logger = structlog.get_logger("dispatch")


class Handling:
    """Raises what its plans raise, and Conflict when others were faster every time."""

    def __init__(
        self, log: Log, reading: Reading, stockroom: Stockroom, choosing: Choosing, clock: Clock
    ) -> None:
        self._reading = reading
        carrying_out = CarryingOut(log, reading)
        self._carry_out = carrying_out.carry_out
        self._together = carrying_out.together
        self._cases = CasePlans(reading, choosing, clock)
        self._loans = LoanPlans(reading, stockroom)
        self._warranty = WarrantyPlans(reading, stockroom)
        self._depots = DepotStock(reading)
        # Borrowers without a unit in mind all want the nearest: within a process they queue.
        self._at_the_counter = asyncio.Lock()

    async def change_case(self, command: cmd.Command, by: By) -> Outcome:
        """Raises Unknown, Refused, Conflict, KeyReused."""
        return await self._carry_out(partial(self._cases.change, command), by)

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

    async def enter(self, asked: Sequence[Asked]) -> Sequence[Outcome]:
        """Many entries, all of them or none. Raises Refused, Conflict."""
        return await self._together(asked)

    async def change_engineer(
        self, engineer_id: str, commands: Sequence[engineer.Command], by: By
    ) -> Outcome:
        """Raises Refused, Conflict."""
        return await self._carry_out(self.engineer_plan(engineer_id, commands, by), by)

    def engineer_plan(
        self, engineer_id: str, commands: Sequence[engineer.Command], by: By
    ) -> Making:
        async def plan() -> Plan:
            loaded = await self._reading.engineer(engineer_id)
            facts = booking.decide(commands, loaded.state, by.at)
            return Plan(facts, [loaded], "registered")

        return plan

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
        return await self._carry_out(self.unit_plan(command), by)

    def unit_plan(self, command: unit.Register) -> Making:
        async def plan() -> Plan:
            loaded = await self._reading.unit(command.entry.unit_id)
            facts = unit.decide(command, loaded.state)
            return Plan(facts, [loaded], "registered")

        return plan

    async def register_partner(self, command: partner.Register, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.partner(command.entry.partner_id)
            return Plan(partner.decide(command, loaded.state), [loaded], "registered")

        return await self._carry_out(plan, by)

    async def register_depot(self, entry: DepotRegistered, by: By) -> Outcome:
        """Raises Conflict."""
        return await self._carry_out(self.depot_plan(entry), by)

    def depot_plan(self, entry: DepotRegistered) -> Making:
        async def plan() -> Plan:
            known = await self._reading.depot(entry.depot_id)
            return Plan([] if known.state == entry else [entry], [known], "registered")

        return plan

    async def set_weights(self, command: weighing.SetWeights, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.weights()
            return Plan(weighing.decide(command, loaded.state), [loaded], "set")

        return await self._carry_out(plan, by)

    async def enter_plan(self, entry: PlanEntered, by: By) -> Outcome:
        """Raises Conflict."""

        async def plan() -> Plan:
            loaded = await self._reading.plan(entry.plan_id)
            return Plan(emergency_plan.decide(entry, loaded.state), [loaded], "entered")

        return await self._carry_out(plan, by)
