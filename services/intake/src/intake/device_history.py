"""What became of a device: all that its history tells, in one order of time, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    DateTime,
    SelectBase,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.envelope import Recorded

from . import tables
from .case_rows import Row
from .domain.device_history import fact_of

# The instant, the position in the log (0 for the report itself), the case or nothing.
Key = tuple[datetime, int, str]


def fact_row(recorded: Recorded, data: Any) -> Row | None:
    """Of an event about a case, what the history of its device tells of it."""
    fact = fact_of(data)
    if fact is None:
        return None
    what, entry = fact
    return {
        "case_id": data.case_id,
        "position": recorded.position,
        "at": recorded.event.time,
        "what": what,
        "entry": entry,
        "device_id": getattr(data, "device_id", None),
    }


async def happened(
    engine: AsyncEngine, device: DeviceRecorded, limit: int, after: Key | None = None
) -> Sequence[Row]:
    """Of whoever has the device now: what it was to an earlier owner is not hers to be told.

    Rows with `at`, `position`, `case_id`, `what`, `entry` and, of a version of the archive's
    entry, the one `before`.
    """
    about = _cases_about(device)
    all_of_it = union_all(
        _reports(about), _steps(about), _facts(device), _versions(device)
    ).subquery()
    order: Any = tuple_(all_of_it.c.at, all_of_it.c.position, all_of_it.c.case_id)
    statement = select(all_of_it)
    if after is not None:
        statement = statement.where(order < after)
    newest_first = (column.desc() for column in order.clauses)
    async with engine.connect() as connection:
        found = await connection.execute(statement.order_by(*newest_first).limit(limit))
    return [dict(row) for row in found.mappings()]


def _cases_about(device: DeviceRecorded) -> CTE:
    reports = tables.reports
    return (
        select(reports.c.case_id, reports.c.reported_at, reports.c.report)
        .where(_hers(device), reports.c.report["device_id"].as_string() == device.device_id)
        .cte("about")
    )


def _hers(device: DeviceRecorded) -> ColumnElement[bool]:
    return tables.reports.c.customer_id == device.customer_id


def _reports(about: CTE) -> SelectBase:
    return select(
        about.c.reported_at.label("at"),
        literal(0, BigInteger).label("position"),
        about.c.case_id,
        literal("received", Text).label("what"),
        about.c.report.label("entry"),
        _nothing_before(),
    )


def _steps(about: CTE) -> SelectBase:
    table = tables.milestones
    step = table.c.entry["step"].as_string()
    at = cast(table.c.entry["at"].as_string(), DateTime(timezone=True))
    return (
        select(at, table.c.position, table.c.case_id, step, table.c.entry, _nothing_before())
        .join(about, about.c.case_id == table.c.case_id)
        .where(step.is_not(None))
    )


def _facts(device: DeviceRecorded) -> SelectBase:
    table, reports = tables.case_facts, tables.reports
    columns = (table.c.at, table.c.position, table.c.case_id, table.c.what, table.c.entry)
    concerned = func.coalesce(table.c.device_id, reports.c.report["device_id"].as_string())
    return (
        select(*columns, _nothing_before())
        .join(reports, reports.c.case_id == table.c.case_id)
        .where(_hers(device), concerned == device.device_id)
    )


def _versions(device: DeviceRecorded) -> SelectBase:
    table = tables.device_versions
    before = func.lag(table.c.entry).over(order_by=table.c.position)
    return select(
        table.c.at,
        table.c.position,
        literal("", Text),
        literal("version", Text),
        table.c.entry,
        before,
    ).where(table.c.device_id == device.device_id, table.c.customer_id == device.customer_id)


def _nothing_before() -> Any:
    return cast(null(), JSONB).label("before")
