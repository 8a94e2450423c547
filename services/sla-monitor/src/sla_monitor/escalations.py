"""Open escalations as the wall shows them: one for each promise, at the highest rank it reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.selectable import Subquery

from aftercare_events.catalogue.case import Step

from .domain.ladder import RANKS
from .tables import alerts, cases, customers
from .wanted import Standing, Wanted


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
    promised_until: datetime | None
    waiting: tuple[str, ...]
    summary: str
    policy: str
    customer: str | None
    holder: str | None


@dataclass(frozen=True, slots=True)
class Escalations:
    """The most urgent ones that are wanted, and how many there would be of each kind.

    `of_rank` counts by rank, the highest first, whatever rank is wanted; `of_standing` likewise.
    """

    shown: Sequence[Escalation]
    total: int
    of_rank: Mapping[Step, int]
    of_standing: Mapping[Standing, int]


async def most_urgent(
    engine: AsyncEngine, wanted: Wanted, now: datetime, limit: int
) -> Escalations:
    """The highest rank first, and in it the earliest due."""
    highest = _highest_of_each_promise()
    asked = (*wanted.of_case(), *wanted.of_promise(highest.c.step, highest.c.due_at, now))
    async with engine.connect() as connection:
        shown = await connection.execute(_described(highest).where(*asked).limit(limit))
        counted = await connection.execute(_counted(highest, now).where(*wanted.of_case()))
        return _tallied([_escalation(dict(row)) for row in shown.mappings()], counted, wanted)


def _tallied(
    shown: Sequence[Escalation], counted: Iterable[Row[Any, bool, int]], wanted: Wanted
) -> Escalations:
    sizes: dict[tuple[Step, Standing], int] = {
        (row.step, "breached" if row.is_breached else "ahead"): row.size for row in counted
    }

    def size(rank: Step | None, standing: Standing | None) -> int:
        return sum(n for (r, s), n in sizes.items() if rank in (None, r) and standing in (None, s))

    standings: tuple[Standing, ...] = ("breached", "ahead")
    return Escalations(
        shown=shown,
        total=size(wanted.rank, wanted.standing),
        of_rank={rank: size(rank, wanted.standing) for rank in reversed(RANKS)},
        of_standing={standing: size(wanted.rank, standing) for standing in standings},
    )


def _counted(highest: Subquery, now: datetime) -> Select[Any, bool, int]:
    is_breached = (highest.c.due_at <= now).label("is_breached")
    return (
        select(highest.c.step, is_breached, func.count().label("size"))
        .join(cases, cases.c.case_id == highest.c.case_id)
        .group_by(highest.c.step, is_breached)
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


def _described(highest: Subquery) -> Select[Any]:
    return (
        select(
            highest,
            cases.c.summary,
            cases.c.policy,
            cases.c.holder,
            customers.c.name.label("customer"),
        )
        .join(cases, cases.c.case_id == highest.c.case_id)
        .outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
        .order_by(highest.c.rank.desc(), highest.c.due_at, highest.c.alert_id)
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
        promised_until=row["promised_until"],
        waiting=tuple(sorted(row["waiting"] or ())),
        summary=row["summary"],
        policy=row["policy"],
        customer=row["customer"],
        holder=row["holder"],
    )
