"""Cases whose due times are still to be said, for they have just begun or are owed others now: the
projection's side."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.envelope import Recorded
from aftercare_events.todo import Item, keep

from .case_rows import CaseRow
from .domain.facts import REPORTED
from .tables import infra

PROMISES = "promises"
"""The due times of a case are said; the key is the case."""
# What puts a case under other promises. A pause only moves them, and every case has its pauses.
OTHERWISE_OWED = frozenset(
    f"aftercare.case.{name}.v1"
    for name in ("severity_changed", "reclassified", "customer_assigned")
)
SAID = "aftercare.case.promised.v1"
# A case that is entered later, imported or replayed has nobody who waits to be told.
PROMISE_WITHIN = timedelta(minutes=15)
# Nobody reports more at a time: that is a load of old cases, and alarms must not wait for it.
MOST_AT_ONCE = 500


async def follow_promises(
    connection: AsyncConnection,
    batch: Sequence[Recorded],
    rows: Mapping[str, CaseRow],
    now: datetime,
) -> None:
    """Bring the list into line with a batch; `rows` are the cases it was about, as they are now."""
    wanted: dict[str, Item | None] = {}
    for one in batch:
        case_id = one.event.aggregate_id
        if one.event.type == SAID:
            wanted[case_id] = None
        elif _is_to_be_said(one, rows.get(case_id), now):
            wanted[case_id] = Item(PROMISES, case_id, one.event.time, one.position)
    if sum(item is not None for item in wanted.values()) > MOST_AT_ONCE:
        wanted = {case_id: item for case_id, item in wanted.items() if item is None}
    wanted |= {case_id: None for case_id, row in rows.items() if row.clocks.course.ended}
    await keep(connection, infra, {(PROMISES, key): item for key, item in wanted.items()})


def _is_to_be_said(one: Recorded, row: CaseRow | None, now: datetime) -> bool:
    """Whom nothing was promised when it began is promised nothing later."""
    if row is None or one.event.time < now - PROMISE_WITHIN:
        return False
    if one.event.type == REPORTED:
        return not row.clocks.promised
    return one.event.type in OTHERWISE_OWED and row.clocks.promised
