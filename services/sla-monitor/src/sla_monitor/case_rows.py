"""The folded clocks of cases as rows, loaded once and kept at hand while they are in use."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.gathering import Gathering

from .domain.instants import from_micros
from .domain.state import CaseClocks, Clock, from_bytes, to_bytes
from .tables import cases

KEPT = 20_000
_WANTED = select(cases.c.case_id, cases.c.position, cases.c.state, cases.c.summary).where(
    cases.c.case_id == bindparam("wanted", type_=ARRAY(Text)).any_()
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case's clocks, and the position of the last event on any of its branches."""

    position: int
    clocks: CaseClocks
    summary: str


class CaseCache:
    """The most recently used cases; bounded, so that memory does not grow with the history."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, CaseRow] = OrderedDict()

    def clear(self) -> None:
        self._rows.clear()

    def keep(self, rows: Mapping[str, CaseRow]) -> None:
        for case_id, row in rows.items():
            self._rows[case_id] = row
            self._rows.move_to_end(case_id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    async def load(
        self, connection: AsyncConnection, case_ids: Iterable[str]
    ) -> dict[str, CaseRow]:
        """The rows of those of the cases that were reported."""
        wanted = set(case_ids)
        found = {case_id: self._rows[case_id] for case_id in wanted if case_id in self._rows}
        missing = wanted - found.keys()
        if missing:
            found |= await load(connection, missing)
        return found


async def load(connection: AsyncConnection, case_ids: Iterable[str]) -> dict[str, CaseRow]:
    rows = await connection.execute(_WANTED, {"wanted": list(case_ids)})
    return {row.case_id: CaseRow(row.position, from_bytes(row.state), row.summary) for row in rows}


def rows_of(engine: AsyncEngine) -> Gathering[str, CaseRow]:
    """Cases one at a time, for many who ask at once."""

    async def fetch(case_ids: Sequence[str]) -> Mapping[str, CaseRow]:
        async with engine.connect() as connection:
            return await load(connection, case_ids)

    return Gathering(fetch)


def as_row(row: CaseRow) -> dict[str, Any]:
    clocks = row.clocks
    due_at, clock = _next_due(clocks)
    return {
        "case_id": clocks.case_id,
        "position": row.position,
        "state": to_bytes(clocks),
        "policy": clocks.governing,
        "customer_id": clocks.customer_id or "",
        "contract_id": clocks.contract_id,
        **_due_times(clocks),
        "summary": row.summary,
        "next_due_at": None if due_at is None else from_micros(due_at),
        "next_due_clock": clock,
        "holder": clocks.course.engineer,
    }


def _due_times(state: CaseClocks) -> dict[str, datetime | None]:
    """Between which instants all clocks are due; open while a pause can still move them."""
    due = [clock.due_at for clock in state.course.clocks]
    is_held = any(clock.paused_since is not None for clock in state.course.clocks)
    return {
        "first_due_at": from_micros(min(due)) if due else None,
        "last_due_at": from_micros(max(due)) if due and not is_held else None,
    }


def _next_due(state: CaseClocks) -> tuple[int | None, str | None]:
    """The earliest promise that still runs and is not broken yet."""
    broken = {(breach.clock, breach.cycle) for breach in state.breaches}
    running = [
        (clock.due_at, clock.name)
        for clock in state.course.clocks
        if clock.outcome is None
        and clock.paused_since is None
        and (clock.name, clock.cycle) not in broken
        and not _was_reported(clock)
    ]
    return min(running, default=(None, None))


def _was_reported(clock: Clock) -> bool:
    """A duty to report never breaks; its step at the due time ends it."""
    return any(
        step.fired and step.fire_at is not None and step.fire_at >= clock.due_at
        for step in clock.steps
    )
