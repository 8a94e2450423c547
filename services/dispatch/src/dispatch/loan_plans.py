"""What becomes of a loan: each plan reads the aggregates that change together, and decides."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from aftercare_events.catalogue.loan import LoanRequested
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.decider import Refused

from .domain import lending, loan, stock, unit, waiting_queue
from .domain.case_state import CaseState
from .domain.loan_dates import due_back_after
from .domain.reminders import to_give_back
from .plan import Plan
from .reading import Loaded, Reading
from .stockroom import LoanRequest, Stockroom, SwapRequest


class LoanPlans:
    def __init__(self, reading: Reading, stockroom: Stockroom) -> None:
        self._reading = reading
        self._stockroom = stockroom

    async def lend(self, request: LoanRequest) -> Plan:
        """Reserve a unit, or wait for one. Raises Unknown, Refused."""
        borrower = await self._reading.case(request.case_id)
        opened = await self._reading.new_loan(request.loan_id)
        if request.unit_id is not None:
            return await self._reserve(request, request.unit_id, None, opened, borrower)
        wish = await self._wish(request, borrower.state)
        choice = await self._choose(request.loan_id, wish, borrower.state)
        if choice is None:
            return _wait(request, wish, opened, borrower)
        return await self._reserve(request, choice.spare.unit_id, choice.why, opened, borrower)

    async def servable(self) -> Sequence[str]:
        """The waiting loans for which a unit is free now, in the order of the queue."""
        await self._reading.catch_up()
        return list(await self._served())

    async def serve(self, loan_id: str) -> Plan:
        """Reserve what came free for a loan that waits; nothing when another needs it more.

        Raises Unknown, Refused.
        """
        opened = await self._reading.loan(loan_id)
        request = opened.state.request
        await self._reading.catch_up()
        choice = (await self._served()).get(loan_id)
        if opened.state.stage != "waiting" or request is None or choice is None:
            return Plan([], [opened], opened.state.stage)
        borrower = await self._reading.case(request.case_id)
        again = LoanRequest(
            loan_id=loan_id,
            case_id=request.case_id,
            due_back=request.due_back,
            automatic=request.automatic,
            cause=request.cause or "asked",
        )
        since = opened.state.requested_at
        why = {**choice.why, "waited_since": since.isoformat() if since else None}
        return await self._reserve(again, choice.spare.unit_id, why, opened, borrower)

    async def _served(self) -> Mapping[str, stock.Choice]:
        waiting = await self._stockroom.waiting()
        spares = await self._stockroom.free([one.wish for one in waiting])
        return waiting_queue.serve(waiting, spares)

    async def _reserve(
        self,
        request: LoanRequest,
        unit_id: str,
        why: dict[str, Any] | None,
        opened: Loaded[loan.LoanState],
        borrower: Loaded[CaseState],
    ) -> Plan:
        spare = await self._reading.unit(unit_id)
        request = await self._due_back(request, borrower.state)
        command = _reservation(request, unit_id, spare.state, why)
        facts = lending.lend(command, borrower.state, spare.state, opened.state)
        return Plan(facts, [opened, spare, borrower], "reserved")

    async def _due_back(self, request: LoanRequest, borrower: CaseState) -> LoanRequest:
        """What is lent when the own device works again already is due back as if out then."""
        since, report = borrower.works_again_since, borrower.report
        if request.due_back is not None or since is None or report is None:
            return request
        days = (await self._stockroom.terms(report)).return_within_days
        return replace(request, due_back=due_back_after(since, days))

    async def change(self, command: loan.Command, at: datetime) -> Plan:
        """Raises Unknown, Refused."""
        loaded = await self._reading.loan(command.loan_id)
        if isinstance(command, loan.Return | loan.WriteOff):
            return await self._end(command, loaded)
        if isinstance(command, loan.Cancel):
            return await self._cancel(command, loaded)
        if isinstance(command, loan.Move):
            return await self._move(command, loaded, at)
        facts = loan.decide(command, loaded.state)
        stage = reduce(lambda state, fact: loan.evolve(state, fact, at), facts, loaded.state).stage
        return Plan([*_told(command, loaded.state, facts), *facts], [loaded], stage)

    async def swap(self, request: SwapRequest) -> Plan:
        """Raises Unknown, Refused."""
        loaded = await self._reading.loan(request.loan_id)
        terms = _terms(loaded)
        borrower = await self._reading.case(terms.case_id)
        wanted = LoanRequest(
            loan_id=request.loan_id,
            case_id=terms.case_id,
            model=None
            if borrower.state.report and borrower.state.report.device_id
            else terms.model,
        )
        unit_id, why = request.unit_id, None
        if unit_id is None:
            choice = await self._choose(
                request.loan_id, await self._wish(wanted, borrower.state), borrower.state
            )
            if choice is None:
                raise Refused("no-unit-free", "no fitting unit is free")
            unit_id, why = choice.spare.unit_id, choice.why
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

    async def _wish(self, request: LoanRequest, borrower: CaseState) -> stock.Wish:
        wish = await self._stockroom.wish(request, borrower)
        if wish.is_blank:
            raise Refused(
                "nothing-to-fit", "the case names no device: name a model or a unit", "model"
            )
        return wish

    async def _choose(
        self, loan_id: str, wish: stock.Wish, borrower: CaseState
    ) -> stock.Choice | None:
        """The unit for a newcomer, after those who wait and come first."""
        # A unit that came back a moment ago is on the shelf, whether or not the tables know.
        await self._reading.catch_up()
        spares = await self._stockroom.free([wish])
        newcomer = await self._stockroom.newcomer(loan_id, wish, borrower)
        return waiting_queue.serve([*await self._stockroom.waiting(), newcomer], spares).get(
            loan_id
        )

    async def _end(
        self, command: loan.Return | loan.WriteOff, loaded: Loaded[loan.LoanState]
    ) -> Plan:
        terms = _terms(loaded)
        spare = await self._reading.unit(terms.unit_id)
        borrower = await self._reading.case(terms.case_id)
        facts = lending.end(command, loaded.state, spare.state)
        stage = "returned" if isinstance(command, loan.Return) else "written_off"
        return Plan(facts, [loaded, spare, borrower], stage)

    async def _cancel(self, command: loan.Cancel, loaded: Loaded[loan.LoanState]) -> Plan:
        facts = lending.cancel(command, loaded.state)
        borrower = await self._reading.case(loaded.state.case_id or "")
        return Plan(facts, [loaded, borrower], "cancelled")

    async def _move(self, command: loan.Move, loaded: Loaded[loan.LoanState], at: datetime) -> Plan:
        """Where the case that goes on needs no spare any more, the loan is due back from now on."""
        merged = await self._reading.case(command.case_id)
        into = await self._reading.case(command.into)
        facts = lending.move(command, loaded.state)
        if facts and into.state.needless_since and into.state.report:
            days = (await self._stockroom.terms(into.state.report)).return_within_days
            due = loan.due_back_after_need(command.loan_id, into.state.works_again, at, days)
            facts = [*facts, *loan.decide(due, loaded.state)]
        return Plan(facts, [loaded, merged, into], loaded.state.stage)


def _wait(
    request: LoanRequest,
    wish: stock.Wish,
    opened: Loaded[loan.LoanState],
    borrower: Loaded[CaseState],
) -> Plan:
    if not request.wait:
        raise Refused("no-unit-free", "no fitting unit is free in the depots asked")
    said = LoanRequested(
        loan_id=request.loan_id,
        case_id=request.case_id,
        model=wish.model,
        category=wish.category,
        grade=wish.grade,
        family=wish.family,
        same_look=wish.same_look,
        depot_id=wish.depot_id,
        due_back=request.due_back,
        automatic=request.automatic,
        cause=request.cause,
    )
    facts = lending.wait(loan.Request(said=said), borrower.state, opened.state)
    return Plan(facts, [opened, borrower], "waiting")


def _told(
    command: loan.Command, state: loan.LoanState, facts: Sequence[loan.Fact]
) -> Sequence[NoticeIssued]:
    """The customer is reminded as well, of what she has."""
    terms, due_back = state.terms, state.due_back
    if not isinstance(command, loan.Remind) or not facts or terms is None or due_back is None:
        return ()
    if state.stage != "in_use":
        return ()
    return (to_give_back(terms.case_id, command.loan_id, terms.model, due_back),)


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
        cause=request.cause,
    )
