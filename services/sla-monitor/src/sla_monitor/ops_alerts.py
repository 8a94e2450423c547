"""What ops are told of that is no case's: too few calls are answered (IN-03)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.intake import ConnectRateFallen, ConnectRateRecovered
from aftercare_events.envelope import Recorded

from .tables import customers, ops_alerts

AGGREGATE = "connect_rate"


class OpsAlert(BaseModel):
    """The connect rate of all calls (scope `all`), or of the customer of a contract, in per cent.

    Figures are those of the last window that was bad, or that ended it; `since` is when the
    first of them was told.
    """

    scope: str
    position: int
    customer_id: str | None
    customer: str | None
    since: datetime
    window_start: datetime
    calls: int
    connected: int
    rate: float
    promised: float
    resolved_at: datetime | None
    resolution: str | None


async def write(connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
    """Bring the rows into line with what a batch says of the connect rate."""
    for recorded in batch:
        if recorded.event.aggregate != AGGREGATE:
            continue
        match decode(recorded.event):
            case ConnectRateFallen() as said:
                await _raise(connection, recorded, said)
            case ConnectRateRecovered() as said:
                await _resolve(connection, recorded, said)
            case _:
                pass


async def _raise(connection: AsyncConnection, recorded: Recorded, said: ConnectRateFallen) -> None:
    """One that goes on from window to window began with the first of them."""
    values = _figures(recorded, said) | {"scope": said.scope, "customer_id": said.customer_id}
    began = case(
        (ops_alerts.c.resolved_at.is_(None), ops_alerts.c.since), else_=recorded.event.time
    )
    statement = insert(ops_alerts).values(values | {"since": recorded.event.time})
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[ops_alerts.c.scope],
            set_=values | {"since": began, "resolved_at": None, "resolution": None},
        )
    )


async def _resolve(
    connection: AsyncConnection, recorded: Recorded, said: ConnectRateRecovered
) -> None:
    ended = {"resolved_at": recorded.event.time, "resolution": said.reason}
    await connection.execute(
        update(ops_alerts)
        .where(ops_alerts.c.scope == said.scope)
        .values(_figures(recorded, said) | ended)
    )


def _figures(recorded: Recorded, said: ConnectRateFallen | ConnectRateRecovered) -> dict[str, Any]:
    names = ("window_start", "calls", "connected", "rate", "promised")
    return {name: getattr(said, name) for name in names} | {"position": recorded.position}


async def find(engine: AsyncEngine, *, open_only: bool) -> Sequence[OpsAlert]:
    """The newest first; there is one for each contract at most."""
    query = (
        select(ops_alerts, customers.c.name.label("customer"))
        .outerjoin(customers, customers.c.customer_id == ops_alerts.c.customer_id)
        .order_by(ops_alerts.c.since.desc(), ops_alerts.c.scope)
    )
    if open_only:
        query = query.where(ops_alerts.c.resolved_at.is_(None))
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).mappings()
        return [OpsAlert.model_validate(dict(row)) for row in rows]
