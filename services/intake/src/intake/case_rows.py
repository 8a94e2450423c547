"""Events of cases folded onto their rows: one look at the known ones, whatever the batch holds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.case import CaseReported
from aftercare_events.envelope import Recorded

from . import tables
from .domain.case_state import CaseState, evolve

Row = dict[str, Any]
_KNOWN = select(tables.cases).where(
    tables.cases.c.case_id == bindparam("case_ids", type_=ARRAY(Text)).any_()
)


async def fold_cases(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]
) -> tuple[list[Row], list[Row]]:
    """The new rows of the cases that were spoken of, and of the attachments that came.

    A case that nobody reported has no row, and what is said of it no effect.
    """
    known = await _known(connection, said)
    attached: list[Row] = []
    for recorded, data in said:
        row = known.get(data.case_id)
        if isinstance(data, CaseReported):
            row = row_of(CaseState(), 0, 0)
        if row is None:
            continue
        names = getattr(data, "attachments", ())
        attached += _attached(data.case_id, names, after=row["attachments"])
        count = row["attachments"] + len(names)
        known[data.case_id] = row_of(evolve(state_of(row), data), recorded.position, count)
    return list(known.values()), attached


def row_of(state: CaseState, position: int, attachments: int) -> Row:
    values = {name: getattr(state, name) for name in CaseState.__slots__}
    return {**values, "position": position, "attachments": attachments}


def state_of(row: Row) -> CaseState:
    """The state that a row of `cases` holds."""
    return CaseState(**{name: row[name] for name in CaseState.__slots__})


def _attached(case_id: str, names: Sequence[str], *, after: int) -> list[Row]:
    """Attachments are numbered within their case as they come."""
    return [
        {"case_id": case_id, "number": number, "object": name}
        for number, name in enumerate(names, start=after + 1)
    ]


async def _known(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]
) -> dict[str, Row]:
    """The rows of the cases that were there before this batch."""
    opened = {data.case_id for _, data in said if isinstance(data, CaseReported)}
    earlier = {data.case_id for _, data in said} - opened
    if not earlier:
        return {}
    result = await connection.execute(_KNOWN, {"case_ids": sorted(earlier)})
    return {row["case_id"]: dict(row) for row in result.mappings()}
