"""What became of a device: its cases and every step of their way, newest first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.archive import DeviceRecorded

from . import tables
from .domain.progress import Milestone
from .holdings import SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """A case about the device; `steps` in the order in which they were recorded."""

    case: RowMapping
    steps: Sequence[Milestone]


async def history_of(engine: AsyncEngine, device: DeviceRecorded) -> list[Visited]:
    """Cases of whoever has the device now: those of an earlier owner are not hers to be told."""
    cases, reports = tables.cases, tables.reports
    statement = (
        select(cases, reports.c.reported_at, reports.c.report)
        .join(reports, reports.c.case_id == cases.c.case_id)
        .where(
            reports.c.customer_id == device.customer_id,
            reports.c.report["device_id"].as_string() == device.device_id,
        )
        .order_by(reports.c.reported_at.desc(), cases.c.case_id)
        .limit(SHOWN)
    )
    async with engine.connect() as connection:
        found = (await connection.execute(statement)).mappings().all()
        steps = await _steps(connection, [case["case_id"] for case in found])
    return [Visited(case=case, steps=steps[case["case_id"]]) for case in found]


async def _steps(
    connection: AsyncConnection, case_ids: Sequence[str]
) -> defaultdict[str, list[Milestone]]:
    table = tables.milestones
    statement = (
        select(table.c.case_id, table.c.entry)
        .where(table.c.case_id.in_(case_ids))
        .order_by(table.c.position)
    )
    steps: defaultdict[str, list[Milestone]] = defaultdict(list)
    for case_id, entry in await connection.execute(statement):
        milestone = msgspec.convert(entry, Milestone)
        if milestone.step is not None:
            steps[case_id].append(milestone)
    return steps
