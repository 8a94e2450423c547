"""What dispatch does by itself, item by item of its to-do list.

Every worker may be interrupted anywhere and run twice: what it appends rests on the position
that it read, and the projection of what was appended takes the item off the list.
"""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from aftercare_events.clock import Clock
from aftercare_events.decider import Refused
from aftercare_events.todo import Item

from . import todos
from .choosing import Choosing
from .domain import commands as cmd
from .domain import engineer
from .domain.case_state import CaseState
from .handling import By, Handling
from .reading import Reading
from .stockroom import LoanRequest

MACHINE = "dispatch"
# Others choose at the same time; whoever was booked first makes the rest look again.
LOOKS = 5

logger = structlog.get_logger()


class Automation:
    def __init__(
        self, reading: Reading, handling: Handling, choosing: Choosing, clock: Clock
    ) -> None:
        self._reading = reading
        self._handling = handling
        self._choosing = choosing
        self._clock = clock

    @property
    def kinds(self) -> Mapping[str, Callable[[Item], Awaitable[None]]]:
        return {todos.ASSIGN: self.assign, todos.LEND: self.lend, todos.RELEASE: self.release}

    async def assign(self, item: Item) -> None:
        """Send the best engineer (DP-04); with nobody free the case stays on the list."""
        for _ in range(LOOKS):
            case = (await self._reading.case(item.key)).state
            if case.wanted is None:
                return
            try:
                await self._assign_best(item.key, case)
            except Refused as busy:
                logger.info("looking again", case_id=item.key, refused=busy.code)
                continue
            return

    async def _assign_best(self, case_id: str, case: CaseState) -> None:
        now = self._clock.now()
        ranking = await self._choosing.rank(case, now)
        if not ranking.best:
            logger.warning("nobody free", case_id=case_id, left_out=dict(ranking.left_out))
            return
        best = ranking.best[0]
        command = cmd.AssignChosen(
            case_id=case_id,
            at=now,
            engineer_id=best.engineer.engineer_id,
            mode=case.wanted or "hotline",
            slot=best.slot,
            department=best.engineer.department,
            why=best.why,
        )
        done = await self._handling.change_case(command, self._by_machine())
        logger.info(
            "assigned",
            case_id=case_id,
            engineer_id=command.engineer_id,
            mode=command.mode,
            position=done.position,
        )

    async def lend(self, item: Item) -> None:
        """Lend what the contract lends at this breach; with nothing free it is tried again."""
        case = (await self._reading.case(item.key)).state
        if not case.loan_wanted:
            return
        request = LoanRequest(
            loan_id=f"L-{item.key}-{item.position}", case_id=item.key, automatic=True
        )
        try:
            done = await self._handling.lend(request, self._by_machine())
        except Refused as refused:
            logger.warning("nothing lent", case_id=item.key, refused=refused.code)
            return
        logger.info("lent", case_id=item.key, loan_id=request.loan_id, position=done.position)

    async def release(self, item: Item) -> None:
        """Free the engineer's day when another service ended the case."""
        visit = (await self._reading.case(item.key)).state.visit
        if visit is None:
            return
        command = engineer.Release(engineer_id=visit[0], case_id=item.key, reason="case_ended")
        done = await self._handling.change_engineer(visit[0], [command], self._by_machine())
        logger.info("released", case_id=item.key, engineer_id=visit[0], position=done.position)

    def _by_machine(self) -> By:
        return By(actor=MACHINE, at=self._clock.now())
