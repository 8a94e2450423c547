"""Events of faxes as rows: what came in, what was read on it, and who checked it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.intake import FaxChecked, FaxRead, FaxReadingFailed, FaxReceived
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from ..tables import faxes


async def follow_faxes(connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]) -> None:
    """A fax in quarantine has no case, and no row."""
    received: list[dict[str, Any]] = []
    changes: list[tuple[str, dict[str, Any]]] = []
    for recorded, data in said:
        match data:
            case FaxReceived(case_id=str()):
                received.append(_row(data))
            case FaxRead():
                changes.append((data.fax_id, {"read": msgspec.to_builtins(data), "failed": None}))
            case FaxReadingFailed():
                changes.append((data.fax_id, {"failed": msgspec.to_builtins(data)}))
            case FaxChecked():
                event = recorded.event
                checked = {"checked_at": event.time, "checked_by": event.actor or None}
                changes.append((data.fax_id, checked))
            case _:
                pass
    await upsert(connection, faxes, received)
    for fax_id, values in changes:
        await connection.execute(update(faxes).where(faxes.c.fax_id == fax_id).values(values))


def _row(data: FaxReceived) -> dict[str, Any]:
    return {
        "fax_id": data.fax_id,
        "case_id": data.case_id,
        "received": msgspec.to_builtins(data),
        "received_at": data.received_at,
        "read": None,
        "failed": None,
        "checked_at": None,
        "checked_by": None,
    }
