"""What happens by itself: which events put an item on the to-do list, and which take it off."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.intake import FaxChecked, FaxRead, FaxReadingFailed, FaxReceived
from aftercare_events.envelope import Recorded
from aftercare_events.todo import Item, drop, put

from .domain.fax import ATTEMPTS, RETRY_AFTER
from .tables import infra

READ_FAX = "read_fax"
"""A fax is read by machine; the key is the fax."""


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
