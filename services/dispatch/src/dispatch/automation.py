"""What dispatch does by itself, item by item of its to-do list.

Every worker may be interrupted anywhere and run twice: what it appends rests on the position
that it read, and the projection of what was appended takes the item off the list.
"""

from asyncio import Lock, gather
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.by import By
from aftercare_events.catalogue.case import Mode
from aftercare_events.clock import Clock
from aftercare_events.decider import Refused
from aftercare_events.log import Conflict
from aftercare_events.todo import Item, finish, rest

from . import todos
from .choosing import NO_CHANGE_IN_SIGHT, Choosing
from .covering import Covering
from .domain import commands as cmd
from .domain import engineer
from .domain.assignment import Proposal, Ranking
from .domain.case_state import CaseState
from .domain.outage import Rule
from .domain.slot import Slot
from .handling import Handling
from .lending_by_itself import Lending
from .outage_watch import note_of
from .reading import Reading
from .tables import infra

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
        covering: Covering,
        outage: Rule,
        engine: AsyncEngine,
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._handling = handling
        self._choosing = choosing
        self._lending = lending
        self._covering = covering
        self._outage = outage
        self._engine = engine
        self._clock = clock
        self._at_the_table = Lock()

    @property
    def kinds(self) -> Mapping[str, Callable[[Item], Awaitable[None]]]:
        return {
            todos.ANSWER: self.ask_another,
            todos.AWAY: self.take_from_away,
            todos.PARTNER_ANSWER: self.take_from_silent,
            todos.PARTNER_ONSITE: self.take_from_absent,
            todos.RELEASE: self.release,
            todos.END_REMOTE: self.end_remote,
            todos.SEND_AT_ONCE: self.send_at_once,
            todos.CERTIFICATE: self.remind,
            todos.OUTAGE: self.outage,
            todos.COVER: self._covering.watch,
            **self._lending.kinds,
        }

    async def send_at_once(self, item: Item) -> None:
        """The case is worse than it was: hotline and remote help may be left out now (DP-02)."""
        case = (await self._reading.case(item.key)).state
        if not await self._visit_required(item.key, case):
            await finish(self._engine, infra, item, now=self._clock.now())

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

    @property
    def together(self) -> Mapping[str, Callable[[Sequence[Item]], Awaitable[None]]]:
        return {todos.ASSIGN: self.assign}

    async def assign(self, items: Sequence[Item]) -> None:
        """Send engineers to all waiting cases together (DP-04).

        A case that gets nobody stays on the list.
        """
        left = {item.key: item for item in items}
        # Who chooses sees what the one before has given away.
        async with self._at_the_table:
            for _ in range(LOOKS):
                if not (waiting := await self._waiting(left)):
                    return
                required = (self._visit_required(one, case) for one, case in waiting.items())
                if any(await gather(*required)):
                    waiting = await self._waiting(left)
                now = self._clock.now()
                rankings = await self._choosing.together(waiting, now)
                alone = {one: found for one, found in rankings.items() if not found.best}
                await self._rest_all({one: left[one] for one in alone}, waiting, alone, now)
                sent = [one for one, ranking in rankings.items() if ranking.best]
                refused = await gather(
                    *(self._sent(one, waiting[one], rankings[one].best[0], now) for one in sent)
                )
                left = {one: left[one] for one, again in zip(sent, refused, strict=True) if again}

    async def _waiting(self, keys: Iterable[str]) -> Mapping[str, CaseState]:
        cases = await gather(*map(self._reading.case, keys))
        return {case.identifier: case.state for case in cases if case.state.wanted is not None}

    async def _rest_all(
        self,
        items: Mapping[str, Item],
        cases: Mapping[str, CaseState],
        rankings: Mapping[str, Ranking],
        now: datetime,
    ) -> None:
        if not items:
            return
        until = await self._choosing.next_look(now)
        logger.warning("nobody_free", case_ids=list(items))
        await gather(*(self._find_nobody(one, cases[one], rankings[one], now) for one in items))
        await rest(self._engine, infra, list(items.values()), now=now, until=until)

    async def _sent(self, case_id: str, case: CaseState, best: Proposal, now: datetime) -> bool:
        """Whether the choice has to be made again, because somebody else was faster."""
        if case.wanted is None:
            return False
        try:
            await self._send(case_id, case, case.wanted, best, now)
        except (Refused, Conflict) as refused:
            logger.info("looking_again", case_id=case_id, refused=str(refused))
            return True
        return False

    async def _send(
        self, case_id: str, case: CaseState, mode: Mode, best: Proposal, now: datetime
    ) -> None:
        command = cmd.AssignChosen(
            case_id=case_id,
            at=now,
            engineer_id=best.engineer.engineer_id,
            mode=mode,
            slot=best.slot,
            department=best.engineer.department,
            why=best.why,
            answer_by=await self._choosing.answer_by(case, now),
        )
        await self._handling.change_case(command, By(actor=MACHINE, at=now))

    async def outage(self, item: Item) -> None:
        """Propose a major incident, or add to one; what has passed meanwhile is left (DP-17)."""
        async with self._engine.connect() as connection:
            note = await note_of(connection, item.key, self._outage)
        now = self._clock.now()
        if note is None:
            await rest(self._engine, infra, [item], now=now, until=now + NO_CHANGE_IN_SIGHT)
            return
        await self._handling.change_incident(note, By(actor=MACHINE, at=now))

    async def _find_nobody(
        self, case_id: str, case: CaseState, nobody: Ranking, now: datetime
    ) -> None:
        """Whoever is on duty is told of what cannot wait (IN-13)."""
        try:
            at_once = await self._choosing.ladder.sent_at_once(case)
            command = cmd.FindNobody(
                case_id=case_id, at=now, at_once=at_once, left_out={**nobody.left_out}
            )
            await self._handling.change_case(command, By(actor=MACHINE, at=now))
        except Refused as refused:
            logger.info("nobody_looked_for", case_id=case_id, refused=refused.code)

    async def ask_another(self, item: Item) -> None:
        """Who has not answered in time is asked no longer (DP-05); the case looks for the next."""
        held = (await self._reading.case(item.key)).state.assignment
        if held is None:
            return
        now = self._clock.now()
        command = cmd.NoAnswer(case_id=item.key, at=now, engineer_id=held.engineer_id)
        await self._handling.change_case(command, By(actor=MACHINE, at=now))

    async def take_from_away(self, item: Item) -> None:
        """What somebody who left, or is on leave then, has not begun is looked for anew."""
        engineer_id, _, absence_id = item.key.partition("/")
        state = (await self._reading.engineer(engineer_id)).state
        absence = next((one for one in state.absences if one.absence_id == absence_id), None)
        now = self._clock.now()
        is_gone = not absence_id and state.entry is not None and not state.entry.active
        for case_id in await self._reading.held_by(engineer_id) if absence or is_gone else ():
            command = cmd.TakeFromAway(
                case_id=case_id,
                at=now,
                engineer_id=engineer_id,
                said_at=item.due_at,
                absence=Slot(absence.start, absence.end) if absence else None,
            )
            await self._handling.change_case(command, By(actor=MACHINE, at=now))
        await finish(self._engine, infra, item, now=now)

    async def take_from_silent(self, item: Item) -> None:
        """A partner who has not answered in time has the case no longer (DP-26)."""
        await self._taken(cmd.PartnerNoAnswer(case_id=item.key, at=self._clock.now()))

    async def take_from_absent(self, item: Item) -> None:
        """Nor has one who is not on site by the promised time."""
        await self._taken(cmd.PartnerNotThere(case_id=item.key, at=self._clock.now()))

    async def _taken(self, command: cmd.PartnerFailing) -> None:
        try:
            await self._handling.change_case(command, By(actor=MACHINE, at=command.at))
        except Refused as refused:
            logger.info("not_taken_back", case_id=command.case_id, refused=refused.code)

    async def release(self, item: Item) -> None:
        """Free the engineer's day when another service ended the case."""
        visit = (await self._reading.case(item.key)).state.visit
        if visit is None:
            return
        command = engineer.Release(
            engineer_id=visit.engineer_id, case_id=item.key, reason="case_ended"
        )
        by = By(actor=MACHINE, at=self._clock.now())
        done = await self._handling.change_engineer(visit.engineer_id, [command], by)
        if not done.changed:
            await finish(self._engine, infra, item, now=self._clock.now())

    async def end_remote(self, item: Item) -> None:
        """The customer is reminded to change the passwords, although the case is over (DP-03)."""
        now = self._clock.now()
        command = cmd.EndRemote(case_id=item.key, at=now, outcome="unresolved")
        try:
            await self._handling.change_case(command, By(actor=MACHINE, at=now))
        except Refused as refused:
            logger.info("not_remote", case_id=item.key, refused=refused.code)
            await finish(self._engine, infra, item, now=now)

    async def remind(self, item: Item) -> None:
        """A month before a certificate ends; one that ended before it was entered is past that."""
        now = self._clock.now()
        today = now.astimezone(todos.COMPANY_ZONE).date()
        command = engineer.Remind(engineer_id=item.key, until=today + todos.REMINDED_BEFORE)
        by = By(actor=MACHINE, at=now)
        await self._handling.change_engineer(item.key, [command], by)
