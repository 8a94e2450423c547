"""What dispatch lends and grants by itself, item by item of its to-do list (DP-10..DP-15)."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.by import By
from aftercare_events.clock import Clock
from aftercare_events.decider import Refused
from aftercare_events.todo import Item, finish, rest

from . import loan_todos, todos, warranty_todos
from .choosing import NO_CHANGE_IN_SIGHT
from .domain import loan
from .handling import Handling
from .reading import Reading
from .stockroom import LoanRequest, Stockroom
from .tables import infra

MACHINE = "dispatch"

logger = structlog.get_logger()


class Lending:
    def __init__(
        self,
        reading: Reading,
        handling: Handling,
        stockroom: Stockroom,
        engine: AsyncEngine,
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._handling = handling
        self._stockroom = stockroom
        self._engine = engine
        self._clock = clock

    @property
    def kinds(self) -> Mapping[str, Callable[[Item], Awaitable[None]]]:
        return {
            todos.LEND: self.lend,
            loan_todos.SPARE: self.provide_spare,
            loan_todos.SERVE: self.serve_waiting,
            loan_todos.CANCEL: self.cancel_waiting,
            loan_todos.RECALL: self.recall,
            loan_todos.LIFT: self.lift,
            loan_todos.MOVE: self.move,
            loan_todos.REMIND: self.remind,
            loan_todos.OVERDUE: self.fall_overdue,
            loan_todos.WATCH_STOCK: self.watch_stock,
            warranty_todos.JUDGE: self.judge_warranty,
        }

    async def lend(self, item: Item) -> None:
        """Lend what the contract lends at this breach, or wait for it."""
        case = (await self._reading.case(item.key)).state
        if not case.loan_wanted:
            return
        request = LoanRequest(
            loan_id=f"L-{item.key}-{item.position}",
            case_id=item.key,
            automatic=True,
            cause="restore_breached",
        )
        if not await self._lent(request):
            now = self._clock.now()
            await rest(self._engine, infra, [item], now=now, until=now + NO_CHANGE_IN_SIGHT)

    async def provide_spare(self, item: Item) -> None:
        """Where the contract provides a spare during any repair, once for each (DP-10, S1)."""
        case = (await self._reading.case(item.key)).state
        terms = await self._stockroom.terms(case.report) if case.report else None
        if terms is not None and terms.spare == "during_repair":
            loan_id = f"L-{item.key}-R{case.cycle}"
            await self._lent(
                LoanRequest(
                    loan_id=loan_id, case_id=item.key, automatic=True, cause="during_repair"
                )
            )
        await self._finish(item)

    async def serve_waiting(self, item: Item) -> None:
        await self._handling.serve_waiting(self._by())
        await self._finish(item)

    async def cancel_waiting(self, item: Item) -> None:
        """The own device works again, or the case is over: nobody waits any more."""
        case = (await self._reading.case(item.key)).state
        reason = "case_ended" if case.ended else "restored"
        for loan_id in case.loans_waiting:
            try:
                command = loan.Cancel(loan_id=loan_id, reason=reason)
                await self._handling.change_loan(command, self._by())
            except Refused as refused:
                logger.info("not_cancelled", loan_id=loan_id, refused=refused.code)

    async def recall(self, item: Item) -> None:
        """Nothing has to stand in any more: its loans are due back when the contract says."""
        case = (await self._reading.case(item.key)).state
        since, report = case.needless_since, case.report
        if since is not None and report is not None:
            days = (await self._stockroom.terms(report)).return_within_days
            for loan_id in item.payload["loans"]:
                await self._change(loan.due_back_after_need(loan_id, case.works_again, since, days))
        await self._finish(item)

    async def lift(self, item: Item) -> None:
        """The fault is open again: what stands in for the device stays."""
        case = (await self._reading.case(item.key)).state
        if not case.works_again:
            for loan_id in item.payload["loans"]:
                await self._change(loan.SetDueBack(loan_id=loan_id, reason="reopened"))
        await self._finish(item)

    async def move(self, item: Item) -> None:
        """The case was merged: what is lent for it is lent for the one that it became (DP-11)."""
        for loan_id in item.payload["loans"]:
            await self._change(
                loan.Move(loan_id=loan_id, case_id=item.key, into=item.payload["into"])
            )
        await self._finish(item)

    async def remind(self, item: Item) -> None:
        await self._change(loan.Remind(loan_id=item.key, at=self._clock.now()))

    async def fall_overdue(self, item: Item) -> None:
        await self._change(loan.FallOverdue(loan_id=item.key, at=self._clock.now()))

    async def watch_stock(self, item: Item) -> None:
        await self._handling.watch_stock(item.key, self._by())
        await self._finish(item)

    async def judge_warranty(self, item: Item) -> None:
        await self._handling.judge_warranty(item.key, self._by())
        await self._finish(item)

    async def _finish(self, item: Item) -> None:
        await finish(self._engine, infra, item, now=self._clock.now())

    async def _change(self, command: loan.Command) -> None:
        await self._handling.change_loan(command, self._by())

    async def _lent(self, request: LoanRequest) -> bool:
        try:
            await self._handling.lend(request, self._by())
        except Refused as refused:
            logger.warning("nothing_lent", case_id=request.case_id, refused=refused.code)
            return False
        return True

    def _by(self) -> By:
        return By(actor=MACHINE, at=self._clock.now())
