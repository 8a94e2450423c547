"""Probable duplicates, proposed when a case is reported and kept until a person has decided."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from aftercare_events.catalogue.case import CaseClosed, CaseMerged, CaseReported, CaseWithdrawn
from aftercare_events.catalogue.clerk import CustomerAssigned, DuplicateDismissed
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from . import tables
from .domain.duplicates import Told, likeness

# The newest cases of a customer that a new one is compared with: bounded, however busy she is.
COMPARED = 30


async def follow_duplicates(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]], window: timedelta
) -> None:
    """Bring the proposals into line with what a batch said, once its cases are in the tables."""
    asked = {data.case_id for _, data in said if isinstance(data, CaseReported | CustomerAssigned)}
    if asked:
        await _propose(connection, sorted(asked), window)
    for _, data in said:
        if isinstance(data, DuplicateDismissed):
            await _dismiss(connection, data)
    ended = {d.case_id for _, d in said if isinstance(d, CaseMerged | CaseWithdrawn | CaseClosed)}
    if ended:
        table = tables.duplicates
        await connection.execute(
            delete(table).where(or_(table.c.case_id.in_(ended), table.c.other.in_(ended)))
        )


async def _propose(connection: AsyncConnection, case_ids: Sequence[str], window: timedelta) -> None:
    found = [
        {
            "case_id": row["case_id"],
            "other": row["other"],
            "score": alike.score,
            "same": alike.same,
            "dismissed": False,
        }
        for row in (await connection.execute(_pairs(case_ids, window))).mappings()
        if (alike := likeness(_told(row, "mine"), _told(row, "theirs"), window)) is not None
    ]
    await upsert(connection, tables.duplicates, found)


def _pairs(case_ids: Sequence[str], window: timedelta) -> Any:
    """Each case with the newest open ones of the same customer that came by another channel."""
    mine, cases = tables.reports.alias("mine"), tables.cases
    earlier = tables.reports.alias("earlier")
    newest = (
        select(earlier)
        .where(
            earlier.c.customer_id == mine.c.customer_id,
            earlier.c.reported_at.between(mine.c.reported_at - window, mine.c.reported_at),
            earlier.c.case_id != mine.c.case_id,
        )
        .order_by(earlier.c.reported_at.desc())
        .limit(COMPARED)
        .lateral("newest")
    )
    return (
        select(
            mine.c.case_id,
            mine.c.reported_at.label("mine_at"),
            mine.c.report.label("mine"),
            newest.c.case_id.label("other"),
            newest.c.reported_at.label("theirs_at"),
            newest.c.report.label("theirs"),
        )
        .select_from(mine)
        .join(newest, true())
        .join(cases, cases.c.case_id == newest.c.case_id)
        .where(
            mine.c.case_id == bindparam("case_ids", type_=ARRAY(Text)).any_(),
            mine.c.customer_id != "",
            cases.c.ended.is_(None),
            mine.c.report["channel"].astext != newest.c.report["channel"].astext,
        )
        .params(case_ids=list(case_ids))
    )


def _told(row: RowMapping, side: str) -> Told:
    report = row[side]
    return Told(
        channel=report["channel"],
        summary=report.get("summary", ""),
        reported_at=row[f"{side}_at"],
        device_id=report.get("device_id"),
        site_id=report.get("site_id"),
        category=report.get("category"),
    )


async def _dismiss(connection: AsyncConnection, said: DuplicateDismissed) -> None:
    """Whichever of the two it was said of."""
    table, pair = tables.duplicates, (said.case_id, said.other)
    await connection.execute(
        update(table)
        .where(table.c.case_id.in_(pair), table.c.other.in_(pair))
        .values(dismissed=True)
    )
