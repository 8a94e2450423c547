"""Mails and faxes as rows: what came in, and what a clerk did with what opened no case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.intake import (
    ArrivalChannel,
    ArrivalDismissed,
    ArrivalReleased,
    FaxReceived,
    MailReceived,
)
from aftercare_events.envelope import Event, Recorded

from .case_rows import Row
from .tables import arrivals


def arrival_row(arrival_id: str, channel: ArrivalChannel, data: FaxReceived | MailReceived) -> Row:
    return {
        "arrival_id": arrival_id,
        "channel": channel,
        "received_at": data.received_at,
        "disposition": data.disposition,
        "reason": data.reason,
        "case_id": data.case_id,
        "original": data.original,
    }


async def settle_arrivals(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]
) -> None:
    for recorded, data in said:
        if isinstance(data, ArrivalReleased | ArrivalDismissed):
            row = arrivals.c.arrival_id == data.arrival_id
            settled = _settled(recorded.event, data)
            await connection.execute(update(arrivals).where(row).values(settled))


def _settled(event: Event, data: ArrivalReleased | ArrivalDismissed) -> Row:
    settled = {"settled_at": event.time, "settled_by": event.actor or None}
    if isinstance(data, ArrivalDismissed):
        return settled | {"disposition": "dismissed", "dismissed_for": data.reason}
    released = {"case_id": data.case_id, "sealed_for": data.sealed_for, "dismissed_for": None}
    return settled | {"disposition": "released"} | released
