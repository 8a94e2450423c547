"""The to-do queues of clerks: what waits in each, and how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncEngine

from . import tables

# Beyond this a queue is simply long: counting on would cost more than it tells.
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Queue:
    """Worked through at `/desk/<name>`, called `desk.queue.<name>` in the catalogues.

    `waiting` selects one row for each thing that waits, by an index.
    """

    name: str
    waiting: Select[Any]

    @property
    def path(self) -> str:
        return f"/desk/{self.name}"


def rows(condition: ColumnElement[bool]) -> Select[Any]:
    """One row for each row of a table of which this holds."""
    return select(literal(1)).where(condition)


_UNREACHED = tables.return_calls.c.ended.is_(None) & tables.return_calls.c.reached_by.is_(None)

# A new queue is a line here, two words in the catalogues, and a page that extends `desk.html`.
QUEUES = (
    Queue("cases", rows(tables.OPEN)),
    Queue("calls", rows(_UNREACHED)),
    Queue("faxes", rows(tables.faxes.c.checked_at.is_(None))),
    Queue("held", rows(tables.HELD)),
    Queue("duplicates", rows(~tables.duplicates.c.dismissed)),
    Queue("quarantine", rows(tables.arrivals.c.disposition == "quarantined")),
)


async def waiting(engine: AsyncEngine) -> Mapping[str, int]:
    """How much waits in each queue; COUNTED stands for that many or more."""
    counts = [
        select(func.count())
        .select_from(queue.waiting.limit(COUNTED).subquery())
        .scalar_subquery()
        .label(queue.name)
        for queue in QUEUES
    ]
    async with engine.connect() as connection:
        row = (await connection.execute(select(*counts))).mappings().one()
    return {queue.name: row[queue.name] for queue in QUEUES}
