"""Probable duplicates, proposed when a case is reported and kept until a person has decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Row, RowMapping, Select, bindparam, delete, or_, select, update
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
SPAN = timedelta(hours=1)
_BRIEF = (
    tables.reports.c.case_id,
    tables.reports.c.customer_id,
    tables.reports.c.reported_at,
    tables.reports.c.report["channel"].astext.label("channel"),
)


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
    mine = (await connection.execute(_asked(case_ids))).all()
    pairs = await _pairs(connection, mine, window)
    told = await _read_reports(connection, {case_id for pair in pairs for case_id in pair})
    found = [
        {
            "case_id": case_id,
            "other": other,
            "score": alike.score,
            "same": alike.same,
            "dismissed": False,
        }
        for case_id, other in pairs
        if (alike := likeness(told[case_id], told[other], window)) is not None
    ]
    await upsert(connection, tables.duplicates, found)


def _asked(case_ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    reports = tables.reports
    return select(*_BRIEF).where(
        reports.c.case_id == bindparam(None, list(case_ids), type_=ARRAY(Text)).any_(),
        reports.c.customer_id != "",
    )


async def _pairs(
    connection: AsyncConnection, mine: Sequence[Row[Any]], window: timedelta
) -> Sequence[tuple[str, str]]:
    """Each case with the newest open ones before it, of its customer but by another channel."""
    pairs: list[tuple[str, str]] = []
    for span in _spans(mine):
        # What is new itself must not push out what it is to be compared with.
        query = _newest(span, window, COMPARED + len(span))
        earlier = (await connection.execute(query)).all()
        for channel, cases in groupby(sorted(span, key=_channel), key=_channel):
            others = [row for row in earlier if row.channel != channel]
            if others:
                pairs.extend(pair for case in cases for pair in _paired(case, others, window))
    return pairs


def _paired(
    case: Row[Any], others: Sequence[Row[Any]], window: timedelta
) -> Iterable[tuple[str, str]]:
    since, until = case.reported_at - window, case.reported_at
    near = (other for other in others if since <= other.reported_at <= until)
    return ((case.case_id, other.case_id) for other in islice(near, COMPARED))


def _spans(mine: Sequence[Row[Any]]) -> Sequence[Sequence[Row[Any]]]:
    """The cases of one customer and about one time: one look at the others serves them all."""
    spans: list[list[Row[Any]]] = []
    for row in sorted(mine, key=lambda row: (row.customer_id, row.reported_at)):
        first = spans[-1][0] if spans else None
        if (
            first is not None
            and first.customer_id == row.customer_id
            and row.reported_at - first.reported_at <= SPAN
        ):
            spans[-1].append(row)
        else:
            spans.append([row])
    return spans


def _newest(span: Sequence[Row[Any]], window: timedelta, limit: int) -> Select[Any]:
    reports, cases = tables.reports, tables.cases
    first, last = span[0], span[-1]
    newest = (
        select(*_BRIEF)
        .where(
            reports.c.customer_id == first.customer_id,
            reports.c.reported_at.between(first.reported_at - window, last.reported_at),
        )
        .order_by(reports.c.reported_at.desc())
        .limit(limit)
        .subquery()
    )
    still_open = cases.c.ended.is_(None)
    return (
        select(newest)
        .join(cases, cases.c.case_id == newest.c.case_id)
        .where(still_open)
        .order_by(newest.c.reported_at.desc())
    )


async def _read_reports(
    connection: AsyncConnection, case_ids: Collection[str]
) -> Mapping[str, Told]:
    if not case_ids:
        return {}
    reports = tables.reports
    query = select(reports).where(reports.c.case_id.in_(case_ids))
    rows = (await connection.execute(query)).mappings()
    return {row["case_id"]: _told(row) for row in rows}


def _channel(row: Row[Any]) -> str:
    return row.channel


def _told(row: RowMapping) -> Told:
    report = row["report"]
    return Told(
        channel=report["channel"],
        summary=report.get("summary", ""),
        reported_at=row["reported_at"],
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
