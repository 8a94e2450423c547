"""What a decision is based on: our rows, once they hold everything the log says about it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.decider import Visible, see
from aftercare_events.log import Log, whole

from . import tables
from .barred import barred_from
from .domain.callback import Matter, callback_id_of
from .domain.case import INITIAL
from .domain.corrective_action import CorrectiveAction, Remedy
from .domain.independence import Caller
from .states import ACTIONS, CALLBACKS, CASES


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A matter with the positions of the last events about its case and its callback."""

    matter: Matter
    case_id: str
    case_position: int
    callback_id: str
    callback_position: int

    @property
    def subject(self) -> str:
        """Everything that was ever said about the callback."""
        return whole("callback", self.callback_id)


@dataclass(frozen=True, slots=True)
class OpenRemedy:
    """A remedy with the positions of the last events about its case and its action."""

    remedy: Remedy
    action: CorrectiveAction
    case_position: int
    action_position: int

    @property
    def subject(self) -> str:
        """Everything that was ever said about the corrective action."""
        return whole("corrective_action", self.action.corrective_action_id)


class Store:
    def __init__(self, log: Log, engine: AsyncEngine, projector: Visible) -> None:
        self._log = log
        self._engine = engine
        self._projector = projector

    async def matter_of_callback(self, callback_id: str) -> OpenMatter | None:
        """None for a callback that was never scheduled. Raises LogUnavailable."""
        callback_position = await self._visible("callback", callback_id)
        async with self._engine.connect() as connection:
            callback = await CALLBACKS.one(connection, callback_id)
        if callback is None:
            return None
        case_position = await self._visible("case", callback.case_id)
        async with self._engine.connect() as connection:
            case = await CASES.one(connection, callback.case_id) or INITIAL
            barred = await barred_from(connection, case)
        matter = Matter(case=case, callback=callback, barred_departments=barred)
        return OpenMatter(matter, callback.case_id, case_position, callback_id, callback_position)

    async def matter_of_case(self, case_id: str) -> OpenMatter:
        """The case and the callback of its present cycle. Raises LogUnavailable."""
        case_position = await self._visible("case", case_id)
        async with self._engine.connect() as connection:
            case = await CASES.one(connection, case_id) or INITIAL
        callback_id = callback_id_of(case_id, case.cycle)
        callback_position = await self._visible("callback", callback_id)
        async with self._engine.connect() as connection:
            callback = await CALLBACKS.one(connection, callback_id)
        matter = Matter(case=case, callback=callback)
        return OpenMatter(matter, case_id, case_position, callback_id, callback_position)

    async def remedy(self, action_id: str) -> OpenRemedy | None:
        """None for a corrective action that was never opened. Raises LogUnavailable."""
        action_position = await self._visible("corrective_action", action_id)
        async with self._engine.connect() as connection:
            action = await ACTIONS.one(connection, action_id)
        if action is None:
            return None
        case_position = await self._visible("case", action.case_id)
        async with self._engine.connect() as connection:
            case = await CASES.one(connection, action.case_id) or INITIAL
            barred = await barred_from(connection, case)
        remedy = Remedy(case=case, action=action, barred_departments=barred)
        return OpenRemedy(remedy, action, case_position, action_position)

    async def caller(self, officer_id: str) -> Caller:
        """Somebody with the department that the register of officers, or engineers, names."""
        officers, engineers = tables.officers, tables.engineers
        registered = select(officers.c.department, officers.c.active).where(
            officers.c.officer_id == officer_id
        )
        engineer = select(engineers.c.department).where(engineers.c.engineer_id == officer_id)
        async with self._engine.connect() as connection:
            officer = (await connection.execute(registered)).one_or_none()
            if officer is not None:
                return Caller(officer_id, officer.department, officer.active)
            return Caller(officer_id, await connection.scalar(engineer))

    async def _visible(self, aggregate: str, identifier: str) -> int:
        """The log's last word about an aggregate, once our rows hold it."""
        subject = whole(aggregate, identifier)
        return (await see(self._log, self._projector, subject))[subject]
