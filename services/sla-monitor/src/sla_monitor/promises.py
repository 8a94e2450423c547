"""Cases that have just begun and whose due times are still to be said: the projection's side."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.envelope import Recorded
from aftercare_events.todo import Item, drop, put

from .case_rows import CaseRow
from .domain.facts import REPORTED
from .domain.promising import is_unsaid
from .tables import infra

PROMISES = "promises"
"""The due times of a new case are said; the key is the case."""
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
    begun = [
        Item(PROMISES, one.event.aggregate_id, one.event.time, one.position)
        for one in batch
        if one.event.type == REPORTED and one.event.time >= now - PROMISE_WITHIN
    ]
    still_open = {case_id for case_id, row in rows.items() if is_unsaid(row.clocks)}
    if len(begun) <= MOST_AT_ONCE:
        await put(connection, infra, [item for item in begun if item.key in still_open])
    await drop(connection, infra, [(PROMISES, case_id) for case_id in rows.keys() - still_open])
