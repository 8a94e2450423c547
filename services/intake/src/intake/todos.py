"""What happens by itself: which events put an item on the to-do list, and which take it off."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.intake import FaxChecked, FaxRead, FaxReadingFailed, FaxReceived
from aftercare_events.envelope import Recorded
from aftercare_events.todo import Item, drop, put

from .domain.fax import ATTEMPTS, RETRY_AFTER
from .domain.return_call import ReturnCall
from .tables import infra

READ_FAX = "read_fax"
"""A fax is read by machine; the key is the fax."""
SETTLE_RETURN_CALL = "settle_return_call"
"""A caller who gave up was spoken to since: so it is recorded; the key is the return call."""


async def follow(connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]) -> None:
    """Bring the to-do list into line with what a batch said."""
    wanted: dict[tuple[str, str], Item | None] = {}
    for recorded, data in said:
        match data:
            case FaxReceived(case_id=str()):
                item = Item(READ_FAX, data.fax_id, recorded.event.time, recorded.position)
                wanted[READ_FAX, data.fax_id] = item
            case FaxReadingFailed() if data.attempt < ATTEMPTS:
                due_at = recorded.event.time + RETRY_AFTER * data.attempt
                wanted[READ_FAX, data.fax_id] = Item(
                    READ_FAX, data.fax_id, due_at, recorded.position
                )
            case FaxRead() | FaxReadingFailed() | FaxChecked():
                wanted[READ_FAX, data.fax_id] = None
            case _:
                pass
    await put(connection, infra, [item for item in wanted.values() if item is not None])
    await drop(connection, infra, [key for key, item in wanted.items() if item is None])


async def follow_return_calls(
    connection: AsyncConnection, changed: Sequence[ReturnCall], position: int
) -> None:
    """Those whose caller was reached wait for the event that says so."""
    reached = [
        Item(SETTLE_RETURN_CALL, each.return_call_id, each.last_call_at, position)
        for each in changed
        if each.reached_by and not each.ended
    ]
    await put(connection, infra, reached)
    ended = [(SETTLE_RETURN_CALL, each.return_call_id) for each in changed if each.ended]
    await drop(connection, infra, ended)
