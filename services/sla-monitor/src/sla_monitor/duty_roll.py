"""The registers of people, kept at hand for whoever decides who is told."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.catalogue.terms import CalendarPublished
from aftercare_events.gathering import Gathering
from aftercare_events.official_days import CN, OfficialDays, edition_of, shipped
from aftercare_events.rota import Rota

from .domain.directory import NOBODY_ENTERED, Directory
from .domain.staff import staff_of
from .recipients import entry_of
from .rosters import rota_of
from .tables import calendars, engineers, recipients

_IN_FORCE = calendars.c.name == CN
_NEWEST = select(
    func.greatest(
        select(func.max(recipients.c.position)).scalar_subquery(),
        select(func.max(engineers.c.position)).scalar_subquery(),
        0,
    ),
    func.coalesce(select(func.max(calendars.c.number)).where(_IN_FORCE).scalar_subquery(), 0),
)

_DIRECTORY = "directory"


class DutyRoll:
    """The directory as the tables hold it; only entries that changed are read again."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._asked = Gathering(self._fetch)
        self._position = 0
        self._forget()

    async def current(self) -> Directory:
        return await self._asked.get(_DIRECTORY) or NOBODY_ENTERED

    def follow(self, position: int) -> None:
        """The rows stand at a position; a rebuild, which makes them anew, begins at an earlier."""
        self._rebuilt = self._rebuilt or position < self._position
        self._position = position

    def _forget(self) -> None:
        self._rebuilt = False
        self._recipients: dict[str, RecipientRegistered] = {}
        self._rotas: dict[str, Rota] = {}
        self._days: OfficialDays = shipped()
        self._reached, self._edition = 0, 0
        self._directory = NOBODY_ENTERED

    async def _fetch(self, _: Sequence[str]) -> Mapping[str, Directory]:
        if self._rebuilt:
            self._forget()
        async with self._engine.connect() as connection:
            newest, edition = (await connection.execute(_NEWEST)).one()
            if (newest, edition) != (self._reached, self._edition):
                await self._refill(connection)
                self._reached, self._edition = newest, edition
        return {_DIRECTORY: self._directory}

    async def _refill(self, connection: AsyncConnection) -> None:
        entries = select(recipients.c.entry).where(recipients.c.position > self._reached)
        for entry in await connection.scalars(entries):
            said = entry_of(entry)
            self._recipients[said.recipient_id] = said
        rows = select(engineers).where(engineers.c.position > self._reached)
        for row in await connection.execute(rows):
            self._rotas[row.engineer_id] = rota_of(row.rota)
        editions = select(calendars.c.document).where(_IN_FORCE, calendars.c.number > self._edition)
        for document in await connection.scalars(editions.order_by(calendars.c.number)):
            self._days = self._days.amended(
                edition_of(msgspec.convert(document, CalendarPublished))
            )
        staff = staff_of(dict(self._rotas), self._days)
        self._directory = Directory(dict(self._recipients), staff)
