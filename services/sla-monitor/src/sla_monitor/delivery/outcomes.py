"""What became of messages, from the log into the tables; the log alone ends a message."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.notification import (
    NotificationDelivered,
    NotificationFailed,
    NotificationGivenUp,
)
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from ..domain.notification import Fact
from ..tables import deliveries
from .lanes import Lane, told, wait

STATES: dict[type[Fact], str] = {
    NotificationDelivered: "delivered",
    NotificationFailed: "failing",
    NotificationGivenUp: "given_up",
}
TYPES = (
    "aftercare.notification.delivered.v1",
    "aftercare.notification.failed.v1",
    "aftercare.notification.given_up.v1",
)


async def apply(connection: AsyncConnection, run: Sequence[Recorded]) -> set[Lane]:
    said: list[tuple[Recorded, Fact]] = [(recorded, decode(recorded.event)) for recorded in run]
    await upsert(connection, deliveries, [_row(recorded, fact) for recorded, fact in said])
    last = {fact.notification_id: (recorded, fact) for recorded, fact in said}.values()
    # What failed before a rebuild still waits after it, however old it has become.
    pending = [row for recorded, fact in last if is_open(fact) for row in _rows(recorded, fact)]
    await wait(connection, pending)
    ended = [
        (fact.kind, fact.lane, position)
        for _, fact in last
        if not is_open(fact)
        for position in fact.positions
    ]
    if ended:
        await told(connection, ended)
    return {(fact.kind, fact.lane) for _, fact in said}


def is_open(fact: Fact) -> bool:
    return isinstance(fact, NotificationFailed)


def _row(recorded: Recorded, fact: Fact) -> dict[str, Any]:
    return {
        "notification_id": fact.notification_id,
        "kind": fact.kind,
        "receiver": fact.receiver,
        "lane": fact.lane,
        "state": STATES[type(fact)],
        "moved": dict(zip(map(str, fact.positions), fact.alerts, strict=True)),
        "attempt": fact.attempt,
        "attempted_at": recorded.event.time,
        "position": recorded.position,
        "next_at": fact.next_at if isinstance(fact, NotificationFailed) else None,
        "error": None if isinstance(fact, NotificationDelivered) else fact.error,
    }


def _rows(recorded: Recorded, fact: Fact) -> Sequence[dict[str, Any]]:
    return [
        {
            "kind": fact.kind,
            "lane": fact.lane,
            "position": position,
            "receiver": fact.receiver,
            "alert_id": alert_id,
            "moved_at": recorded.event.time,
        }
        for position, alert_id in zip(fact.positions, fact.alerts, strict=True)
    ]
