"""Inbound calls counted from their rows: how many were answered, and after how many seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Float, RowMapping, cast, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from .. import tables
from ..domain.connect_rate import Tally, Window

Span = Literal["hour", "day"]
_CALLS = tables.calls
_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Range:
    """Inbound calls that began from `since` on and before `until`, of one customer or of all."""

    since: datetime
    until: datetime
    customer_id: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        conditions = [
            _CALLS.c.direction == "inbound",
            _CALLS.c.started_at >= self.since,
            _CALLS.c.started_at < self.until,
        ]
        if self.customer_id is not None:
            conditions.append(_CALLS.c.customer_id == self.customer_id)
        return conditions


async def tally(engine: AsyncEngine, window: Window, customer_id: str | None) -> Tally:
    """How many of a window's calls were answered, whoever talked in the end."""
    wanted = Range(window.start, window.end, customer_id)
    statement = select(func.count(), func.count(_CALLS.c.answered_at))
    async with engine.connect() as connection:
        calls, connected = (await connection.execute(statement.where(*wanted.conditions()))).one()
    return Tally(window, calls, connected)


async def by_period(engine: AsyncEngine, wanted: Range, span: Span) -> Sequence[RowMapping]:
    """One row for each period with calls, by its beginning, and before them one for all
    periods, whose `period` is null."""
    period = func.date_trunc(span, _CALLS.c.started_at, _ZONE)
    statement = (
        select(period.label("period"), *_figures())
        .where(*wanted.conditions())
        .group_by(func.rollup(period))
        .order_by(period.nulls_first())
    )
    async with engine.connect() as connection:
        return (await connection.execute(statement)).mappings().all()


def _figures() -> Sequence[ColumnElement[Any]]:
    seconds = cast(func.extract("epoch", _CALLS.c.answered_at - _CALLS.c.started_at), Float)

    def of(outcome: str) -> ColumnElement[int]:
        return func.count().filter(_CALLS.c.outcome == outcome).label(outcome)

    def percentile(share: float) -> ColumnElement[float]:
        return func.percentile_cont(share).within_group(seconds)

    return (
        func.count().label("calls"),
        of("answered"),
        of("transferred"),
        of("abandoned"),
        func.avg(seconds).label("mean"),
        percentile(0.5).label("median"),
        percentile(0.95).label("p95"),
        func.max(seconds).label("longest"),
    )
