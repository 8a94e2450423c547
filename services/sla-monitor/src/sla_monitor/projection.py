"""Events into the monitor's tables: the clocks of each case, and what falls due next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.clock import Clock, SystemClock
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert
from aftercare_events.todo import Item, drop, put

from . import ops_alerts, ops_notices, rosters, tables
from .case_rows import CaseCache, CaseRow, as_row
from .changes import Changes, gather, write
from .delivery.queue import DeliveryQueue
from .domain.decide import next_fire_at
from .domain.event_lines import concerned_case
from .domain.evolve import evolve
from .domain.instants import from_micros
from .domain.moving import is_over, newest_terms
from .domain.state import CaseClocks
from .figure_rows import outages_in, write_outages
from .promises import follow_promises
from .shelf import Shelf

STEPS, BEHIND = "steps", "behind"
TELL_WITHIN = timedelta(hours=24)


class MonitorProjection:
    """The read model of the monitor. `shelf` receives the contracts as they are published.

    Nobody is told of an alert that is older than `tell_within` by `clock`.
    """

    name = "sla"
    tables: Sequence[Table] = tables.READ_MODEL

    def __init__(
        self, shelf: Shelf, clock: Clock | None = None, tell_within: timedelta = TELL_WITHIN
    ) -> None:
        self._shelf = shelf
        self._clock = clock or SystemClock()
        self._deliveries = DeliveryQueue(self._clock, tell_within)
        self._cache = CaseCache()
        self._reached = -1

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        if batch[0].position != self._reached + 1:
            # Begun, rebuilt, or rolled back: what is kept may not be what the tables hold.
            self._cache.clear()
            if batch[0].position == 1:
                self._shelf.clear()
            await self._shelf.refill(connection)
        self._reached = -1
        changes = Changes()
        cases = await self._fold(connection, batch, changes)
        await self._write_cases(connection, cases)
        await follow_promises(connection, batch, cases, self._clock.now())
        await write(connection, changes)
        await rosters.write(connection, batch)
        await ops_alerts.write(connection, batch)
        await ops_notices.write(connection, batch)
        await self._deliveries.apply(connection, batch)
        self._cache.keep(cases)
        self._reached = batch[-1].position

    async def _fold(
        self, connection: AsyncConnection, batch: Sequence[Recorded], changes: Changes
    ) -> Mapping[str, CaseRow]:
        about = [(concerned_case(recorded.event), recorded) for recorded in batch]
        rows = await self._cache.load(connection, {case for case, _ in about if case})
        down = outages_in(rows)
        for case_id, recorded in about:
            gather(self._shelf, changes, recorded)
            if case_id is not None:
                self._evolve(rows, case_id, recorded)
        await write_outages(connection, down, rows)
        return rows

    def _evolve(self, rows: dict[str, CaseRow], case_id: str, recorded: Recorded) -> None:
        event, row = recorded.event, rows.get(case_id)
        clocks = evolve(row.clocks if row else None, event, self._shelf.policies)
        if clocks is None:
            return
        summary = decode(event).summary if row is None else row.summary
        position = row.position if row else 0
        if event.aggregate == "case":
            position = recorded.position
        rows[case_id] = CaseRow(position, clocks, summary)

    async def _write_cases(self, connection: AsyncConnection, rows: Mapping[str, CaseRow]) -> None:
        await upsert(connection, tables.cases, [as_row(row) for row in rows.values()])
        looks = {case_id: self._look_at(row.clocks) for case_id, row in rows.items()}
        due = [
            Item(STEPS, case_id, look, rows[case_id].position)
            for case_id, look in looks.items()
            if look is not None
        ]
        await put(connection, tables.infra, due)
        done = [(STEPS, case_id) for case_id, look in looks.items() if look is None]
        await drop(connection, tables.infra, done)
        await self._write_behind(connection, rows)

    async def _write_behind(self, connection: AsyncConnection, rows: Mapping[str, CaseRow]) -> None:
        """The cases that go on under official days of which a newer edition was published."""
        policies = self._shelf.policies
        behind = {
            case_id: Item(BEHIND, case_id, from_micros(row.clocks.course.at), row.position)
            for case_id, row in rows.items()
            if not is_over(row.clocks) and newest_terms(row.clocks, policies)
        }
        await put(connection, tables.infra, list(behind.values()))
        await drop(connection, tables.infra, [(BEHIND, c) for c in rows if c not in behind])

    def _look_at(self, clocks: CaseClocks) -> datetime | None:
        return next_fire_at(clocks, self._shelf.terms_of(clocks))
