"""Probable duplicates, proposed when a case is reported and kept until a person has decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Row, RowMapping, Select, asc, bindparam, delete, desc, or_, select, update
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
    """Each case with the nearest open ones of its customer, told later or earlier than itself, and
    by another channel unless by fax; whichever was reported later comes first."""
    pairs: dict[tuple[str, str], None] = {}
    for span in _spans(mine):
        for later in (False, True):
            # What is new itself must not push out what it is to be compared with.
            query = _nearest(span, window, COMPARED + len(span), later=later)
            near = (await connection.execute(query)).all()
            for channel, cases in groupby(sorted(span, key=_channel), key=_channel):
                others = [row for row in near if row.channel != channel or channel == "fax"]
                for case in cases if others else ():
                    pairs.update(dict.fromkeys(_paired(case, others, window, later=later)))
    return list(pairs)


def _paired(
    case: Row[Any], others: Sequence[Row[Any]], window: timedelta, *, later: bool
) -> Iterable[tuple[str, str]]:
    at = case.reported_at
    since, until = (at, at + window) if later else (at - window, at)
    near = (other for other in others if since <= other.reported_at <= until)
    for other in islice(near, COMPARED):
        if other.case_id != case.case_id:
            older, newer = sorted((case, other), key=lambda one: (one.reported_at, one.case_id))
            yield newer.case_id, older.case_id


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


def _nearest(
    span: Sequence[Row[Any]], window: timedelta, limit: int, *, later: bool
) -> Select[Any]:
    reports, cases = tables.reports, tables.cases
    first, last = span[0].reported_at, span[-1].reported_at
    since, until = (first, last + window) if later else (first - window, last)
    order = asc if later else desc
    nearest = (
        select(*_BRIEF)
        .where(
            reports.c.customer_id == span[0].customer_id,
            reports.c.reported_at.between(since, until),
        )
        .order_by(order(reports.c.reported_at))
        .limit(limit)
        .subquery()
    )
    still_open = cases.c.ended.is_(None)
    return (
        select(nearest)
        .join(cases, cases.c.case_id == nearest.c.case_id)
        .where(still_open)
        .order_by(order(nearest.c.reported_at))
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
    # What came over the fax line is named by the machine; its words stand on its pages.
    faxed = report["channel"] == "fax" and bool(report.get("attachments"))
    return Told(
        channel=report["channel"],
        summary=None if faxed else report.get("summary", ""),
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
