"""The registers of people, kept at hand for whoever decides who is told."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.dispatch import Duty
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.duty import ALWAYS
from aftercare_events.gathering import Gathering

from .domain.directory import NOBODY_ENTERED, Directory, Employed
from .tables import engineers, recipients

_NEWEST = select(
    func.greatest(
        select(func.max(recipients.c.position)).scalar_subquery(),
        select(func.max(engineers.c.position)).scalar_subquery(),
        0,
    )
)

_DIRECTORY = "directory"


class DutyRoll:
    """The directory as the tables hold it; only entries that changed are read again."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._asked = Gathering(self._fetch)
        self._recipients: dict[str, RecipientRegistered] = {}
        self._engineers: dict[str, Employed] = {}
        self._reached = 0

    async def current(self) -> Directory:
        return await self._asked.get(_DIRECTORY) or NOBODY_ENTERED

    async def _fetch(self, _: Sequence[str]) -> Mapping[str, Directory]:
        async with self._engine.connect() as connection:
            newest: int = (await connection.execute(_NEWEST)).scalar_one()
            if newest < self._reached:
                # A rebuild empties the tables and fills them again.
                self._recipients, self._engineers, self._reached = {}, {}, 0
            if newest > self._reached:
                await self._refill(connection)
                self._reached = newest
        return {_DIRECTORY: Directory(self._recipients, self._engineers)}

    async def _refill(self, connection: AsyncConnection) -> None:
        entries = select(recipients.c.entry).where(recipients.c.position > self._reached)
        for entry in await connection.scalars(entries):
            said = msgspec.convert(entry, RecipientRegistered)
            self._recipients[said.recipient_id] = said
        rows = select(engineers).where(engineers.c.position > self._reached)
        for row in await connection.execute(rows):
            duty = ALWAYS if row.duty is None else msgspec.convert(row.duty, Duty)
            self._engineers[row.engineer_id] = Employed(active=row.active, duty=duty)
