"""Open escalations as the wall shows them: one for each promise, at the highest rank it reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.selectable import Subquery

from aftercare_events.catalogue.case import Step

from .alerts import RANKS
from .tables import alerts, cases, customers


@dataclass(frozen=True, slots=True)
class Escalation:
    """A promise with open alerts; rank, recipient and acknowledgement are those of the highest.

    `waiting` names every alert of it that nobody has acknowledged yet.
    """

    case_id: str
    clock: str
    cycle: int
    rank: Step
    due_at: datetime
    raised_at: datetime
    recipient: str
    acknowledged_by: str | None
    waiting: Sequence[str]
    summary: str
    customer: str | None
    holder: str | None


@dataclass(frozen=True, slots=True)
class Escalations:
    """The most urgent ones, and how many there are of each rank, the highest first."""

    shown: Sequence[Escalation]
    count: Mapping[Step, int]

    @property
    def total(self) -> int:
        return sum(self.count.values())


async def most_urgent(engine: AsyncEngine, limit: int) -> Escalations:
    """The highest rank first, and in it the earliest due."""
    highest = _highest_of_each_promise()
    count = select(highest.c.step, func.count().label("size")).group_by(highest.c.step)
    async with engine.connect() as connection:
        shown = (await connection.execute(_described(highest, limit))).mappings()
        counted = {row.step: row.size for row in await connection.execute(count)}
    return Escalations(
        shown=[_escalation(dict(row)) for row in shown],
        count={rank: counted.get(rank, 0) for rank in reversed(RANKS)},
    )


def _highest_of_each_promise() -> Subquery:
    promise = (alerts.c.case_id, alerts.c.clock, alerts.c.cycle)
    rank = func.array_position(list(RANKS), alerts.c.step).label("rank")
    waiting = func.array_agg(alerts.c.alert_id).filter(alerts.c.acknowledged_at.is_(None))
    return (
        select(alerts, rank, waiting.over(partition_by=promise).label("waiting"))
        .where(alerts.c.resolved_at.is_(None))
        .ext(distinct_on(*promise))
        .order_by(*promise, rank.desc(), alerts.c.position.desc())
        .subquery()
    )


def _described(highest: Subquery, limit: int) -> Select[Any]:
    return (
        select(highest, cases.c.summary, cases.c.holder, customers.c.name.label("customer"))
        .join(cases, cases.c.case_id == highest.c.case_id)
        .outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
        .order_by(highest.c.rank.desc(), highest.c.due_at, highest.c.alert_id)
        .limit(limit)
    )


def _escalation(row: Mapping[str, Any]) -> Escalation:
    return Escalation(
        case_id=row["case_id"],
        clock=row["clock"],
        cycle=row["cycle"],
        rank=row["step"],
        due_at=row["due_at"],
        raised_at=row["fire_at"] + timedelta(seconds=row["late_by_s"]),
        recipient=row["recipient"],
        acknowledged_by=row["acknowledged_by"],
        waiting=sorted(row["waiting"] or ()),
        summary=row["summary"],
        customer=row["customer"],
        holder=row["holder"],
    )
