"""What dispatch does by itself, item by item of its to-do list.

Every worker may be interrupted anywhere and run twice: what it appends rests on the position
that it read, and the projection of what was appended takes the item off the list.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.case import Mode
from aftercare_events.clock import Clock
from aftercare_events.decider import Refused
from aftercare_events.todo import Item

from . import todos
from .choosing import NO_CHANGE_IN_SIGHT, Choosing
from .domain import commands as cmd
from .domain import engineer
from .domain.assignment import Proposal
from .domain.case_state import CaseState
from .domain.outage import Rule
from .handling import By, Handling
from .lending_by_itself import Lending
from .outage_watch import note_of
from .reading import Reading

MACHINE = "dispatch"
# Others choose at the same time; whoever was booked first makes the rest look again.
LOOKS = 5

logger = structlog.get_logger()


class Automation:
    def __init__(
        self,
        reading: Reading,
        handling: Handling,
        choosing: Choosing,
        lending: Lending,
        outage: Rule,
        engine: AsyncEngine,
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._handling = handling
        self._choosing = choosing
        self._lending = lending
        self._outage = outage
        self._engine = engine
        self._clock = clock

    @property
    def kinds(self) -> Mapping[str, Callable[[Item], Awaitable[None]]]:
        return {
            todos.ASSIGN: self.assign,
            todos.RELEASE: self.release,
            todos.SEND_AT_ONCE: self.send_at_once,
            todos.CERTIFICATE: self.remind,
            todos.OUTAGE: self.outage,
            **self._lending.kinds,
        }

    async def assign(self, item: Item) -> None:
        """Send the best engineer (DP-04); with nobody free the case stays on the list."""
        for _ in range(LOOKS):
            case = (await self._reading.case(item.key)).state
            if case.wanted is None:
                return
            if await self._visit_required(item.key, case):
                continue
            now = self._clock.now()
            ranking = await self._choosing.rank(case, now)
            if not ranking.best:
                logger.warning("nobody_free", case_id=item.key, left_out=dict(ranking.left_out))
                await self._find_nobody(item.key, case, now)
                await self._rest(item, now, await self._choosing.next_look(now))
                return
            try:
                await self._send(item.key, case.wanted, ranking.best[0], now)
            except Refused as refused:
                logger.info("looking_again", case_id=item.key, refused=refused.code)
                continue
            return

    async def send_at_once(self, item: Item) -> None:
        """The case is worse than it was: hotline and remote help may be left out now (DP-02)."""
        case = (await self._reading.case(item.key)).state
        if not await self._visit_required(item.key, case):
            await todos.finish(self._engine, item)

    async def _visit_required(self, case_id: str, case: CaseState) -> bool:
        reason = await self._choosing.ladder.demanded(case)
        if reason is None:
            return False
        now = self._clock.now()
        command = cmd.RequireOnsite(case_id=case_id, at=now, reason=reason)
        try:
            await self._handling.change_case(command, By(actor=MACHINE, at=now))
        except Refused as refused:
            logger.info("not_required", case_id=case_id, refused=refused.code)
            return False
        return True

    async def _send(self, case_id: str, mode: Mode, best: Proposal, now: datetime) -> None:
        command = cmd.AssignChosen(
            case_id=case_id,
            at=now,
            engineer_id=best.engineer.engineer_id,
            mode=mode,
            slot=best.slot,
            department=best.engineer.department,
            why=best.why,
        )
        await self._handling.change_case(command, By(actor=MACHINE, at=now))

    async def outage(self, item: Item) -> None:
        """Propose a major incident, or add to one; what has passed meanwhile is left (DP-17)."""
        async with self._engine.connect() as connection:
            note = await note_of(connection, item.key, self._outage)
        now = self._clock.now()
        if note is None:
            await self._rest(item, now, now + NO_CHANGE_IN_SIGHT)
            return
        await self._handling.change_incident(note, By(actor=MACHINE, at=now))

    async def _find_nobody(self, case_id: str, case: CaseState, now: datetime) -> None:
        """Whoever is on duty is told of what cannot wait (IN-13)."""
        try:
            at_once = await self._choosing.ladder.sent_at_once(case)
            command = cmd.FindNobody(case_id=case_id, at=now, at_once=at_once)
            await self._handling.change_case(command, By(actor=MACHINE, at=now))
        except Refused as refused:
            logger.info("nobody_looked_for", case_id=case_id, refused=refused.code)

    async def release(self, item: Item) -> None:
        """Free the engineer's day when another service ended the case."""
        visit = (await self._reading.case(item.key)).state.visit
        if visit is None:
            return
        command = engineer.Release(engineer_id=visit[0], case_id=item.key, reason="case_ended")
        by = By(actor=MACHINE, at=self._clock.now())
        await self._handling.change_engineer(visit[0], [command], by)

    async def remind(self, item: Item) -> None:
        """A month before a certificate ends; one that ended before it was entered is past that."""
        now = self._clock.now()
        today = now.astimezone(todos.COMPANY_ZONE).date()
        command = engineer.Remind(engineer_id=item.key, until=today + todos.REMINDED_BEFORE)
        by = By(actor=MACHINE, at=now)
        await self._handling.change_engineer(item.key, [command], by)

    async def _rest(self, item: Item, now: datetime, until: datetime) -> None:
        await todos.rest(self._engine, item, now=now, until=until)
