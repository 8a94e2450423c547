"""Connect rate and seconds to answer, by hour and by day (IN-03)."""

import csv
import io
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import select

from aftercare_http import Id, MinPosition, Principal, Router, requires, unprocessable

from .. import tables
from ..domain.report import LOCAL
from ..parts import Intake, intake_of
from ..phone.statistics import Range, Span, by_period
from .instants import BoundedInstant

router = Router(prefix="/v1/calls", tags=["calls"])
Reader = Annotated[Principal, Depends(requires("intake:write"))]
# What one answer may hold: about a thousand hours, or as many days.
LONGEST: dict[Span, timedelta] = {"hour": timedelta(days=45), "day": timedelta(days=1100)}
USUAL: dict[Span, timedelta] = {"hour": timedelta(days=1), "day": timedelta(days=30)}


class SecondsToAnswer(BaseModel):
    """Of the calls that were answered; all null where none was."""

    mean: float | None
    median: float | None
    p95: float | None
    longest: float | None


class Counted(BaseModel):
    """Inbound calls that began in a period. `connect_rate` is the share, in per cent, of those
    answered, transferred ones among them; null where nobody called."""

    calls: int
    answered: int
    transferred: int
    abandoned: int
    connect_rate: float | None
    seconds_to_answer: SecondsToAnswer


class CountedPeriod(Counted):
    start: datetime


class Statistics(BaseModel):
    """Periods are hours or days in Asia/Shanghai; one in which nobody called is left out."""

    by: Span
    since: datetime
    until: datetime
    total: Counted
    periods: list[CountedPeriod]


@router.get(
    "/statistics",
    dependencies=[MinPosition],
    response_model=Statistics,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def call_statistics(
    _: Reader,
    request: Request,
    by: Span = "hour",
    since: Annotated[BoundedInstant | None, Query(alias="from")] = None,
    until: BoundedInstant | None = None,
    customer: Annotated[Id | None, Query(description="Only calls of this customer.")] = None,
    contract: Annotated[
        Id | None, Query(description="Only calls of the customer of this contract.")
    ] = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """How many calls were answered, and after how many seconds."""
    intake = intake_of(request)
    wanted = await _wanted(intake, by, since, until, customer, contract)
    rows = [dict(row) for row in await by_period(intake.engine, wanted, by)]
    total = next((_counted(row) for row in rows if row["period"] is None), None)
    periods = [
        _counted(row) | {"start": row["period"].astimezone(LOCAL)}
        for row in rows
        if row["period"] is not None
    ]
    if form == "csv":
        return Response(_csv(periods), media_type="text/csv; charset=utf-8")
    return Statistics.model_validate(
        {
            "by": by,
            "since": wanted.since,
            "until": wanted.until,
            "total": total or _counted(NOBODY),
            "periods": periods,
        }
    )


COUNTS = ("calls", "answered", "transferred", "abandoned")
SECONDS = ("mean", "median", "p95", "longest")
NOBODY: dict[str, Any] = {**dict.fromkeys(COUNTS, 0), **dict.fromkeys(SECONDS)}


async def _wanted(
    intake: Intake,
    by: Span,
    since: datetime | None,
    until: datetime | None,
    customer: str | None,
    contract: str | None,
) -> Range:
    until = until or intake.clock.now()
    since = since or until - USUAL[by]
    if not timedelta(0) < until - since <= LONGEST[by]:
        longest = LONGEST[by].days
        raise unprocessable("until", "range", f"after `from`, by at most {longest} days")
    if contract is None:
        return Range(since, until, customer)
    owner = await _owner(intake, contract)
    if owner is None or customer not in (None, owner):
        raise unprocessable("contract", "contract-unknown", "there is no such contract")
    return Range(since, until, owner)


async def _owner(intake: Intake, contract_id: str) -> str | None:
    table = tables.contracts
    statement = select(table.c.customer_id).where(table.c.contract_id == contract_id)
    async with intake.engine.connect() as connection:
        return (await connection.execute(statement)).scalar_one_or_none()


def _counted(row: dict[str, Any]) -> dict[str, Any]:
    connected = row["answered"] + row["transferred"]
    seconds = {name: row[name] for name in SECONDS}
    return {
        **{name: row[name] for name in COUNTS},
        "connect_rate": round(100 * connected / row["calls"], 2) if row["calls"] else None,
        "seconds_to_answer": {
            name: None if value is None else round(value, 3) for name, value in seconds.items()
        },
    }


def _csv(periods: list[dict[str, Any]]) -> str:
    """One line a period; times with their offset."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    counts = (*COUNTS, "connect_rate")
    writer.writerow(["start", *counts, *(f"seconds_to_answer_{name}" for name in SECONDS)])
    for each in periods:
        figures = each["seconds_to_answer"]
        values = [each[name] for name in counts]
        writer.writerow([each["start"].isoformat(), *values, *(figures[name] for name in SECONDS)])
    return lines.getvalue()
