"""Open cases: what the tables say of them, and the changes intake may make."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.decider import Basis, commit, see
from aftercare_events.log import Expect, Log, whole
from aftercare_events.projector import Projector

from . import tables
from .domain.case import CaseState, Command, decide
from .opening import Said
from .projection import state_of

HOPS = 10


class Cases:
    """Decides about cases at the position up to which their tables are known."""

    def __init__(self, log: Log, engine: AsyncEngine, projector: Projector) -> None:
        self._log = log
        self._engine = engine
        self._projector = projector

    async def row(self, case_id: str) -> dict[str, Any] | None:
        statement = select(tables.cases).where(tables.cases.c.case_id == case_id)
        async with self._engine.connect() as connection:
            found = (await connection.execute(statement)).mappings().one_or_none()
        return None if found is None else dict(found)

    async def state(self, case_id: str) -> CaseState:
        """The initial state for a case that the tables do not know."""
        row = await self.row(case_id)
        return CaseState() if row is None else state_of(row)

    async def change(self, case_id: str, command: Command, said: Said) -> int:
        """Decide and append; the position after which the case is as commanded.

        A command that changes nothing is answered with the position of what it found.
        Raises Refused, Conflict, LogUnavailable.
        """
        subject = whole("case", case_id)
        found = 0

        async def load() -> Basis[CaseState]:
            nonlocal found
            found = (await see(self._log, self._projector, subject))[subject]
            return Basis(await self.state(case_id), [Expect(subject, found)])

        position = await commit(
            self._log,
            load,
            lambda state: [said.event(data) for data in decide(command, state)],
        )
        return found if position is None else position

    async def joinable(self, case_id: str) -> CaseState | None:
        """The case in which a follow-up belongs: where a merged one goes on; none once it ended.

        A case opened a moment ago may not be in the tables yet: it is open.
        """
        for _ in range(HOPS):
            row = await self.row(case_id)
            if row is None:
                return CaseState(case_id=case_id)
            state = state_of(row)
            if state.merged_into is None:
                return None if state.ended else state
            case_id = state.merged_into
        return None
