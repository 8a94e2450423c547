"""What becomes of a loan: each plan reads the aggregates that change together, and decides."""

from functools import reduce
from typing import Any

from aftercare_events.decider import Refused

from .domain import lending, loan, stock, unit
from .domain.case_state import CaseState
from .plan import Plan
from .reading import Loaded, Reading
from .stockroom import LoanRequest, Stockroom, SwapRequest


class LoanPlans:
    def __init__(self, reading: Reading, stockroom: Stockroom) -> None:
        self._reading = reading
        self._stockroom = stockroom

    async def lend(self, request: LoanRequest) -> Plan:
        """Raises Unknown, Refused."""
        borrower = await self._reading.case(request.case_id)
        opened = await self._reading.new_loan(request.loan_id)
        unit_id, why = await self._choose(request, borrower.state)
        spare = await self._reading.unit(unit_id)
        command = _reservation(request, unit_id, spare.state, why)
        facts = lending.lend(command, borrower.state, spare.state, opened.state)
        return Plan(facts, [opened, spare, borrower], "reserved")

    async def change(self, command: loan.Command) -> Plan:
        """Raises Unknown, Refused."""
        loaded = await self._reading.loan(command.loan_id)
        if isinstance(command, loan.Return | loan.WriteOff):
            return await self._end(command, loaded)
        facts = loan.decide(command, loaded.state)
        return Plan(facts, [loaded], reduce(loan.evolve, facts, loaded.state).stage)

    async def swap(self, request: SwapRequest) -> Plan:
        """Raises Unknown, Refused."""
        loaded = await self._reading.loan(request.loan_id)
        terms = _terms(loaded)
        borrower = await self._reading.case(terms.case_id)
        wanted = LoanRequest(
            loan_id=request.loan_id,
            case_id=terms.case_id,
            unit_id=request.unit_id,
            model=None
            if borrower.state.report and borrower.state.report.device_id
            else terms.model,
        )
        unit_id, why = await self._choose(wanted, borrower.state)
        failed = await self._reading.unit(terms.unit_id)
        spare = await self._reading.unit(unit_id)
        entry = spare.state.entry
        command = loan.Swap(
            loan_id=request.loan_id,
            unit_id=unit_id,
            depot_id=entry.depot_id if entry else "",
            model=entry.model if entry else "",
            condition=request.condition,
            why=why,
        )
        facts = lending.swap(command, loaded.state, failed.state, spare.state)
        return Plan(facts, [loaded, failed, spare], "reserved")

    async def inspect(self, command: unit.Inspect) -> Plan:
        """Raises Refused."""
        loaded = await self._reading.unit(command.unit_id)
        facts = unit.decide(command, loaded.state)
        return Plan(facts, [loaded], reduce(unit.evolve, facts, loaded.state).status)

    async def _choose(
        self, request: LoanRequest, borrower: CaseState
    ) -> tuple[str, dict[str, Any] | None]:
        if request.unit_id is not None:
            return request.unit_id, None
        wish = await self._stockroom.wish(request, borrower)
        if wish.is_blank:
            raise Refused(
                "nothing-to-fit", "the case names no device: name a model or a unit", "model"
            )
        # A unit that came back a moment ago is on the shelf, whether or not the tables know.
        await self._reading.catch_up()
        choice = stock.choose(wish, await self._stockroom.free(wish))
        if choice is None:
            raise Refused("no-unit-free", "no fitting unit is free in the depots asked")
        return choice.spare.unit_id, choice.why

    async def _end(
        self, command: loan.Return | loan.WriteOff, loaded: Loaded[loan.LoanState]
    ) -> Plan:
        terms = _terms(loaded)
        spare = await self._reading.unit(terms.unit_id)
        borrower = await self._reading.case(terms.case_id)
        facts = lending.end(command, loaded.state, spare.state)
        stage = "returned" if isinstance(command, loan.Return) else "written_off"
        return Plan(facts, [loaded, spare, borrower], stage)


def _terms(loaded: Loaded[loan.LoanState]) -> loan.LoanReserved:
    if loaded.state.terms is None:
        raise Refused("loan-unknown", "the loan was never reserved")
    return loaded.state.terms


def _reservation(
    request: LoanRequest, unit_id: str, spare: unit.UnitState, why: dict[str, Any] | None
) -> loan.Reserve:
    return loan.Reserve(
        loan_id=request.loan_id,
        case_id=request.case_id,
        unit_id=unit_id,
        depot_id=spare.entry.depot_id if spare.entry else "",
        model=spare.entry.model if spare.entry else "",
        due_back=request.due_back,
        automatic=request.automatic,
        why=why,
    )
